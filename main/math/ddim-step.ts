import { lambdaOf, type Node } from './gaussian-path.ts'
import { mix } from './mix.ts'
import type { Prediction } from './prediction.ts'

/** Deviation of the fresh noise in a step of DDIM. @throws RangeError on the way back to the noise, where none can be added. */
export function freshNoise(eta: number, from: Node, to: Node): number {
  if (eta === 0 || to.sigma === 0) return 0
  const gain = lambdaOf(to) - lambdaOf(from)
  if (gain < 0) throw new RangeError('Fresh noise cannot be added on the way back to the noise.')
  return eta * to.sigma * Math.sqrt(-Math.expm1(-2 * gain))
}

/**
 * DDIM's step: picture and noise put together again at the next level, x' = alpha' x0 + sqrt(sigma'² - n²) eps + n z, with
 * n = eta sigma' sqrt(1 - e^(-2 h)) and h the gain in lambda.
 * @param draw fresh normal numbers, asked for only where n > 0.
 */
export function ddimStep({ x0, eps }: Prediction, from: Node, to: Node, eta: number, draw: (count: number) => Float64Array): Float64Array {
  const fresh = freshNoise(eta, from, to)
  const kept = Math.sqrt(Math.max(0, to.sigma * to.sigma - fresh * fresh))
  return fresh > 0 ? mix([to.alpha, x0], [kept, eps], [fresh, draw(x0.length)]) : mix([to.alpha, x0], [kept, eps])
}
