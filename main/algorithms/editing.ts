import type { Leg, Node } from '../math/gaussian-path.ts'
import type { Tick } from '../math/integrate.ts'
import type { Denoise } from '../math/prediction.ts'

/** A picture brought to the noise, with all that the way back needs: a value to be kept, in float64, with the recipe that made it. */
export interface Inverted {
  /** The levels of both ways, the cleanest first. */
  readonly levels: readonly Node[]
  /** What stands at the noisy end: one state, or two that belong together. */
  readonly states: readonly Float64Array[]
}

/**
 * Brings a picture to the noise it could have come from, and back. The same network, asked with the same words, leads back to the
 * picture; asked with other words, to the edited one. State is float64; the network must be deterministic.
 */
export interface Inversion {
  /** Does the way back lead to the picture itself, to rounding, whatever the network says? */
  readonly exact: boolean
  /** Network calls of either way over so many steps. */
  calls(steps: number): { readonly there: number; readonly back: number }
  /** @param legs those of a generation, noise first. @throws RangeError where they are too few, or x is not finite. */
  there(
    x: Float64Array,
    legs: readonly Leg[],
    denoise: Denoise,
    signal: AbortSignal,
  ): AsyncGenerator<Tick<readonly Float64Array[]>, Inverted, void>
  /** @returns the picture; where two sequences were kept, both results, which are nearly the same. */
  back(
    inverted: Inverted,
    denoise: Denoise,
    signal: AbortSignal,
  ): AsyncGenerator<Tick<readonly Float64Array[]>, readonly Float64Array[], void>
  /** What can be told of the noise that was found, for a read-out; a warning where it will not edit well. */
  readOut(inverted: Inverted): { readonly measures: Readonly<Record<string, number>>; readonly warning: string | null }
}

/** An object of a picture as one depth of inversion would edit it. */
export interface Draft {
  /** How many levels the picture was brought towards the noise. */
  readonly depth: number
  /** How little it changes outside the object, how much the object becomes what was asked for; higher is better. */
  readonly fidelity: number
  readonly editability: number
  readonly x: Float64Array
  /** The state on its way, at the level where objects are put together. */
  readonly passing: Float64Array
}

/** An object to be edited. All arrays are of the picture's length. */
export interface ObjectToEdit {
  /** 1 inside, 0 outside. */
  readonly mask: Float64Array
  /** Guided from the words of the picture to those with this object alone replaced. */
  readonly denoise: Denoise
  /** Looks at a candidate. */
  judge(candidate: Float64Array, signal: AbortSignal): Promise<{ readonly fidelity: number; readonly editability: number }>
  /** A depth set by hand; none is searched for. */
  readonly depth?: number
  /** Drafts of an earlier, unfinished search over the same picture. */
  readonly drafts?: readonly Draft[]
}

/** A picture, or its latent, with what it shows and what it shall show. */
export interface Scene {
  readonly x: Float64Array
  readonly legs: readonly Leg[]
  /** The words of the picture as it is, without guidance. */
  readonly source: Denoise
  /** Guided to the words with all objects replaced. */
  readonly whole: Denoise
  readonly objects: readonly ObjectToEdit[]
}

/** Where the editing of objects stands. */
export interface EditStep {
  readonly step: number
  readonly steps: number
  readonly label: 'invert' | 'search' | 'assemble' | 'blend'
  /** Which object is worked on. */
  readonly object: number | null
  /** A draft that was just finished. */
  readonly draft: Draft | null
}

export interface ObjectsEdited {
  /** The picture at every level of its inversion, itself first. */
  readonly inverted: readonly Float64Array[]
  readonly drafts: readonly (readonly Draft[])[]
  readonly depths: readonly number[]
  /** The objects put together, brought on towards the noise, and the picture that comes of it. */
  readonly assembled: Float64Array
  readonly reinverted: Float64Array
  readonly x: Float64Array
  /** What the artist should know of the objects, a sentence each. */
  readonly warnings: readonly string[]
}

/** Edits several objects of one picture at once. */
export interface ObjectEditor {
  /** The most network calls this will take, guidance counted twice. */
  calls(scene: Scene): number
  /** @throws RangeError naming what is wrong with the masks or the steps. */
  edit(scene: Scene, signal: AbortSignal): AsyncGenerator<EditStep, ObjectsEdited, void>
}
