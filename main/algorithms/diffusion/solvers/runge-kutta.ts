import { z } from 'zod'
import { isBeyond, type Node, nodeAt } from '../../../math/gaussian-path.ts'
import { mix } from '../../../math/mix.ts'
import { encode } from '../../../math/prediction.ts'
import { define } from '../../define.ts'
import type { Model, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly model: Model
}

/**
 * The classical method of Runge and Kutta in the path's own time: four velocities a step, fourth order. For references.
 * A step beyond the end of the path, onto no noise, is the clean picture as it is told at its start.
 */
export const rungeKutta = define({
  id: 'runge-kutta',
  role: 'solver',
  title: 'Runge and Kutta',
  summary: 'Four calls a step, fourth order: slow and exact, to measure others by.',
  paper: {
    title: 'Beitrag zur näherungsweisen Integration totaler Differentialgleichungen',
    year: 1901,
    link: 'https://zbmath.org/?q=an:32.0332.02',
  },
  params: z.object({}),
  needs: {},
  make: (): Solver<State> => ({
    order: 4,
    calls: (legs) => 4 * legs.length,
    start: (x, { model }) => ({ x, model }),
    async step({ x, model }, denoise, from, to, signal) {
      const { path } = model
      if (isBeyond(path, to)) return { x: mix([to.alpha, (await denoise(x, from, signal)).x0]), model }
      const slope = async (state: Float64Array, at: Node) => {
        signal.throwIfAborted()
        return encode(await denoise(state, at, signal), [path.dAlpha(at.t), path.dSigma(at.t)])
      }
      const dt = to.t - from.t
      const middle = nodeAt(path, from.t + dt / 2)
      const k1 = await slope(x, from)
      const k2 = await slope(mix([1, x], [dt / 2, k1]), middle)
      const k3 = await slope(mix([1, x], [dt / 2, k2]), middle)
      const k4 = await slope(mix([1, x], [dt, k3]), to)
      return { x: mix([1, x], [dt / 6, k1], [dt / 3, k2], [dt / 3, k3], [dt / 6, k4]), model }
    },
  }),
})
