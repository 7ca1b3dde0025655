import { harmonicCount, harmonicsInto } from './spherical-harmonics.ts'
import { type Camera, rotationInto, type Splats } from './splats.ts'

/** Nearer than this nothing is seen. */
export const NEAR = 0.2
/** Added to the picture's covariance, in square pixels, so that nothing is thinner than a pixel sees. */
export const LOW_PASS = 0.3
/** Fainter than this a splat leaves a pixel alone. */
export const LEAST_ALPHA = 1 / 255
/** Beyond this share of the view the slope of the projection stands still. */
export const VIEW = 1.3

/** How far x/z and y/z count for the slope of the projection, either way. */
export const viewLimits = ({ width, height, fx, fy }: Camera) => ({ x: (VIEW * width) / (2 * fx), y: (VIEW * height) / (2 * fy) })
/** Into -limit..limit. */
export const clampTo = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value))

/** Where the camera stands in the world. */
export function centreOf({ rotation: r, translation: t }: Camera): [number, number, number] {
  const at = (k: number) => -(r[k] * t[0] + r[3 + k] * t[1] + r[6 + k] * t[2])
  return [at(0), at(1), at(2)]
}

/** Splats as the camera sees them; all float64, all splats, seen or not. */
export interface Projection {
  /** In the camera's axes. */
  readonly view: Float64Array
  /** Where in the picture, in pixels. */
  readonly uv: Float64Array
  /** Three numbers a splat: xx, xy, yy, in square pixels. */
  readonly covariance: Float64Array
  /** Its inverse. */
  readonly conic: Float64Array
  readonly opacity: Float64Array
  readonly colour: Float64Array
  readonly isSeen: Uint8Array
  /** Those that are seen, the nearest first. */
  readonly order: Int32Array
}

/**
 * What a splat's covariance goes through: R_q diag(sigma), and J R of the camera, both row-major into the targets.
 * @returns the length of the quaternion.
 */
export function framesInto(axes: Float64Array, lens: Float64Array, splats: Splats, camera: Camera, view: Float64Array, i: number): number {
  const { rotation: q, logScale } = splats
  const length = Math.hypot(q[4 * i], q[4 * i + 1], q[4 * i + 2], q[4 * i + 3])
  rotationInto(axes, q[4 * i] / length, q[4 * i + 1] / length, q[4 * i + 2] / length, q[4 * i + 3] / length)
  for (let j = 0; j < 3; j++) {
    const sigma = Math.exp(logScale[3 * i + j])
    for (let r = 0; r < 3; r++) axes[3 * r + j] *= sigma
  }
  const { fx, fy, rotation: R } = camera
  const limits = viewLimits(camera)
  const [x, y, z] = [view[3 * i], view[3 * i + 1], view[3 * i + 2]]
  const j02 = (-fx * clampTo(x / z, limits.x)) / z
  const j12 = (-fy * clampTo(y / z, limits.y)) / z
  for (let k = 0; k < 3; k++) {
    lens[k] = (fx / z) * R[k] + j02 * R[6 + k]
    lens[3 + k] = (fy / z) * R[3 + k] + j12 * R[6 + k]
  }
  return length
}

/** The covariance M Mᵀ, row-major. */
export function covarianceInto(out: Float64Array, axes: Float64Array): void {
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++)
      out[3 * r + c] = axes[3 * r] * axes[3 * c] + axes[3 * r + 1] * axes[3 * c + 1] + axes[3 * r + 2] * axes[3 * c + 2]
}

/** The direction from the camera to a splat, and how far it is. */
export function directionInto(out: Float64Array, position: ArrayLike<number>, i: number, centre: readonly number[]): number {
  for (let k = 0; k < 3; k++) out[k] = position[3 * i + k] - centre[k]
  const distance = Math.hypot(out[0], out[1], out[2])
  for (let k = 0; k < 3; k++) out[k] /= distance
  return distance
}

/** @throws RangeError where a splat's picture has no area. */
export function project(splats: Splats, camera: Camera): Projection {
  const { count, degree, position, opacity: logits, harmonics } = splats
  const { rotation: R, translation: T, fx, fy, cx, cy } = camera
  const terms = harmonicCount(degree)
  const [view, uv, covariance, conic] = [3, 2, 3, 3].map((width) => new Float64Array(width * count))
  const [opacity, colour, isSeen] = [new Float64Array(count), new Float64Array(3 * count), new Uint8Array(count)]
  const [axes, lens, sigma] = [new Float64Array(9), new Float64Array(6), new Float64Array(9)]
  const [direction, basis] = [new Float64Array(3), new Float64Array(terms)]
  const centre = centreOf(camera)
  for (let i = 0; i < count; i++) {
    for (let r = 0; r < 3; r++)
      view[3 * i + r] = R[3 * r] * position[3 * i] + R[3 * r + 1] * position[3 * i + 1] + R[3 * r + 2] * position[3 * i + 2] + T[r]
    const z = view[3 * i + 2]
    uv[2 * i] = (fx * view[3 * i]) / z + cx
    uv[2 * i + 1] = (fy * view[3 * i + 1]) / z + cy
    opacity[i] = 1 / (1 + Math.exp(-logits[i]))
    if (!(z > NEAR) || opacity[i] < LEAST_ALPHA) continue
    isSeen[i] = 1
    framesInto(axes, lens, splats, camera, view, i)
    covarianceInto(sigma, axes)
    const [a, b, c] = flattened(lens, sigma)
    covariance.set([a, b, c], 3 * i)
    const determinant = a * c - b * b
    if (!(determinant > 0) || !Number.isFinite(determinant)) throw new RangeError(`The picture of splat ${i} has no area.`)
    conic.set([c / determinant, -b / determinant, a / determinant], 3 * i)
    directionInto(direction, position, i, centre)
    harmonicsInto(basis, degree, direction[0], direction[1], direction[2])
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0.5
      for (let k = 0; k < terms; k++) sum += basis[k] * harmonics[3 * (i * terms + k) + channel]
      colour[3 * i + channel] = Math.max(0, sum)
    }
  }
  const order = Int32Array.from([...isSeen.keys()].filter((i) => isSeen[i]).sort((i, j) => view[3 * i + 2] - view[3 * j + 2] || i - j))
  return { view, uv, covariance, conic, opacity, colour, isSeen, order }
}

/** K Σ Kᵀ + low-pass: xx, xy, yy. */
function flattened(lens: Float64Array, sigma: Float64Array): [number, number, number] {
  const form = (p: number, q: number) => {
    let sum = 0
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) sum += lens[p + r] * sigma[3 * r + c] * lens[q + c]
    return sum
  }
  return [form(0, 0) + LOW_PASS, form(0, 3), form(3, 3) + LOW_PASS]
}
