import type { Floats } from './picture.ts'
import { HIGHEST_DEGREE, harmonicCount } from './spherical-harmonics.ts'

/** A cloud of Gaussians. Every field is one dense array, splat by splat. */
export interface Splats {
  readonly count: number
  /** Of the harmonics of colour, 0 to 3. */
  readonly degree: number
  /** x, y, z in the world. */
  readonly position: Floats
  /** Logarithms of the three standard deviations. */
  readonly logScale: Floats
  /** Quaternions w, x, y, z of any length but 0. */
  readonly rotation: Floats
  /** Logits. */
  readonly opacity: Floats
  /** [splat, harmonic, channel]; the colour is 0.5 + their sum. */
  readonly harmonics: Floats
}

/** x right, y down, z forward. A pixel's value is that at its centre, half a pixel in. */
export interface Camera {
  /** World to camera, row-major. */
  readonly rotation: ArrayLike<number>
  readonly translation: ArrayLike<number>
  /** In pixels. */
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
  readonly width: number
  readonly height: number
}

/** How many numbers of each field a splat has. */
export const widthsOf = (degree: number) => ({ position: 3, logScale: 3, rotation: 4, opacity: 1, harmonics: 3 * harmonicCount(degree) })

export type SplatField = keyof ReturnType<typeof widthsOf>
export const SPLAT_FIELDS: readonly SplatField[] = ['position', 'logScale', 'rotation', 'opacity', 'harmonics']

/** @throws RangeError naming the field and the splat that is wrong. */
export function expectSplats(splats: Splats): void {
  const { count, degree, rotation } = splats
  if (!Number.isInteger(degree) || degree < 0 || degree > HIGHEST_DEGREE)
    throw new RangeError(`Harmonics have a degree of 0 to 3, not ${degree}.`)
  for (const [field, width] of Object.entries(widthsOf(degree)) as [SplatField, number][]) {
    const values = splats[field]
    if (values.length !== count * width) throw new RangeError(`${field} holds ${values.length} numbers instead of ${count * width}.`)
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i])) throw new RangeError(`${field} of splat ${Math.floor(i / width)} is ${values[i]}.`)
  }
  for (let i = 0; i < count; i++)
    if (rotation[4 * i] === 0 && rotation[4 * i + 1] === 0 && rotation[4 * i + 2] === 0 && rotation[4 * i + 3] === 0)
      throw new RangeError(`rotation of splat ${i} has no length.`)
}

/** @throws RangeError where nothing can be seen through it. */
export function expectCamera({ width, height, fx, fy, cx, cy, rotation, translation }: Camera): void {
  if (!(width >= 1 && height >= 1 && Number.isInteger(width) && Number.isInteger(height)))
    throw new RangeError(`A picture of ${width} × ${height} pixels is none.`)
  if (!(fx > 0 && fy > 0 && Number.isFinite(fx + fy + cx + cy))) throw new RangeError(`A focal length of ${fx} × ${fy} pixels is none.`)
  if (rotation.length !== 9 || translation.length !== 3 || ![...Array.from(rotation), ...Array.from(translation)].every(Number.isFinite))
    throw new RangeError('The camera stands nowhere.')
}

/** Nine numbers of the rotation of a unit quaternion, row-major. */
export function rotationInto(out: Float64Array, w: number, x: number, y: number, z: number): void {
  out[0] = 1 - 2 * (y * y + z * z)
  out[1] = 2 * (x * y - w * z)
  out[2] = 2 * (x * z + w * y)
  out[3] = 2 * (x * y + w * z)
  out[4] = 1 - 2 * (x * x + z * z)
  out[5] = 2 * (y * z - w * x)
  out[6] = 2 * (x * z - w * y)
  out[7] = 2 * (y * z + w * x)
  out[8] = 1 - 2 * (x * x + y * y)
}
