import { create } from 'zustand'
import type { KnobValue } from './knobs.ts'

/** How the artist has set the methods, kept while the page lives. */
interface Settings {
  /** Null: the first in the catalogue. */
  readonly method: string | null
  readonly params: Readonly<Record<string, Readonly<Record<string, KnobValue>>>>
  readonly seed: number
  /** Keep the seed, or take a new one after each run? */
  readonly seedKept: boolean
  choose(method: string): void
  set(method: string, id: string, value: KnobValue): void
  reset(method: string): void
  setSeed(seed: number): void
  keepSeed(kept: boolean): void
}

export const SEED_LIMIT = 0xffff_ffff

/** Six digits can be read aloud and typed again; there are enough of them. */
export const freshSeed = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 1_000_000

export const useSettings = create<Settings>()((set) => ({
  method: null,
  params: {},
  seed: 41,
  seedKept: true,
  choose: (method) => set({ method }),
  set: (method, id, value) => set(({ params }) => ({ params: { ...params, [method]: { ...params[method], [id]: value } } })),
  reset: (method) => set(({ params }) => ({ params: { ...params, [method]: {} } })),
  setSeed: (seed) => set({ seed }),
  keepSeed: (seedKept) => set({ seedKept }),
}))
