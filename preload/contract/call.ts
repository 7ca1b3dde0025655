import type { z } from 'zod'

/** A question with one answer. */
export interface Ask<I extends z.ZodType, O extends z.ZodType> {
  readonly kind: 'ask'
  readonly input: I
  readonly output: O
}
/** A call that yields values and returns one. Leaving the loop cancels it. */
export interface Watch<I extends z.ZodType, E extends z.ZodType, R extends z.ZodType> {
  readonly kind: 'watch'
  readonly input: I
  readonly event: E
  readonly result: R
}

export const ask = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Ask<I, O> => ({ kind: 'ask', input, output })
export const watch = <I extends z.ZodType, E extends z.ZodType, R extends z.ZodType>(input: I, event: E, result: R): Watch<I, E, R> => ({
  kind: 'watch',
  input,
  event,
  result,
})

export type Call = Ask<z.ZodType, z.ZodType> | Watch<z.ZodType, z.ZodType, z.ZodType>
export type Contract = Readonly<Record<string, Call>>

/** What a caller holds. `signal` cancels. */
export type Client<C extends Contract> = {
  readonly [K in keyof C]: C[K] extends Ask<infer I, infer O>
    ? (input: z.input<I>, signal?: AbortSignal) => Promise<z.output<O>>
    : C[K] extends Watch<infer I, infer E, infer R>
      ? (input: z.input<I>, signal?: AbortSignal) => AsyncGenerator<z.output<E>, z.output<R>, void>
      : never
}

/** What a callee provides. Input has been parsed; `signal` aborts on cancel and, with the reason `DISCONNECTED`, when the caller is gone. */
export type Service<C extends Contract> = {
  readonly [K in keyof C]: C[K] extends Ask<infer I, infer O>
    ? (input: z.output<I>, signal: AbortSignal) => Promise<z.output<O>>
    : C[K] extends Watch<infer I, infer E, infer R>
      ? (input: z.output<I>, signal: AbortSignal) => AsyncGenerator<z.output<E>, z.output<R>, void>
      : never
}

/** Abort reason of calls whose caller went away without cancelling: a reloaded page, a closed socket. */
export const DISCONNECTED = 'disconnected'
