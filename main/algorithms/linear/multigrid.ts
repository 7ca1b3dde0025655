import { z } from 'zod'
import { multigrid } from '../../math/multigrid.ts'
import { paced } from '../../math/paced.ts'
import { applyPoisson } from '../../math/poisson-grid.ts'
import { preconditionedGradients } from '../../math/preconditioned-gradient.ts'
import { define } from '../define.ts'
import { levelled } from './poisson-system.ts'

/**
 * Conjugate gradients led by one cycle through ever coarser grids: smooth errors are small systems, and rough ones go by themselves.
 * The number of iterations hardly depends on the size, whatever the shape of the mask.
 */
export const multigridConjugateGradient = define({
  id: 'multigrid',
  role: 'poisson-solver',
  title: 'Multigrid',
  summary: 'Pastes seamlessly at any size, in a handful of rounds.',
  paper: { title: 'Multigrid Preconditioned Conjugate-Gradient Method', year: 1993, link: 'https://doi.org/10.1016/0167-8191(93)90033-L' },
  params: z.object({
    iterations: z.int().min(1).max(1000).default(100).meta({ title: 'Most rounds' }),
    tolerance: z
      .number()
      .min(0)
      .max(1)
      .default(1e-5)
      .meta({ title: 'Tolerance', description: 'Residual as a share of the right side: 0.0001 is enough for 8 bits, 0.00001 for 16.' }),
  }),
  needs: {},
  make: ({ iterations, tolerance }) => ({
    async *solve(system, signal) {
      signal.throwIfAborted()
      const { grid } = system
      const { b, start, pieces } = levelled(system)
      const length = Math.sqrt(b.reduce((sum, value) => sum + value * value, 0))
      const cycle = multigrid(grid)
      const limits = { iterations, tolerance: tolerance * length }
      const run = paced(
        preconditionedGradients((u) => applyPoisson(grid, u), cycle, b, start, limits),
        signal,
      )
      for (let next = await run.next(); ; next = await run.next()) {
        if (next.done) return { ...next.value, value: pieces.settle(next.value.value), floating: pieces.count }
        yield next.value
      }
    },
  }),
})
