import { z } from 'zod'
import { CLEAN, legsOf, nodeAt } from '../../../math/gaussian-path.ts'
import { listedLegs, tableOfPath } from '../../../math/timesteps.ts'
import { define, Refusal } from '../../define.ts'

const found = z.object({
  kind: z.enum(['levels', 'times']).describe('Levels of the model’s table, or times on its path.'),
  at: z.array(z.number().min(0)).min(1).describe('Levels, in any order; or one more time than steps, falling.'),
})

/**
 * Steps found by search for one model: for each number of steps the list that gave the best pictures. Levels end on no noise.
 * With nothing found for a number of steps there is nothing to return: the even schedule is the artist's to choose.
 */
export const autoDiffusion = define({
  id: 'auto-diffusion',
  role: 'schedule',
  title: 'Found steps',
  summary: 'Steps found by search for one model: the same quality in fewer calls.',
  paper: {
    title: 'AutoDiffusion: Training-Free Optimization of Time Steps and Architectures for Automated Diffusion Model Acceleration',
    year: 2023,
    link: 'https://arxiv.org/abs/2309.10438',
  },
  params: z.object({
    found: z
      .array(found)
      .default([])
      .meta({ title: 'Found steps', description: 'What the search found, one list for each number of steps.' }),
  }),
  needs: {},
  make: ({ found }) => ({
    legs: (path, steps) => {
      const list = found.find(({ kind, at }) => at.length === (kind === 'levels' ? steps : steps + 1))
      if (!list)
        throw new Refusal(
          'There are no found steps to use.',
          `Nothing was found for ${steps} steps of this model yet.`,
          'Tune the model for so many steps, or choose even steps.',
        )
      if (list.kind === 'times') return legsOf(list.at.map((t) => nodeAt(path, t)))
      return listedLegs(
        tableOfPath(path),
        [...list.at].sort((a, b) => b - a),
        { ...CLEAN, label: 0 },
      )
    },
  }),
})
