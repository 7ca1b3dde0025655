import { z } from 'zod'
import { type Leg, legsOf } from '../../../math/gaussian-path.ts'
import { ddimTimesteps, ratioAt, type Spacing, tableOfPath } from '../../../math/timesteps.ts'
import { define } from '../../define.ts'

/** What unit noise is multiplied by at the start: the noise’s own deviation, or with leading timesteps that of noise and picture. */
export function startScale(legs: readonly Leg[], spacing: Spacing): number {
  const { sigma } = legs[0].from
  return spacing === 'leading' ? Math.sqrt(sigma * sigma + 1) : sigma
}

/**
 * The levels of a table as noise laid over an unscaled picture: nodes of the variance-exploding path, whose time is the ratio of
 * noise to signal, down to none. Timesteps are those of the even schedule; those of linspace stay unrounded, and the ratio is
 * read between levels.
 */
export const eulerDiscrete = define({
  id: 'euler-discrete',
  role: 'schedule',
  title: 'Even, noise unscaled',
  summary: 'The usual timesteps of the Euler samplers, for models made for a few steps.',
  paper: {
    title: 'Elucidating the Design Space of Diffusion-Based Generative Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2206.00364',
  },
  params: z.object({
    spacing: z
      .enum(['linspace', 'leading', 'trailing'])
      .default('linspace')
      .meta({ title: 'Spacing', description: 'Which levels are visited.' }),
    offset: z.int().min(0).max(100).default(0).meta({ title: 'Offset', description: 'Added to every level of the leading kind.' }),
  }),
  needs: {},
  make: ({ spacing, offset }) => ({
    legs: (path, steps) => {
      const table = tableOfPath(path)
      const top = table.abar.length - 1
      const rounded = ddimTimesteps(table.abar.length, steps, spacing, offset)
      const timesteps =
        spacing === 'linspace' && steps > 1 ? Array.from({ length: steps }, (_, i) => (top * (steps - 1 - i)) / (steps - 1)) : rounded
      const nodes = timesteps.map((label) => {
        const ratio = ratioAt(table, label)
        return { t: ratio, alpha: 1, sigma: ratio, label }
      })
      return legsOf([...nodes, { t: 0, alpha: 1, sigma: 0, label: 0 }])
    },
  }),
})
