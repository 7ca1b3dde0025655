import { z } from 'zod'
import { conjugateGradients } from '../../math/conjugate-gradient.ts'
import { define } from '../define.ts'

/**
 * Conjugate gradients (Hestenes and Stiefel): the best answer in the space that the residual and its images span, one product with
 * the matrix an iteration. In exact numbers it ends after as many iterations as there are different eigenvalues.
 */
export const conjugateGradient = define({
  id: 'conjugate-gradient',
  role: 'linear-solver',
  title: 'Conjugate gradients',
  summary: 'Solves large symmetric systems by products with the matrix alone.',
  paper: {
    title: 'Methods of Conjugate Gradients for Solving Linear Systems',
    year: 1952,
    link: 'https://doi.org/10.6028/jres.049.044',
  },
  params: z.object({
    iterations: z.int().min(1).max(100_000).default(200).describe('The most iterations.'),
    tolerance: z.number().min(0).default(1e-10).describe('Ends where the residual is shorter than this share of the right side.'),
  }),
  needs: {},
  make: ({ iterations, tolerance }) => ({
    async *solve({ apply, b, start }, signal) {
      signal.throwIfAborted()
      const length = Math.sqrt(b.reduce((sum, value) => sum + value * value, 0))
      const run = conjugateGradients(apply, b, start ?? new Float64Array(b.length), { iterations, tolerance: tolerance * length })
      for (let next = run.next(); ; next = run.next()) {
        if (next.done) return next.value
        yield next.value
        signal.throwIfAborted()
      }
    },
  }),
})
