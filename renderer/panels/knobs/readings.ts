import type { Recipe } from '../../../preload/contract/document.ts'
import { words } from '../../words/en.ts'

/** A line of what a method reports of itself. */
export interface Reading {
  readonly title: string
  readonly tip?: string
  readonly text: string
  readonly tone: 'good' | 'bad' | 'plain'
}

/** From here on a result is true to its input, in dB; and up to here it is not. */
const TRUE = 40
const UNTRUE = 30

/** What methods report of themselves, in words where the name is known. */
export function readings(measures: Recipe['measures']): Reading[] {
  const { consistency, noise, noiseBefore, ...others } = measures
  const list: Reading[] = []
  if (consistency !== undefined)
    list.push({
      title: words.restore.consistency,
      tip: words.restore.consistencyTip,
      text: `${consistency.toFixed(1)} dB`,
      tone: consistency >= TRUE ? 'good' : consistency < UNTRUE ? 'bad' : 'plain',
    })
  if (noise !== undefined && noiseBefore !== undefined)
    list.push({
      title: words.restore.noise,
      tip: words.restore.noiseTip,
      text: words.restore.from(share(noiseBefore), share(noise)),
      tone: noise < noiseBefore ? 'good' : 'plain',
    })
  for (const [title, value] of Object.entries(others)) list.push({ title, text: value.toFixed(2), tone: 'plain' })
  return list
}

const share = (value: number): string => `${(value * 100).toFixed(1)} %`
