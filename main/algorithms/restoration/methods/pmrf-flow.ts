import type { Advance } from '../../../math/integrate.ts'
import type { Floats } from '../../../math/picture.ts'

/**
 * The flow of PMRF: straight paths from a noisy posterior mean to clean pictures, z_t = t x + (1 - t) z0.
 * Everything here works on float32 and float64 alike; pictures are in 0..1 and nothing is clipped.
 */

/** The source z0 = x* + sigma e: a posterior mean with noise on it. Place by place, so that `z0` may be the noise itself. */
export function sourceInto(z0: Floats, mean: Floats, noise: Floats, sigma: number): void {
  for (let i = 0; i < z0.length; i++) z0[i] = mean[i] + sigma * noise[i]
}

/** A point of the straight path: z_t = t x + (1 - t) z0. */
export function pathPointInto(zt: Floats, clean: Floats, z0: Floats, t: number): void {
  for (let i = 0; i < zt.length; i++) zt[i] = t * clean[i] + (1 - t) * z0[i]
}

/** What the flow network was trained to make small at (z_t, t): the mean of (v - (x - z0))². */
export function flowMatchingLoss(velocity: Floats, clean: Floats, z0: Floats): number {
  let sum = 0
  for (let i = 0; i < velocity.length; i++) sum += (velocity[i] - (clean[i] - z0[i])) ** 2
  return sum / velocity.length
}

/** The flow network: (z, t) → velocity. Yields the share of it that is done, 0..1. */
export type Velocity<S extends Floats> = (z: S, t: number, signal: AbortSignal) => AsyncGenerator<number, Floats, void>

/** Euler's step z ← z + (to - from) v(z, from), in place. */
export function euler<S extends Floats>(velocity: Velocity<S>): Advance<S> {
  return async function* (z, from, to, signal) {
    const v = yield* velocity(z, from, signal)
    addInto(z, v, to - from)
    return z
  }
}

/** z ← z + h v, place by place. */
function addInto(z: Floats, v: Floats, h: number): void {
  for (let i = 0; i < z.length; i++) z[i] += h * v[i]
}
