import { z } from 'zod'
import { lambdaOf, type Node } from '../../../math/gaussian-path.ts'
import { mix } from '../../../math/mix.ts'
import { define } from '../../define.ts'
import type { Draw, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly draw: Draw
}

/** Deviation of the fresh noise in a step of DDIM. @throws RangeError on the way back to the noise, where none can be added. */
export function freshNoise(eta: number, from: Node, to: Node): number {
  if (eta === 0 || to.sigma === 0) return 0
  const gain = lambdaOf(to) - lambdaOf(from)
  if (gain < 0) throw new RangeError('Fresh noise cannot be added on the way back to the noise.')
  return eta * to.sigma * Math.sqrt(-Math.expm1(-2 * gain))
}

/**
 * DDIM: the clean picture and the noise are told apart and put together again at the next level,
 * x' = alpha' x0 + sqrt(sigma'² - n²) eps + n z, where n = eta sigma' sqrt(1 - e^(-2 h)), h the gain in lambda.
 * eta 0 is the deterministic flow, eta 1 the ancestral sampler. Going back towards the noise it holds with eta 0.
 */
export const ddim = define({
  id: 'ddim',
  role: 'solver',
  title: 'DDIM',
  summary: 'The plain sampler: one call a step, first order, the yardstick of all others.',
  paper: { title: 'Denoising Diffusion Implicit Models', year: 2021, link: 'https://arxiv.org/abs/2010.02502' },
  params: z.object({
    eta: z.number().min(0).max(1).default(0).describe('Fresh noise in each step: 0 none, 1 as much as was taken away.'),
  }),
  needs: {},
  make: ({ eta }): Solver<State> => ({
    order: 1,
    calls: (legs) => legs.length,
    start: (x, { draw }) => ({ x, draw }),
    async step({ x, draw }, denoise, from, to, signal) {
      const { x0, eps } = await denoise(x, from, signal)
      const fresh = freshNoise(eta, from, to)
      const kept = Math.sqrt(Math.max(0, to.sigma * to.sigma - fresh * fresh))
      const moved = mix([to.alpha, x0], [kept, eps])
      return { x: fresh > 0 ? mix([1, moved], [fresh, draw(x.length)]) : moved, draw }
    },
  }),
})
