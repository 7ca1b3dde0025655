import { z } from 'zod'
import { isBeyond, type Node } from '../../../math/gaussian-path.ts'
import { mix } from '../../../math/mix.ts'
import { type Denoise, encode } from '../../../math/prediction.ts'
import { define } from '../../define.ts'
import type { Model, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly model: Model
}

/**
 * Heun's step in the path's own time: the mean of the velocities at both ends of an Euler step.
 * Where the step lands on no noise the second velocity is not asked for; beyond the end of the path such a step is the clean picture as
 * it is told at its start.
 */
export const heun = define({
  id: 'heun',
  role: 'solver',
  title: 'Heun',
  summary: 'Two calls a step, second order.',
  paper: {
    title: 'Elucidating the Design Space of Diffusion-Based Generative Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2206.00364',
  },
  params: z.object({}),
  needs: {},
  make: (): Solver<State> => {
    const velocity = async ({ path }: Model, denoise: Denoise, x: Float64Array, at: Node, signal: AbortSignal) =>
      encode(await denoise(x, at, signal), [path.dAlpha(at.t), path.dSigma(at.t)])
    return {
      order: 2,
      calls: (legs) => legs.reduce((calls, { to }) => calls + (to.sigma > 0 ? 2 : 1), 0),
      start: (x, { model }) => ({ x, model }),
      async step({ x, model }, denoise, from, to, signal) {
        if (isBeyond(model.path, to)) return { x: mix([to.alpha, (await denoise(x, from, signal)).x0]), model }
        const dt = to.t - from.t
        const first = await velocity(model, denoise, x, from, signal)
        const guess = mix([1, x], [dt, first])
        if (!(to.sigma > 0)) return { x: guess, model }
        signal.throwIfAborted()
        const second = await velocity(model, denoise, guess, to, signal)
        return { x: mix([1, x], [dt / 2, first], [dt / 2, second]), model }
      },
    }
  },
})
