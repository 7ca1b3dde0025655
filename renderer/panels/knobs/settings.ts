import { create } from 'zustand'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import { beginningAt, type KnobValue, knobs, standOf, type Usual } from './knobs.ts'

/** What the studio can do to the picture, one panel each. */
export type Deed = 'restore' | 'edit' | 'generate'

interface Seed {
  readonly value: number
  /** Keep it, or take a new one after each run? */
  readonly kept: boolean
}

/** How the artist has set the methods. */
export interface Settings {
  /** The method chosen in each panel; the first in the catalogue where none was. */
  readonly methods: Readonly<Partial<Record<Deed, string>>>
  /** The model that makes pictures from words; null: the first that is sound. */
  readonly model: string | null
  readonly params: Readonly<Record<string, Readonly<Record<string, KnobValue>>>>
  readonly seeds: Readonly<Record<Deed, Seed>>
  /** How many to make at once, with different seeds; one where nothing is said. */
  readonly variations: Readonly<Partial<Record<Deed, number>>>
  /** Does a picture from words go where objects are shown, while some are? */
  readonly intoObjects: boolean
  choose(deed: Deed, method: string): void
  chooseModel(model: string): void
  /** Turns a knob; undefined leaves it where it begins, wherever that will be. */
  set(method: string, id: string, value: KnobValue | undefined): void
  /** Puts these in place of all that was set for a method. */
  replace(method: string, params: Readonly<Record<string, KnobValue>>): void
  setSeed(deed: Deed, value: number): void
  keepSeed(deed: Deed, kept: boolean): void
  vary(deed: Deed, count: number): void
  putIntoObjects(into: boolean): void
}

export const SEED_LIMIT = 0xffff_ffff

/** Six digits can be read aloud and typed again; there are enough of them. */
export const freshSeed = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 1_000_000

export const useSettings = create<Settings>()((set) => ({
  methods: {},
  model: null,
  params: {},
  seeds: { restore: { value: 41, kept: true }, edit: { value: 41, kept: true }, generate: { value: 41, kept: false } },
  variations: {},
  intoObjects: true,
  choose: (deed, method) => set(({ methods }) => ({ methods: { ...methods, [deed]: method } })),
  chooseModel: (model) => set({ model }),
  set: (method, id, value) =>
    set(({ params }) => {
      const { [id]: _, ...others } = params[method] ?? {}
      return { params: { ...params, [method]: value === undefined ? others : { ...others, [id]: value } } }
    }),
  replace: (method, params) => set(({ params: others }) => ({ params: { ...others, [method]: params } })),
  setSeed: (deed, value) => set(({ seeds }) => ({ seeds: { ...seeds, [deed]: { ...seeds[deed], value } } })),
  putIntoObjects: (intoObjects) => set({ intoObjects }),
  vary: (deed, count) => set(({ variations }) => ({ variations: { ...variations, [deed]: count } })),
  keepSeed: (deed, kept) => set(({ seeds }) => ({ seeds: { ...seeds, [deed]: { ...seeds[deed], kept } } })),
}))

/** The parameters of a method as the artist has set them, completed by what the model is usually asked with and by the defaults. */
export function chosenParams(method: MethodCard, usual: Usual = {}): Record<string, KnobValue> {
  const set = useSettings.getState().params[method.id] ?? {}
  return Object.fromEntries(beginningAt(knobs(method.params), usual).map((knob) => [knob.id, standOf(knob, set[knob.id])]))
}

/** The seed to run with now. Where it is not kept, the panel goes on to another one. */
export function takeSeed(deed: Deed): number {
  const { seeds, setSeed } = useSettings.getState()
  const { value, kept } = seeds[deed]
  if (!kept) setSeed(deed, freshSeed())
  return value
}
