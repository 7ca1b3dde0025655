import { z } from 'zod'
import { lambdaOf, legsOf, nodeAt } from '../../../math/gaussian-path.ts'
import { define } from '../../define.ts'

/** Even steps in lambda, half the logarithm of the signal-to-noise ratio: what exponential solvers have the least error on. */
export const logSnr = define({
  id: 'log-snr',
  role: 'schedule',
  title: 'Even in signal-to-noise',
  summary: 'Steps of equal length in how far the picture stands out of the noise.',
  paper: {
    title: 'DPM-Solver: A Fast ODE Solver for Diffusion Probabilistic Model Sampling',
    year: 2022,
    link: 'https://arxiv.org/abs/2206.00927',
  },
  params: z.object({
    margin: z
      .number()
      .gt(0)
      .lt(0.1)
      .default(0.001)
      .meta({ title: 'Margin', description: 'How far from a pure end to stay, as a share of the path’s time.' }),
  }),
  needs: {},
  make: ({ margin }) => ({
    legs: (path, steps) => {
      if (!(Number.isInteger(steps) && steps >= 1))
        throw new RangeError(`The number of steps is ${steps}; it must be a whole number above 0.`)
      const span = path.tData - path.tNoise
      // lambda is infinite at an end of pure noise or pure signal: such an end is approached, not reached.
      const start = Number.isFinite(lambdaOf(nodeAt(path, path.tNoise))) ? path.tNoise : path.tNoise + margin * span
      const end = Number.isFinite(lambdaOf(nodeAt(path, path.tData))) ? path.tData : path.tData - margin * span
      const first = lambdaOf(nodeAt(path, start))
      const last = lambdaOf(nodeAt(path, end))
      const timeOf = (i: number) => (i === 0 ? start : i === steps ? end : path.tOfLambda(first + ((last - first) * i) / steps))
      return legsOf(Array.from({ length: steps + 1 }, (_, i) => nodeAt(path, timeOf(i))))
    },
  }),
})
