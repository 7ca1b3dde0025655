import { type Field, odeSteps, sdeSteps } from '../../../math/field-steps.ts'
import { integrate, type Tick } from '../../../math/integrate.ts'
import { mix } from '../../../math/mix.ts'
import type { BridgeFields } from '../../../math/mixture-bridge.ts'
import type { Draw } from '../../roles.ts'

/** How points cross a bridge. */
export interface Crossing {
  readonly fields: (x: Float64Array, t: number) => BridgeFields
  readonly steps: number
  /** From 0 to 1, or with `back` from 1 to 0; kept off the ends where a side is made of points. */
  readonly from: number
  readonly to: number
  readonly method: 'euler' | 'heun' | 'rk4' | 'em'
  /** Randomness on the way: the law at each time is the same for every value. 0 is the flow. */
  readonly wildness: number
  readonly draw: Draw
}

/**
 * Takes points across a bridge by its flow, dx = drift dt, or with wildness e by dx = (drift ± e score) dt + sqrt(2 e) dW, + on the
 * way there and - on the way back. Yields after each step.
 * @throws RangeError where the method does not fit the wildness; the signal's reason once it is aborted.
 */
export async function* crossBridge(
  x: Float64Array,
  crossing: Crossing,
  signal: AbortSignal,
): AsyncGenerator<Tick<Float64Array>, Float64Array, void> {
  const { fields, steps, from, to, method, wildness, draw } = crossing
  if (!(Number.isInteger(steps) && steps >= 1)) throw new RangeError(`The number of steps is ${steps}; it must be a whole number above 0.`)
  const dt = (to - from) / steps
  const times = Array.from({ length: steps + 1 }, (_, i) => from + i * dt)
  // Rounding must not carry the last time past the end of the bridge.
  const inside = (t: number) => Math.min(Math.max(from, to), Math.max(Math.min(from, to), t))
  const flow: Field = (state, t) => fields(state, inside(t)).drift
  const shaken: Field = (state, t) => {
    const { drift, score } = fields(state, inside(t))
    return mix([1, drift], [Math.sign(dt) * wildness, score])
  }
  const move = (state: Float64Array, t: number): Float64Array => {
    if (wildness > 0) {
      if (method !== 'em' && method !== 'heun') throw new RangeError(`The method ${method} takes no randomness.`)
      return sdeSteps[method](shaken, state, t, dt, wildness, draw(state.length))
    }
    if (method === 'em') throw new RangeError('Without randomness the method is Euler’s.')
    return odeSteps[method](flow, state, t, dt)
  }
  return yield* integrate<Float64Array>(
    x,
    times,
    // biome-ignore lint/correctness/useYield: a step is one piece; there is nothing to tell from inside it.
    async function* (state, t) {
      return move(state, t)
    },
    signal,
  )
}
