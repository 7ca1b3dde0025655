import type { Document } from '../../../../preload/contract/document.ts'
import { writeA1111 } from './a1111.ts'
import { numberOf, wordsOf } from './carried.ts'

/** The settings of the one layer a picture shows, as the text other programs read too; null where it shows several or that was not made from words. */
export function settingsText({ width, height, layers }: Document): string | null {
  const [layer, ...others] = layers.filter(({ visible, opacity }) => visible && opacity > 0)
  const recipe = others.length === 0 ? layer?.recipe : null
  if (!recipe) return null
  const { params, objects, model, models, method, seed } = recipe
  const becomes = objects.flatMap((object) => wordsOf(object.becomes) ?? [])
  const prompt = wordsOf(params.prompt) ?? becomes.join(', ')
  if (prompt === '') return null
  const hash = models.find(({ id }) => id === model)?.sha256.slice(0, 10) ?? ''
  return writeA1111(
    {
      prompt,
      negative: wordsOf(params.negative) ?? '',
      steps: numberOf(params.steps),
      guidance: numberOf(params.guidance),
      seed,
      width,
      height,
      sampler: wordsOf(params.solver),
      scheduler: wordsOf(params.schedule),
      model,
    },
    { 'Model hash': hash, 'Denoising strength': String(numberOf(params.strength) ?? ''), Method: method, Version: 'Palimpsest' },
  )
}
