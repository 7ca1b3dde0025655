import type { Leg } from '../../math/gaussian-path.ts'
import { integrate, type Tick } from '../../math/integrate.ts'
import type { Denoise } from '../../math/prediction.ts'
import { advance, noiseOf, normalsInto } from '../../math/random.ts'
import type { Asked, Draw, Model, Sampled, Solver } from '../roles.ts'

/** A generation to run. */
export interface Sampling<S extends Sampled> {
  readonly solver: Solver<S>
  readonly legs: readonly Leg[]
  readonly model: Model
  readonly denoise: Denoise
  /** Where it begins: noise at the first node, or a picture brought to it. */
  readonly x: Float64Array
  readonly draw: Draw
  /** What was asked before the first leg, newest last. */
  readonly past?: readonly Asked[]
}

/**
 * Takes x along the legs: the one loop, whatever the solver. Yields after each step.
 * @throws the signal's reason once it is aborted; RangeError where solver and legs do not fit.
 */
export async function* sample<S extends Sampled>(sampling: Sampling<S>, signal: AbortSignal): AsyncGenerator<Tick<S>, S, void> {
  const { solver, model, denoise, x, draw, past = [] } = sampling
  const legs = solver.fit ? solver.fit(sampling.legs, model) : sampling.legs
  if (legs.length === 0) throw new RangeError('A generation needs one step at least.')
  const places = Array.from({ length: legs.length + 1 }, (_, i) => i)
  return yield* integrate<S>(
    solver.start(x, { legs, model, draw }, past),
    places,
    // biome-ignore lint/correctness/useYield: a solver's step is one piece; there is nothing to tell from inside it.
    async function* (state, place, _, stop) {
      return solver.step(state, denoise, legs[place].from, legs[place].to, stop)
    },
    signal,
  )
}

/** Standard normal numbers of a seed, one after another; each draw begins on a pair, so that pieces may be of any length. */
export function drawsOf(seed: number): Draw {
  let noise = noiseOf(seed)
  return (count) => {
    const values = new Float64Array(count)
    normalsInto(values, noise)
    noise = advance(noise, count + (count % 2))
    return values
  }
}
