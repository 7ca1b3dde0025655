import { z } from 'zod'
import { define } from '../define.ts'
import type { Kernel, Penalty } from '../penalty.ts'
import { excess, excessSlope, expectKernel, padOf } from './orthogonal-kernel.ts'

/** What no kernel of this shape can be without: it gives more values than it takes. */
const unavoidable = ({ outputs, inputs, stride }: Kernel) => Math.max(0, outputs - inputs * stride * stride)

/** L_orth, and its slope; the part that cannot be avoided has none. */
export function orthogonality(kernel: Kernel): Penalty {
  expectKernel(kernel)
  const overlaps = excess(kernel)
  const raw = overlaps.data.reduce((sum, value) => sum + value * value, 0)
  return { value: raw - unavoidable(kernel), gradient: excessSlope(kernel, overlaps) }
}

/**
 * e such that (1 - e) |x|² ≤ |T x|² ≤ (1 + e) |x|² for periodic pictures of any size: the square root of alpha L_orth, with
 * alpha = M (2 P / S + 1)² where the convolution gives no more values than it takes, else C (2 k - 1)².
 */
export function isometryBound(kernel: Kernel): number {
  const { outputs, inputs, side, stride } = kernel
  const alpha = unavoidable(kernel) > 0 ? inputs * (2 * side - 1) ** 2 : outputs * ((2 * padOf(kernel)) / stride + 1) ** 2
  return Math.sqrt(alpha * Math.max(0, orthogonality(kernel).value))
}

/**
 * Convolutions that keep distances. L_orth(K) = |conv(K, K) - identity|² - max(0, M - C S²) is 0 exactly where the convolution on
 * periodic pictures is orthogonal, whatever their size, and n² L_orth is the squared distance of T Tᵀ (or Tᵀ T) from the identity. A
 * denoiser (x + N(x)) / 2 of such layers and sorted pairs is firmly non-expansive: restoring by steps with it surely comes to rest.
 * Borders padded with zeros have almost no such kernels: pad by reflection and cut, or stay periodic.
 */
export const orthogonalConvolution = define({
  id: 'orthogonal-convolution',
  role: 'kernel-penalty',
  title: 'Kept distances',
  summary: 'Trains denoisers that never enlarge a difference, so that steady restoration cannot run away.',
  paper: {
    title: 'Existence, Stability and Scalability of Orthogonal Convolutional Neural Networks',
    year: 2022,
    link: 'https://arxiv.org/abs/2108.05623',
  },
  params: z.object({}),
  needs: {},
  make: () => ({ penalty: orthogonality }),
})
