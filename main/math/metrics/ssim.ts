import { blur, gaussianKernel } from '../convolution.ts'
import { checkSameShape, type Floats, type Picture } from '../picture.ts'

const RADIUS = 5
const SIGMA = 1.5
const C1 = 0.01 ** 2
const C2 = 0.03 ** 2

/** Structural similarity of two planes, the mean over the map without a border of 5 pixels. */
function ssimPlane(a: Floats, b: Floats, rows: number, columns: number): number {
  const kernel = gaussianKernel(SIGMA, RADIUS)
  const smooth = (x: Floats) => blur(x, { channels: 1, rows, columns }, kernel, 'symmetric')
  const product = (p: Floats, q: Floats) => {
    const out = new Float64Array(p.length)
    for (let i = 0; i < out.length; i++) out[i] = p[i] * q[i]
    return out
  }
  const ua = smooth(a)
  const ub = smooth(b)
  const aa = smooth(product(a, a))
  const bb = smooth(product(b, b))
  const ab = smooth(product(a, b))
  let sum = 0
  for (let i = RADIUS; i < rows - RADIUS; i++)
    for (let k = i * columns + RADIUS; k < (i + 1) * columns - RADIUS; k++) {
      const means = ua[k] * ub[k]
      const squares = ua[k] * ua[k] + ub[k] * ub[k]
      sum += ((2 * means + C1) * (2 * (ab[k] - means) + C2)) / ((squares + C1) * (aa[k] + bb[k] - squares + C2))
    }
  return sum / ((rows - 2 * RADIUS) * (columns - 2 * RADIUS))
}

/**
 * Structural similarity for values in 0..1, the mean over channels; 1 where the two are identical.
 * As scikit-image computes it with Gaussian weights (sigma 1.5, 11 taps), population covariance and half-sample mirroring.
 * @throws RangeError where a side is shorter than 11 pixels or the shapes differ.
 */
export function ssim(reference: Picture, result: Picture): number {
  checkSameShape(reference, result)
  const [channels, rows, columns] = reference.shape
  if (Math.min(rows, columns) < 2 * RADIUS + 1)
    throw new RangeError(`Structural similarity needs sides of ${2 * RADIUS + 1} pixels or more, not ${columns} × ${rows}.`)
  const size = rows * columns
  let sum = 0
  for (let c = 0; c < channels; c++)
    sum += ssimPlane(reference.data.subarray(c * size, (c + 1) * size), result.data.subarray(c * size, (c + 1) * size), rows, columns)
  return sum / channels
}
