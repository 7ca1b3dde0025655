import type { z } from 'zod'
import type { Network, Role, Roles } from './roles.ts'

/** What every method declares of itself. Panels, flags, history rows and pages are made from it. */
export interface Method<R extends Role, P extends z.ZodType, N extends Readonly<Record<string, string>>, I extends string = string> {
  /** Kebab-case; also the file's name. */
  readonly id: I
  readonly role: R
  readonly title: string
  /** One sentence for an artist. */
  readonly summary: string
  readonly paper: { readonly title: string; readonly year: number; readonly link: string }
  /** The only description of the knobs: defaults, ranges, words. */
  readonly params: P
  /** Networks it needs: its own name for each → the role of a model in the manifest. */
  readonly needs: N
  make(params: z.output<P>, networks: Readonly<Record<keyof N, Network>>): Roles[R]
}

/** Declares a method. Nothing is registered here: the registry lists it. */
export const define = <const I extends string, R extends Role, P extends z.ZodType, const N extends Readonly<Record<string, string>>>(
  method: Method<R, P, N, I>,
): Method<R, P, N, I> => method

/** A method cannot do what it was asked. The three sentences are for an artist: what, why, what to do. */
export class Refusal extends Error {
  readonly what: string
  readonly why: string
  readonly todo: string
  constructor(what: string, why: string, todo: string) {
    super(`${what} ${why} ${todo}`)
    this.name = 'Refusal'
    this.what = what
    this.why = why
    this.todo = todo
  }
}
