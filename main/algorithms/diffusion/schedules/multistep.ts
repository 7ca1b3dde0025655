import { z } from 'zod'
import { CLEAN, legsOf } from '../../../math/gaussian-path.ts'
import { multistepTimesteps, nodeOfRatio, ratioAt, tableOfPath } from '../../../math/timesteps.ts'
import { define } from '../../define.ts'

/**
 * Even timesteps as DPM-Solver++ and UniPC are used with: one more than the steps is laid out, and the last gives way to the
 * landing, which is no noise at all or the cleanest level.
 */
export const multistep = define({
  id: 'multistep',
  role: 'schedule',
  title: 'Even, for multistep solvers',
  summary: 'The usual timesteps of DPM++ and UniPC.',
  paper: {
    title: 'DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2211.01095',
  },
  params: z.object({
    spacing: z
      .enum(['linspace', 'leading', 'trailing'])
      .default('linspace')
      .meta({ title: 'Spacing', description: 'Which levels are visited.' }),
    offset: z.int().min(0).max(100).default(0).meta({ title: 'Offset', description: 'Added to every level of the leading kind.' }),
    landing: z
      .enum(['zero', 'sigma_min'])
      .default('zero')
      .meta({ title: 'Landing', description: 'Noise left at the end: none, or that of the cleanest level.' }),
  }),
  needs: {},
  make: ({ spacing, offset, landing }) => ({
    legs: (path, steps) => {
      const table = tableOfPath(path)
      const count = table.abar.length
      const node = (level: number) => nodeOfRatio(ratioAt(table, level), (level + 1) / count, level)
      const last = landing === 'zero' ? { ...CLEAN, label: 0 } : node(0)
      return legsOf([...multistepTimesteps(count, steps, spacing, offset).map(node), last])
    },
  }),
})
