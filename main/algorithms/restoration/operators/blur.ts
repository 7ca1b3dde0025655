import { z } from 'zod'
import { gaussianKernel, type Kernel } from '../../../math/convolution.ts'
import { define } from '../../define.ts'
import { motionKernel } from './motion-kernel.ts'
import { pictureShape } from './shape.ts'
import { smeared, softened } from './smeared.ts'

const kernels = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('gaussian'),
    sigma: z.number().positive().max(100),
    /** max(1, ceil(3 sigma)) unless given. */
    radius: z.int().min(1).max(400).optional(),
  }),
  z.object({ kind: z.literal('motion'), length: z.number().min(1).max(200), angle: z.number() }),
  z.object({
    kind: z.literal('custom'),
    rows: z.array(z.array(z.number())).min(1),
    /** Divide by the sum? */
    normalise: z.boolean().default(true),
  }),
])

/**
 * Convolution with a known kernel, as correlation: y[i, j] = Σ_uv k[u, v] x[b(i + u - kh/2), b(j + v - kw/2)]; the adjoint
 * scatters. A symmetric kernel with a symmetric or circular border makes A = Aᵀ, diagonal in the DCT or DFT.
 */
export const blur = define({
  id: 'blur',
  role: 'operator',
  title: 'Blur',
  summary: 'The picture is out of focus, or was moved while it was taken.',
  paper: {
    title: 'A Fast Algorithm for Deblurring Models with Neumann Boundary Conditions',
    year: 1999,
    link: 'https://doi.org/10.1137/S1064827598341384',
  },
  params: z.object({
    shape: pictureShape,
    kernel: kernels.meta({ title: 'Kernel', description: 'Gaussian by its sigma, motion by length and angle, or any table of odd sides.' }),
    boundary: z
      .enum(['symmetric', 'circular', 'zero'])
      .default('symmetric')
      .meta({ title: 'Border', description: 'What lies past the border: the mirrored picture, its other side, or black.' }),
  }),
  needs: {},
  make: ({ shape, kernel, boundary }) => {
    if (kernel.kind === 'gaussian') return softened(shape, gaussianKernel(kernel.sigma, kernel.radius), boundary)
    const table = kernel.kind === 'motion' ? motionKernel(kernel.length, kernel.angle) : kernelOf(kernel.rows, kernel.normalise)
    return smeared(shape, table, boundary)
  },
})

/** @throws RangeError for even or ragged sides, values that are not finite, or a sum of nothing. */
function kernelOf(rows: readonly (readonly number[])[], normalise: boolean): Kernel {
  const columns = rows[0].length
  if (rows.length % 2 === 0 || columns % 2 === 0)
    throw new RangeError(`A kernel of ${rows.length} × ${columns} has no middle: both sides must be odd.`)
  if (rows.some((row) => row.length !== columns)) throw new RangeError('The rows of a kernel must be of equal length.')
  const data = Float64Array.from(rows.flat())
  const sum = data.reduce((total, value) => total + value, 0)
  if (!data.every(Number.isFinite) || Math.abs(sum) < 1e-6) throw new RangeError('A kernel needs finite values whose sum is not 0.')
  return { rows: rows.length, columns, data: normalise ? data.map((value) => value / sum) : data }
}
