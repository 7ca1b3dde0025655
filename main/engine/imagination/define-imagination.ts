import type { z } from 'zod'
import type { Step } from '../../algorithms/roles.ts'
import type { Rect } from '../../math/rect.ts'
import type { ModelFolder } from '../diffusion/folder.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** The layer worked on: straight-alpha RGBA bytes, read where they are needed. */
export interface Source {
  /** The part of the document that it has pixels for. */
  readonly bounds: Rect
  /** Bytes of any rectangle; transparent where there are none. */
  read(rect: Rect, signal: AbortSignal): Promise<Uint8Array>
}

/** A part of the document and what it shall become. */
export interface Place {
  /** The least rectangle that holds all of it. */
  readonly rect: Rect
  /** How much each pixel of the rectangle belongs to it, 0..255, row by row. */
  readonly mask: Uint8Array
  readonly becomes: string
}

/** What an imagination works with. */
export interface Context<P> {
  readonly folder: ModelFolder
  readonly sessions: Pick<Sessions, 'leaseFile'>
  /** Null for a picture from words alone. */
  readonly source: Source | null
  /** Size of the document. */
  readonly width: number
  readonly height: number
  /** Empty where it is about the whole. */
  readonly objects: readonly Place[]
  readonly params: P
  readonly seed: number
}

/** Bytes that take the place of what lies at a rectangle of the layer. */
export interface Patch {
  readonly rect: Rect
  readonly rgba: Uint8Array
}

/** A layer to be: the one worked on with a patch on it, or the patch alone. */
export interface Imagined {
  readonly patch: Patch
  readonly measures: Readonly<Record<string, number>>
  /** What the artist should know, a sentence each. */
  readonly notes: readonly string[]
}

/** A way to make a picture from words, or out of a picture and words. Panels, flags and history rows are made from its declaration. */
export interface Imagination<I extends string, P extends z.ZodObject> {
  readonly id: I
  readonly role: 'imagination'
  readonly title: string
  /** One sentence for an artist. */
  readonly summary: string
  readonly paper: { readonly title: string; readonly year: number; readonly link: string }
  /** The only description of the knobs: defaults, ranges, words. */
  readonly params: P
  /** Does it work on a layer? Without one it makes a picture from words alone. */
  readonly needsLayer: boolean
  /**
   * Leases one part of the model at a time. Outside the objects and their feather a patch holds the bytes that were there.
   * The same context gives the same bytes on the same provider. @throws FaultError; the signal's reason once it is aborted.
   */
  imagine(context: Context<z.output<P>>, signal: AbortSignal): AsyncGenerator<Step, Imagined, void>
}

/** Declares an imagination. Nothing is registered here: the registry lists it. */
export const defineImagination = <const I extends string, P extends z.ZodObject>(imagination: Imagination<I, P>): Imagination<I, P> =>
  imagination
