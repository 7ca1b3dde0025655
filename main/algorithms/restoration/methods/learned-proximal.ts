import { z } from 'zod'
import { define } from '../../define.ts'
import { proximalSteps } from './proximal-steps.ts'

const params = z.object({
  form: z.enum(['gradient', 'splitting']).default('gradient').meta({
    title: 'Form',
    description: 'Steps down the misfit, or the misfit solved for in each step, which gets there sooner where the damage is strong.',
  }),
  iterations: z.int().min(1).max(10_000).default(20).meta({ title: 'Steps', description: 'How many times the network is asked.' }),
  step: z.number().gt(0).nullable().default(null).meta({
    title: 'Step size',
    description: 'Of the form by gradient: must lie below 1 over the squared norm of the damage; empty for nine tenths of that.',
  }),
  rho: z
    .number()
    .gt(0)
    .default(1)
    .meta({ title: 'Coupling', description: 'Of the form by splitting: converges surely only above the squared norm of the damage.' }),
  tolerance: z
    .number()
    .min(0)
    .default(1e-5)
    .meta({ title: 'Tolerance', description: 'How exactly the form by splitting solves for the misfit.' }),
  clip: z.boolean().default(true).meta({ title: 'Clip', description: 'Keep the picture within black and white.' }),
})

/**
 * Plug and play with a learned proximal network. The network is by construction the proximal operator of a regulariser R, so the
 * iteration minimises something, and provably comes to rest: x ← f(x - eta Aᵀ(A x - y)), or by splitting, x = argmin ½|A x - y|² +
 * rho/2 |x - (z - u)|², u ← u + x - z, z ← f(x + u). The strength lies in eta and rho, the network has none of its own.
 */
export const learnedProximal = define({
  id: 'learned-proximal',
  role: 'plug-and-play',
  title: 'Steady restore',
  summary: 'Undoes a known damage in steps that surely settle; it can tell how natural a picture is.',
  paper: {
    title: 'What’s in a Prior? Learned Proximal Networks for Inverse Problems',
    year: 2024,
    link: 'https://arxiv.org/abs/2310.14344',
  },
  params,
  needs: {},
  make: (settings) => ({ reconstruct: (damage, proximal, signal) => proximalSteps(damage, proximal, settings, signal) }),
})
