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
/** Up to here a way back ends where it began, as far as numbers go; from the other on it shows. In units of latents. */
const EXACT = 1e-4
const INEXACT = 0.1
const SUPERSCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((sign, i) => [sign, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][i] ?? sign]),
)

/** What methods report of themselves, in words where the name is known. */
export function readings(measures: Recipe['measures']): Reading[] {
  const { consistency, noise, noiseBefore, roundTrip, calls, ...others } = measures
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
  if (roundTrip !== undefined)
    list.push({
      title: words.restore.roundTrip,
      tip: words.restore.roundTripTip,
      text: scientific(roundTrip),
      tone: roundTrip <= EXACT ? 'good' : roundTrip > INEXACT ? 'bad' : 'plain',
    })
  if (calls !== undefined) list.push({ title: words.restore.called, text: String(calls), tone: 'plain' })
  for (const [name, value] of Object.entries(others)) list.push(other(name, value))
  return list
}

/** What has no more words than a name. Depths are told one for each object. */
function other(name: string, value: number): Reading {
  const object = /^depth(\d+)$/.exec(name)?.[1]
  if (object) return { title: words.restore.depth(Number(object)), tip: words.restore.depthTip, text: share(value, 0), tone: 'plain' }
  const known = Object.entries(words.restore.measures).find(([id]) => id === name)?.[1]
  return { title: known?.title ?? name, ...(known && { tip: known.tip }), text: value.toFixed(2), tone: 'plain' }
}

/** "3·10⁻¹⁴", "0.02". */
function scientific(value: number): string {
  if (value === 0) return '0'
  if (value >= 0.001) return value.toPrecision(2)
  const exponent = Math.floor(Math.log10(value))
  const raised = [...String(exponent)].map((digit) => SUPERSCRIPTS[digit] ?? digit).join('')
  return `${Math.round(value / 10 ** exponent)}·10${raised}`
}

const share = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`
