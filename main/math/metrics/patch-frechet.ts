import { BLOCK, blockDctInto } from '../dct.ts'
import { type Matrix, matrix, multiply, symmetricEigen, trace, transpose } from '../matrix.ts'
import { lumaOf, type Picture } from '../picture.ts'

/** Numbers of a patch: the coefficients of an 8 × 8 block without the constant one. */
const FEATURES = BLOCK * BLOCK - 1
/** Fewer blocks do not settle a covariance of 63 numbers. */
const LEAST_BLOCKS = 2000

/** Mean and covariance of the features of the blocks of a set of pictures. */
export interface PatchStatistics {
  readonly blocks: number
  readonly mean: Float64Array
  readonly covariance: Matrix
}

/**
 * Luma blocks of 8 × 8 at offsets (0, 0) and (4, 4); each becomes sign(c) ln(1 + 50 |c|) of its DCT without the constant part.
 * @throws RangeError with fewer than 2000 blocks.
 */
export function patchStatistics(pictures: readonly Picture[]): PatchStatistics {
  const sum = new Float64Array(FEATURES)
  const products = new Float64Array(FEATURES * FEATURES)
  const coefficients = new Float64Array(BLOCK * BLOCK)
  const features = new Float64Array(FEATURES)
  let blocks = 0
  for (const picture of pictures) {
    const [, rows, columns] = picture.shape
    const luma = lumaOf(picture)
    for (const offset of [0, BLOCK / 2])
      for (let top = offset; top + BLOCK <= rows; top += BLOCK)
        for (let left = offset; left + BLOCK <= columns; left += BLOCK) {
          blockDctInto(coefficients, luma, top * columns + left, columns)
          for (let k = 0; k < FEATURES; k++) {
            const c = coefficients[k + 1]
            features[k] = Math.sign(c) * Math.log(1 + 50 * Math.abs(c))
            sum[k] += features[k]
          }
          for (let i = 0; i < FEATURES; i++) for (let j = 0; j <= i; j++) products[i * FEATURES + j] += features[i] * features[j]
          blocks++
        }
  }
  if (blocks < LEAST_BLOCKS) throw new RangeError(`Patch statistics need ${LEAST_BLOCKS} blocks or more, not ${blocks}.`)
  const mean = sum.map((value) => value / blocks)
  const covariance = matrix(FEATURES, FEATURES)
  for (let i = 0; i < FEATURES; i++)
    for (let j = 0; j <= i; j++) {
      const value = products[i * FEATURES + j] / blocks - mean[i] * mean[j]
      covariance.data[i * FEATURES + j] = covariance.data[j * FEATURES + i] = value
    }
  return { blocks, mean, covariance }
}

/** The symmetric square root of a covariance; what rounding made negative counts as 0. */
function squareRoot(a: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(a)
  const scaled = matrix(a.rows, a.columns)
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++) scaled.data[i * a.columns + k] = vectors.data[i * a.columns + k] * Math.sqrt(Math.max(0, values[k]))
  return multiply(scaled, transpose(vectors))
}

/**
 * Fréchet distance between the patches of two sets of pictures: |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½). 0 where they have the
 * same statistics. Tells blur from realism; it is not the FID, which needs a network.
 */
export function patchFrechet(a: PatchStatistics, b: PatchStatistics): number {
  const root = squareRoot(a.covariance)
  const { values } = symmetricEigen(multiply(root, b.covariance, root))
  const cross = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)
  const apart = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]) ** 2, 0)
  return apart + trace(a.covariance) + trace(b.covariance) - 2 * cross
}
