import { z } from 'zod'
import { type Carried, NOTHING_CARRIED, numberOf, wordsOf } from './carried.ts'

/** Most letters of words that are looked through for brackets. */
const WORDS_LIMIT = 10_000
const Fields = z.record(z.string(), z.unknown())

/** What InvokeAI 3 and later writes under `invokeai_metadata`. Null where it is not of that form. */
export function readInvokeAi(text: string): Carried | null {
  const parsed = Fields.safeParse(JSON.parse(text))
  if (!parsed.success || !('positive_prompt' in parsed.data)) return null
  const { positive_prompt, negative_prompt, steps, cfg_scale, seed, width, height, scheduler, model } = parsed.data
  const { name, model_name } = Fields.safeParse(model).data ?? {}
  return {
    ...NOTHING_CARRIED,
    program: 'InvokeAI',
    prompt: wordsOf(positive_prompt) ?? '',
    negative: wordsOf(negative_prompt) ?? '',
    steps: numberOf(steps),
    guidance: numberOf(cfg_scale),
    seed: numberOf(seed),
    width: numberOf(width),
    height: numberOf(height),
    sampler: wordsOf(scheduler),
    model: wordsOf(name) ?? wordsOf(model_name),
  }
}

/** What InvokeAI 2 wrote under `sd-metadata`: what the picture shall not be stands in square brackets among its words. */
export function readOldInvokeAi(text: string): Carried | null {
  const parsed = Fields.safeParse(JSON.parse(text))
  const image = Fields.safeParse(parsed.data?.image)
  if (!image.success) return null
  const { prompt, steps, cfg_scale, seed, width, height, sampler } = image.data
  const parts = Array.isArray(prompt) ? prompt.map((part) => Fields.safeParse(part).data?.prompt) : [prompt]
  const words = parts
    .map((part) => wordsOf(part) ?? '')
    .join(' ')
    .slice(0, WORDS_LIMIT)
  const negative = [...words.matchAll(/\[([^\]]*)\]/g)].map(([, inside = '']) => inside.trim()).filter(Boolean)
  return {
    ...NOTHING_CARRIED,
    program: 'InvokeAI',
    prompt: words
      .replace(/\[[^\]]*\]/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
    negative: negative.join(', '),
    steps: numberOf(steps),
    guidance: numberOf(cfg_scale),
    seed: numberOf(seed),
    width: numberOf(width),
    height: numberOf(height),
    sampler: wordsOf(sampler),
    model: wordsOf(parsed.data?.model_weights),
  }
}
