import { z } from 'zod'
import { legsOf, nodeAt } from '../../../math/gaussian-path.ts'
import { ddimLegs, ddimTimesteps } from '../../../math/timesteps.ts'
import { define } from '../../define.ts'

/**
 * Even steps in time. On a table of levels these are the timesteps Stable Diffusion's models are used with: a leg goes from its
 * level t to t - floor(N / S), and below level 0 it lands as the model's configuration says. On other paths time is cut evenly.
 * With `timesteps` at hand, trailing suits models made for few steps, leading is the habit of Stable Diffusion.
 */
export const uniform = define({
  id: 'uniform',
  role: 'schedule',
  title: 'Even',
  summary: 'Steps of equal length in time.',
  paper: { title: 'Denoising Diffusion Implicit Models', year: 2021, link: 'https://arxiv.org/abs/2010.02502' },
  params: z.object({
    spacing: z
      .enum(['leading', 'trailing', 'linspace'])
      .default('leading')
      .meta({ title: 'Spacing', description: 'Which levels of a table are visited.' }),
    offset: z.int().min(0).max(100).default(1).meta({ title: 'Offset', description: 'Added to every level of the leading kind.' }),
    inset: z.number().min(0).lt(0.1).default(0).meta({
      title: 'Left out at the noise',
      description: 'On paths without levels: share of the way left out at the noise, the steps staying as long as without.',
    }),
    landing: z
      .enum(['first', 'clean'])
      .default('first')
      .meta({ title: 'Landing', description: 'Where the last step lands: on the cleanest level, or on no noise.' }),
  }),
  needs: {},
  make: ({ spacing, offset, inset, landing }) => ({
    legs: (path, steps) => {
      if (path.table) return ddimLegs(path.table, ddimTimesteps(path.table.abar.length, steps, spacing, offset), landing)
      if (!(Number.isInteger(steps) && steps >= 1))
        throw new RangeError(`The number of steps is ${steps}; it must be a whole number above 0.`)
      const span = path.tData - path.tNoise
      const timeOf = (i: number) => (i === steps ? path.tData : path.tNoise + (span * i) / steps)
      if (inset === 0) return legsOf(Array.from({ length: steps + 1 }, (_, i) => nodeAt(path, timeOf(i))))
      // As the models of rectified flow were trained and sampled: times from `inset` on, but full steps, the last a little past the end.
      return Array.from({ length: steps }, (_, i) => {
        const t = path.tNoise + span * ((i / steps) * (1 - inset) + inset)
        const to = t + span / steps
        const past = (to - path.tData) * Math.sign(span) > 0
        return { from: nodeAt(path, t), to: { ...nodeAt(path, past ? path.tData : to), t: to } }
      })
    },
  }),
})
