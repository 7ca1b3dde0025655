import type { ModelCard } from './catalog.ts'

/** What a model is wanted for: a new picture, or the change of one there is. */
export type Wish = 'make' | 'change'

/**
 * The model that is used where none is chosen: the first that is sound. For a new picture, among those of the same source the one that
 * says it needs the fewest steps: it was taught to, and one sees what it makes at once. Changes follow a picture through many steps.
 * @param models that make pictures, as the catalogue lists them.
 */
export function usualModel(models: readonly ModelCard[], wish: Wish): ModelCard | undefined {
  const sound = models.filter(({ problem }) => problem === null)
  const [first] = sound
  if (!first || wish === 'change') return first ?? models[0]
  const stepsOf = ({ usual }: ModelCard) => (typeof usual.steps === 'number' ? usual.steps : Number.POSITIVE_INFINITY)
  return sound.filter(({ source }) => source === first.source).reduce((best, other) => (stepsOf(other) < stepsOf(best) ? other : best))
}
