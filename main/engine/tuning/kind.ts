import type { z } from 'zod'
import type { ModelRequest } from '../../../preload/contract/models.ts'
import type { Found } from './found.ts'
import type { Settings } from './settings.ts'
import type { Subject } from './subject.ts'

export type TuneRequest = Extract<ModelRequest, { do: 'tune' }>

/** Where a search stands, and what to say of it. */
export interface Look<S> {
  readonly label: string
  /** What the search can go on from; undefined where nothing new is to be kept. */
  readonly state?: S
}

/** What a search came to, and what the artist should know of it, a sentence each. */
export interface Outcome {
  readonly found: Found
  readonly notes: readonly string[]
}

/** What a search works with. */
export interface Workplace<P> {
  readonly subject: Subject
  readonly params: P
  /** Folder of what is found for the model. */
  readonly folder: string
}

/** One kind of tuning, as the catalogue lists it and as it is run. Its parameters are the only description of its knobs. */
export interface Kind<P extends Settings, S> {
  readonly id: `tune-${TuneRequest['what']}`
  readonly role: 'tuning'
  readonly title: string
  /** One sentence for an artist. */
  readonly summary: string
  readonly paper: { readonly title: string; readonly year: number; readonly link: string }
  readonly params: z.ZodType<P, unknown>
  readonly state: z.ZodType<S, unknown>
  /** Distinguishes unfinished searches: one of each kind and number of steps. */
  name(params: P): string
  /** What it stands on beside its settings, as JSON tells it apart: found before, and kept in the folder. A search begun on other ground is not gone on with. */
  ground?(workplace: Workplace<P>): Promise<unknown>
  /** Network calls it takes at most, guidance counted twice. */
  calls(workplace: Workplace<P>): number
  /**
   * Searches, from the start or from where it stopped: the result is the same.
   * @throws the signal's reason once it is aborted; RangeError or Refusal where there is nothing to find.
   */
  find(workplace: Workplace<P>, from: S | undefined, signal: AbortSignal): AsyncGenerator<Look<S>, Outcome, void>
}
