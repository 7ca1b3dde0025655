import { type Noise, normalsInto, uniformsInto } from './random.ts'

/** A stream of random numbers that is read one by one; `noise` is where it stands, to go on from later. */
export interface Dice {
  readonly noise: Noise
  /** In (0, 1). */
  uniform(): number
  normal(): number
  /** A whole number in [0, n). */
  below(n: number): number
  pick<T>(list: readonly T[]): T
  /** True with that probability. */
  chance(probability: number): boolean
}

/** The stream from that place on. */
export function diceOf(start: Noise): Dice {
  let noise = start
  const one = new Float64Array(1)
  const uniform = () => {
    uniformsInto(one, noise)
    noise = { seed: noise.seed, counter: noise.counter + 1 }
    return one[0]
  }
  const below = (n: number) => Math.min(n - 1, Math.floor(uniform() * n))
  return {
    get noise() {
      return noise
    },
    uniform,
    normal: () => {
      // Normals come in pairs of neighbouring numbers: one is taken and the stream goes on past its partner.
      noise = { seed: noise.seed, counter: noise.counter + (noise.counter % 2) }
      normalsInto(one, noise)
      noise = { seed: noise.seed, counter: noise.counter + 2 }
      return one[0]
    },
    below,
    pick: (list) => list[below(list.length)],
    chance: (probability) => uniform() < probability,
  }
}
