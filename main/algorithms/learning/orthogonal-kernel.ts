import { type Matrix, matrix } from '../../math/matrix.ts'
import { symmetricEigenvalues } from '../../math/symmetric-eigen.ts'
import type { Kernel } from '../penalty.ts'

/** @throws RangeError naming what is wrong with a kernel. */
export function expectKernel({ outputs, inputs, side, stride, data }: Kernel): void {
  if (![outputs, inputs, side, stride].every((size) => Number.isInteger(size) && size > 0))
    throw new RangeError(`A kernel of ${outputs} × ${inputs} × ${side} with stride ${stride} is none.`)
  if (side % 2 === 0) throw new RangeError(`The side of a kernel must be odd; it is ${side}.`)
  if (side < stride) throw new RangeError(`A side of ${side} is less than the stride of ${stride}: pixels between would be lost.`)
  if (data.length !== outputs * inputs * side * side)
    throw new RangeError(`${data.length} weights do not fill ${outputs} × ${inputs} × ${side} × ${side}.`)
}

/** The kernel's overlaps with itself, moved by multiples of the stride: [outputs, outputs, reach, reach], the centre in the middle. */
export interface Overlaps {
  readonly reach: number
  readonly data: Float64Array
}

/** How far moved by `shift` strides a row of the kernel still meets itself: from, to, and where its partner begins. */
function meeting({ side, stride }: Kernel, pad: number, shift: number): readonly [from: number, to: number, offset: number] {
  const offset = shift * stride - pad
  return [Math.max(0, -offset), Math.min(side, side - offset), offset]
}

/** Zeros around a kernel that is moved over itself: as far as shifts by whole strides still meet it. */
export const padOf = ({ side, stride }: Kernel): number => Math.floor((side - 1) / stride) * stride

/** Calls `visit` with every pair of weights (at i of output m, at j of output l) that meet at a place of the overlaps. */
function eachMeeting(kernel: Kernel, visit: (place: number, i: number, j: number) => void): void {
  const { outputs, inputs, side, stride } = kernel
  const pad = padOf(kernel)
  const reach = (2 * pad) / stride + 1
  const index = (m: number, c: number, y: number, x: number) => ((m * inputs + c) * side + y) * side + x
  for (let a = 0; a < reach; a++)
    for (let b = 0; b < reach; b++) {
      const [top, bottom, down] = meeting(kernel, pad, a)
      const [left, right, along] = meeting(kernel, pad, b)
      for (let m = 0; m < outputs; m++)
        for (let l = 0; l < outputs; l++)
          for (let c = 0; c < inputs; c++)
            for (let y = top; y < bottom; y++)
              for (let x = left; x < right; x++)
                visit(((m * outputs + l) * reach + a) * reach + b, index(m, c, y, x), index(l, c, y + down, x + along))
    }
}

/** conv(K, K) minus the identity at its centre. */
export function excess(kernel: Kernel): Overlaps {
  const { outputs, stride, data } = kernel
  const reach = (2 * padOf(kernel)) / stride + 1
  const out = new Float64Array(outputs * outputs * reach * reach)
  eachMeeting(kernel, (place, i, j) => {
    out[place] += data[i] * data[j]
  })
  const centre = (reach * reach - 1) / 2
  for (let m = 0; m < outputs; m++) out[(m * outputs + m) * reach * reach + centre] -= 1
  return { reach, data: out }
}

/** Slope of |excess|² in the weights: 4 Σ excess · the partner, since each pair meets twice, the other way round. */
export function excessSlope(kernel: Kernel, { data }: Overlaps): Float64Array {
  const slope = new Float64Array(kernel.data.length)
  eachMeeting(kernel, (place, i, j) => {
    slope[i] += 4 * data[place] * kernel.data[j]
  })
  return slope
}

/**
 * Squared gains of the convolution on pictures of stride · n a side that are continued periodically: the eigenvalues of T Tᵀ where it
 * gives no more values than it takes, else of Tᵀ T. Found frequency by frequency: each of the n² blocks maps the stride² frequencies
 * that the stride folds into one.
 */
export function squaredGains(kernel: Kernel, n: number): Float64Array {
  expectKernel(kernel)
  const { outputs, inputs, side, stride, data } = kernel
  const columns = inputs * stride * stride
  const found: number[] = []
  for (let p = 0; p < n; p++)
    for (let q = 0; q < n; q++) {
      const block = { re: matrix(outputs, columns), im: matrix(outputs, columns) }
      for (let m = 0; m < outputs; m++)
        for (let c = 0; c < inputs; c++)
          for (let fold = 0; fold < stride * stride; fold++) {
            const [fy, fx] = [p + Math.floor(fold / stride) * n, q + (fold % stride) * n]
            const at = m * columns + c * stride * stride + fold
            for (let y = 0; y < side; y++)
              for (let x = 0; x < side; x++) {
                const angle = (-2 * Math.PI * (fy * y + fx * x)) / (stride * n)
                const weight = data[((m * inputs + c) * side + y) * side + x] / stride
                block.re.data[at] += weight * Math.cos(angle)
                block.im.data[at] += weight * Math.sin(angle)
              }
          }
      // A Hermitian matrix as a real one of twice the size, which has every eigenvalue twice.
      found.push(...symmetricEigenvalues(realGram(block.re, block.im)).filter((_, i) => i % 2 === 0))
    }
  return Float64Array.from(found).sort()
}

/** B Bᴴ or Bᴴ B, whichever is smaller, as [[re, -im], [im, re]]. */
function realGram(re: Matrix, im: Matrix): Matrix {
  const isWide = re.rows <= re.columns
  const [size, length] = isWide ? [re.rows, re.columns] : [re.columns, re.rows]
  const at = (i: number, k: number) => (isWide ? i * re.columns + k : k * re.columns + i)
  const gram = matrix(2 * size, 2 * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let [real, imaginary] = [0, 0]
      for (let k = 0; k < length; k++) {
        const [a, b, c, d] = [re.data[at(i, k)], im.data[at(i, k)], re.data[at(j, k)], im.data[at(j, k)]]
        real += a * c + b * d
        imaginary += (isWide ? 1 : -1) * (b * c - a * d)
      }
      gram.data[i * 2 * size + j] = gram.data[(i + size) * 2 * size + j + size] = real
      gram.data[(i + size) * 2 * size + j] = imaginary
      gram.data[i * 2 * size + j + size] = -imaginary
    }
  return gram
}
