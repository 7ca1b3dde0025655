import type { z } from 'zod'
import type { PictureSettings } from '../../contract.ts'
import { generate } from '../../imagination/generate.ts'
import { readPngTexts } from '../png-text.ts'
import { readA1111 } from './a1111.ts'
import type { Carried } from './carried.ts'
import { readComfyUi } from './comfyui.ts'
import { readInvokeAi, readOldInvokeAi } from './invokeai.ts'
import { twinOf } from './twins.ts'

/** By the keyword that each program writes under; the first that can be read counts. */
const READERS: readonly (readonly [keyword: string, read: (text: string) => Carried | null])[] = [
  ['parameters', readA1111],
  ['invokeai_metadata', readInvokeAi],
  ['sd-metadata', readOldInvokeAi],
  ['prompt', readComfyUi],
]

export interface FoundSettings {
  readonly settings: PictureSettings | null
  /** What the artist should know of them, in full sentences. */
  readonly notes: readonly string[]
}

/** The settings a picture file carries from the program that made it. Whatever is wrong with them costs them, never the picture. */
export function settingsOf(file: Uint8Array): FoundSettings {
  const texts = readPngTexts(
    file,
    READERS.map(([keyword]) => keyword),
  )
  for (const [keyword, read] of READERS) {
    const text = texts.get(keyword)
    const carried = text === undefined ? null : attempted(() => read(text))
    if (carried) return translated(carried)
  }
  return { settings: null, notes: texts.size > 0 ? ['It carries settings of another program, which could not be read.'] : [] }
}

/** Most letters of words that our own method takes. */
const WORDS_LIMIT = 2000

/** In the words of our own method; what that does not take is left at its usual value, and told. */
function translated(carried: Carried): FoundSettings {
  const { prompt, negative, steps, guidance, seed, width, height, sampler, scheduler, model, program } = carried
  const { shape } = generate.params
  const [solvers, schedules] = [shape.solver, shape.schedule].map((knob) => knob.unwrap().options as readonly string[])
  const twin = twinOf(sampler, scheduler, { solvers: solvers ?? [], schedules: schedules ?? [] })
  const told = { prompt: prompt.slice(0, WORDS_LIMIT), negative: negative.slice(0, WORDS_LIMIT), steps, guidance, width, height, ...twin }
  const params: Record<string, string | number> = {}
  const left: string[] = []
  for (const [name, value] of Object.entries(told)) {
    if (value === null) continue
    if ((shape[name as keyof typeof shape] as z.ZodType).safeParse(value).success) params[name] = value
    else left.push(name)
  }
  if (sampler && !twin.solver) left.push(`the sampler "${sampler.slice(0, 60)}"`)
  if (scheduler && !twin.schedule && !/^automatic$/i.test(scheduler)) left.push(`the schedule "${scheduler.slice(0, 60)}"`)
  const notes = [`It carries the settings it was made with in ${program}; its layer remembers them.`]
  if (left.length > 0) notes.push(`Not taken over, for want of something equal: ${left.join(', ')}.`)
  if (Math.max(prompt.length, negative.length) > WORDS_LIMIT) notes.push(`Its words are too long: ${WORDS_LIMIT} letters were kept.`)
  if (model && program !== 'Palimpsest') notes.push(`It was made with the model "${model.slice(0, 120)}".`)
  return { settings: { params, seed: seedOf(seed) }, notes }
}

/** Seeds of other programs may be longer than ours; none of them means the same noise here. */
const seedOf = (seed: number | null): number => (seed !== null && Number.isInteger(seed) && seed >= 0 ? seed % 2 ** 32 : 0)

function attempted<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
