import type { Separation } from '../../../math/data-separation.ts'
import type { Node } from '../../../math/gaussian-path.ts'
import type { Tick } from '../../../math/integrate.ts'
import type { Denoise } from '../../../math/prediction.ts'

/** What a model is measured on, without guidance. */
export interface SeparationMeasurement {
  readonly denoise: Denoise
  /** Clean latents of the model's world, and as many noises. */
  readonly pictures: readonly Float64Array[]
  readonly noise: readonly Float64Array[]
  /** Twelve to twenty noise levels. */
  readonly nodes: readonly Node[]
}

/**
 * How much of its own data a model leaves unknown at each noise level: the mean squared error of its clean guess, the data scaled to
 * mean 0 and mean square 1. One call for each picture and level. Yields after each level.
 * @throws RangeError with fewer than two pictures; the signal's reason once it is aborted.
 */
export async function* measureSeparation(
  { denoise, pictures, noise, nodes }: SeparationMeasurement,
  signal: AbortSignal,
  from: readonly Separation[] = [],
): AsyncGenerator<Tick<readonly Separation[]>, readonly Separation[], void> {
  if (pictures.length < 2 || noise.length !== pictures.length)
    throw new RangeError(`${pictures.length} pictures and ${noise.length} noises are no measurement.`)
  const count = pictures.length * pictures[0].length
  const mean = pictures.reduce((sum, picture) => sum + picture.reduce((a, b) => a + b, 0), 0) / count
  const square = pictures.reduce((sum, picture) => sum + picture.reduce((a, b) => a + (b - mean) ** 2, 0), 0) / count
  if (!(square > 0)) throw new RangeError('The pictures do not vary: there is nothing to measure.')
  let found = from
  for (let i = from.length; i < nodes.length; i++) {
    const { alpha, sigma } = nodes[i]
    let error = 0
    for (const [k, picture] of pictures.entries()) {
      signal.throwIfAborted()
      const x = picture.map((value, j) => alpha * value + sigma * noise[k][j])
      const { x0 } = await denoise(x, nodes[i], signal)
      error += x0.reduce((sum, value, j) => sum + (value - picture[j]) ** 2, 0)
    }
    // Data scaled by 1 / root mean square is seen with that much more signal.
    found = [...found, { s: (alpha * Math.sqrt(square)) / sigma, unknown: error / count / square }]
    yield { step: i + 1, steps: nodes.length, state: found }
  }
  return found
}
