import type { Floats } from './picture.ts'
import { LEAST_ALPHA, type Projection, project } from './splat-projection.ts'
import { type Camera, expectCamera, expectSplats, type Splats } from './splats.ts'

/** A splat hides no more than this of what lies behind it. */
export const MOST_ALPHA = 0.99
/** Where less light than this would come through, a pixel is done. */
export const DARK = 1e-4

/** What a camera sees. Pictures are [row, column, channel], as light falls on them; of the precision of the splats' positions. */
export interface Rendering {
  readonly image: Floats
  /** Depths by how much each splat counts; not divided by the alpha. */
  readonly depth: Floats
  readonly alpha: Floats
  /** How much light comes through all of them. */
  readonly transmittance: Floats
  /** How many splats each pixel saw. */
  readonly contributors: Int32Array
  /** The place in the order of the last of them, -1 for none. */
  readonly last: Int32Array
  readonly projection: Projection
}

/** For each row that a splat touches: the columns, widened by one for the rounding; alpha decides. */
export interface Span {
  readonly top: number
  readonly bottom: number
  at(row: number): readonly [from: number, to: number]
}

/** Where a splat reaches an alpha of 1/255: rows and, exactly, columns of each. */
export function spanOf({ uv, conic, opacity }: Projection, i: number, width: number, height: number): Span {
  const [u, v] = [uv[2 * i], uv[2 * i + 1]]
  const [a, b, c] = [conic[3 * i], conic[3 * i + 1], conic[3 * i + 2]]
  const k = Math.max(0, 2 * Math.log(opacity[i] / LEAST_ALPHA))
  const half = Math.sqrt((k * a) / (a * c - b * b))
  return {
    top: Math.max(0, Math.ceil(v - half - 0.5) - 1),
    bottom: Math.min(height - 1, Math.floor(v + half - 0.5) + 1),
    at(row) {
      const dy = v - row - 0.5
      const root = Math.sqrt(Math.max(0, b * b * dy * dy - a * (c * dy * dy - k)))
      const middle = u + (b * dy) / a - 0.5
      return [Math.max(0, Math.ceil(middle - root / a) - 1), Math.min(width - 1, Math.floor(middle + root / a) + 1)]
    },
  }
}

/** Zeros of the same precision. */
export const zerosLike = (like: Floats, size: number): Floats =>
  like instanceof Float32Array ? new Float32Array(size) : new Float64Array(size)

/**
 * Draws splats from front to back (3D Gaussian splatting), splat by splat: no tiles, so that the picture depends on nothing but the splats.
 * @param background three numbers. @throws RangeError naming the field and the splat that is wrong.
 */
export function renderSplats(splats: Splats, camera: Camera, background: ArrayLike<number>): Rendering {
  expectSplats(splats)
  expectCamera(camera)
  const { width, height } = camera
  const size = width * height
  const projection = project(splats, camera)
  const { uv, conic, opacity, colour, view, order } = projection
  const like = splats.position
  const [image, depth, alphas, transmittance] = [3, 1, 1, 1].map((channels) => zerosLike(like, channels * size))
  const [contributors, last, isDone] = [new Int32Array(size), new Int32Array(size).fill(-1), new Uint8Array(size)]
  transmittance.fill(1)
  for (const [place, i] of order.entries()) {
    const [u, v, a, b, c, o] = [uv[2 * i], uv[2 * i + 1], conic[3 * i], conic[3 * i + 1], conic[3 * i + 2], opacity[i]]
    const [red, green, blue, z] = [colour[3 * i], colour[3 * i + 1], colour[3 * i + 2], view[3 * i + 2]]
    const span = spanOf(projection, i, width, height)
    for (let row = span.top; row <= span.bottom; row++) {
      const dy = v - row - 0.5
      const [from, to] = span.at(row)
      for (let column = from, at = row * width + from; column <= to; column++, at++) {
        if (isDone[at]) continue
        const dx = u - column - 0.5
        const power = -0.5 * (a * dx * dx + c * dy * dy) - b * dx * dy
        if (power > 0) continue
        const alpha = Math.min(MOST_ALPHA, o * Math.exp(power))
        if (alpha < LEAST_ALPHA) continue
        const left = transmittance[at] * (1 - alpha)
        if (left < DARK) {
          isDone[at] = 1
          continue
        }
        const weight = alpha * transmittance[at]
        image[3 * at] += weight * red
        image[3 * at + 1] += weight * green
        image[3 * at + 2] += weight * blue
        depth[at] += weight * z
        transmittance[at] = left
        contributors[at]++
        last[at] = place
      }
    }
  }
  for (let at = 0; at < size; at++) {
    for (let channel = 0; channel < 3; channel++) image[3 * at + channel] += transmittance[at] * background[channel]
    alphas[at] = 1 - transmittance[at]
  }
  return { image, depth, alpha: alphas, transmittance, contributors, last, projection }
}
