import type { Catalog, MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import { usualModel, type Wish } from '../../../preload/contract/usual-model.ts'
import { useProject } from '../../studio/project.ts'
import { useSettings } from '../knobs/settings.ts'

/** Makes a picture from words alone: the others need a layer. */
export const GENERATE = 'generate'

/** From plain to particular: the order in which the panel offers them. Others follow as the catalogue lists them. */
const ORDER = ['fill', 'edit-objects', 'exact-edit']

/** The ways to make something out of words, as an artist meets them. */
export interface Imagining {
  readonly generate: MethodCard | null
  readonly edits: readonly MethodCard[]
  /** Sound ones first. */
  readonly models: readonly ModelCard[]
}

const NOTHING: Imagining = { generate: null, edits: [], models: [] }
let readFrom: Catalog | null = null
let read = NOTHING

const place = (id: string): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length)

/** What a catalogue offers. The same object for the same catalogue. */
export function imaginingIn(catalog: Catalog | null): Imagining {
  if (!catalog) return NOTHING
  if (catalog !== readFrom) {
    readFrom = catalog
    const methods = catalog.methods.filter(({ role }) => role === 'imagination')
    const models = catalog.models.filter(({ role }) => role === 'text-to-picture')
    read = {
      generate: methods.find(({ id }) => id === GENERATE) ?? null,
      edits: methods.filter(({ id }) => id !== GENERATE).sort((a, b) => place(a.id) - place(b.id)),
      models: [...models.filter(({ problem }) => !problem), ...models.filter(({ problem }) => problem)],
    }
  }
  return read
}

export const useImagining = (): Imagining => useProject(({ catalog }) => imaginingIn(catalog))

/** The model that will be used: the one chosen while it is there, otherwise the usual one. */
export const modelOf = ({ models }: Imagining, chosen: string | null, wish: Wish): ModelCard | null =>
  models.find(({ id }) => id === chosen) ?? usualModel(models, wish) ?? null

export function useModel(wish: Wish): ModelCard | null {
  const imagining = useImagining()
  return modelOf(
    imagining,
    useSettings(({ model }) => model),
    wish,
  )
}

/** The way of editing that will be used: the one chosen, otherwise the first. */
export const editOf = ({ edits }: Imagining, chosen: string | undefined): MethodCard | null =>
  edits.find(({ id }) => id === chosen) ?? edits[0] ?? null

/** Does it work on parts of the picture, each with words of its own? */
export const needsObjects = ({ id }: MethodCard): boolean => id === 'fill' || id === 'edit-objects'

/** What a method wants a model for. */
export const wishOf = ({ id }: MethodCard): Wish => (id === GENERATE ? 'make' : 'change')
