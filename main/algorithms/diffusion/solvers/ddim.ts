import { z } from 'zod'
import { ddimStep } from '../../../math/ddim-step.ts'
import { define } from '../../define.ts'
import type { Draw, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly draw: Draw
}

/**
 * DDIM: the clean picture and the noise are told apart and put together again at the next level. eta 0 is the deterministic flow,
 * eta 1 the ancestral sampler. With eta 0 it goes back towards the noise as well.
 */
export const ddim = define({
  id: 'ddim',
  role: 'solver',
  title: 'DDIM',
  summary: 'The plain sampler: one call a step, first order, the yardstick of all others.',
  paper: { title: 'Denoising Diffusion Implicit Models', year: 2021, link: 'https://arxiv.org/abs/2010.02502' },
  params: z.object({
    eta: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .meta({ title: 'Fresh noise', description: 'Fresh noise in each step: 0 none, 1 as much as was taken away.' }),
  }),
  needs: {},
  make: ({ eta }): Solver<State> => ({
    order: 1,
    calls: (legs) => legs.length,
    start: (x, { draw }) => ({ x, draw }),
    async step({ x, draw }, denoise, from, to, signal) {
      return { x: ddimStep(await denoise(x, from, signal), from, to, eta, draw), draw }
    },
  }),
})
