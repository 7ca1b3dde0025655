import { z } from 'zod'
import { ddimStep } from '../../../math/ddim-step.ts'
import { mix } from '../../../math/mix.ts'
import { move } from '../../../math/move.ts'
import { define } from '../../define.ts'
import type { Asked, Draw, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  /** The node before this one, with what the network said there; null at the start. */
  readonly past: Asked | null
}

const none: Draw = () => {
  throw new RangeError('This solver uses no randomness.')
}

/**
 * BDIA: the step that led here is taken back with what the network says now, and what it missed is put in with weight gamma:
 *   x(next) = F(x) + gamma (x(previous) - B(x)), F the plain step on, B the step back.
 * `ddim`: F and B are DDIM's. `heun`: F is Heun's on the scaled state x / alpha, B the trapezoid of what was said here and before.
 * `heun-euler`: B from what is said here alone, which could be undone exactly but is of first order. gamma 0 is F itself.
 * The paper gives the form on Heun in words only; this one keeps its order and its calls.
 */
export const bdia = define({
  id: 'bdia',
  role: 'solver',
  title: 'BDIA',
  summary: 'Mends each step by the one before, at no cost: closer than DDIM in few steps.',
  paper: {
    title: 'Exact Diffusion Inversion via Bi-directional Integration Approximation',
    year: 2024,
    link: 'https://arxiv.org/abs/2307.10829',
  },
  params: z.object({
    gamma: z.number().min(0).max(1).default(0.5).describe('How much of the mend is put in: 0 none, 0.5 is best in few steps.'),
    form: z
      .enum(['ddim', 'heun', 'heun-euler'])
      .default('ddim')
      .describe('The step that is mended: DDIM’s, or Heun’s at two calls a step.'),
  }),
  needs: {},
  make: ({ gamma, form }): Solver<State> => ({
    // On DDIM's step gamma 1 is the leapfrog; below it the error keeps a part of first order, small but there.
    order: form === 'ddim' ? (gamma === 1 ? 2 : 1) : form === 'heun' || gamma === 0 ? 2 : 1,
    calls: (legs) => (form === 'ddim' ? legs.length : legs.reduce((calls, { to }) => calls + (to.sigma > 0 ? 2 : 1), 0)),
    start: (x, _, past = []) => ({ x, past: past[past.length - 1] ?? null }),
    async step({ x, past }, denoise, from, to, signal) {
      const here = { node: from, x, ...(await denoise(x, from, signal)) }
      let on = ddimStep(here, from, to, 0, none)
      if (form === 'ddim') {
        const next = past ? mix([1, on], [gamma, past.x], [-gamma, ddimStep(here, from, past.node, 0, none)]) : on
        return { x: next, past: here }
      }
      if (from.alpha === 0) throw new RangeError('This form begins where there is some signal: choose another form, or a later start.')
      if (to.sigma > 0) {
        signal.throwIfAborted()
        const { eps } = await denoise(on, to, signal)
        on = move(x, mix([0.5, here.eps], [0.5, eps]), from, to)
      }
      if (!past) return { x: on, past: here }
      const slope = form === 'heun' ? mix([0.5, here.eps], [0.5, past.eps]) : here.eps
      const weight = (gamma * to.alpha) / past.node.alpha
      return { x: mix([1, on], [weight, past.x], [-weight, move(x, slope, from, past.node)]), past: here }
    },
  }),
})
