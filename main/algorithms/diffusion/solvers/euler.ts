import { z } from 'zod'
import { isBeyond } from '../../../math/gaussian-path.ts'
import { mix } from '../../../math/mix.ts'
import { define } from '../../define.ts'
import type { Model, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly model: Model
}

/**
 * Euler's step in the path's own time: x' = x + (t' - t) (alpha'(t) x0 + sigma'(t) eps).
 * The sampler of rectified flows; on the variance-exploding path it equals DDIM. A step onto no noise
 * beyond the end of the path is the clean picture itself: where noise falls as a root of time, its slope would leave half of it.
 */
export const euler = define({
  id: 'euler',
  role: 'solver',
  title: 'Euler',
  summary: 'Straight steps along the velocity: what rectified flows are made for.',
  paper: {
    title: 'Flow Straight and Fast: Learning to Generate and Transfer Data with Rectified Flow',
    year: 2023,
    link: 'https://arxiv.org/abs/2209.03003',
  },
  params: z.object({}),
  needs: {},
  make: (): Solver<State> => ({
    order: 1,
    calls: (legs) => legs.length,
    start: (x, { model }) => ({ x, model }),
    async step({ x, model }, denoise, from, to, signal) {
      const { x0, eps } = await denoise(x, from, signal)
      if (isBeyond(model.path, to)) return { x: mix([to.alpha, x0]), model }
      const dt = to.t - from.t
      return { x: mix([1, x], [dt * model.path.dAlpha(from.t), x0], [dt * model.path.dSigma(from.t), eps]), model }
    },
  }),
})
