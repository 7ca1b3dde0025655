import type { z } from 'zod'
import { callsOf, type Recipe, recipeSchema } from './unified-recipe.ts'

/** A recipe that was found for a family of models. */
export interface Preset {
  readonly calls: number
  readonly family: string
  readonly source: string
  readonly recipe: Recipe
}

const found: readonly z.input<typeof recipeSchema>[] = [
  {
    timesteps: [1.0, 0.598432, 0.413181, 0.001088],
    unetSkip: [0.9808, 0.9898, 0.97, 0.9856, 0.9673, 0.9954, 1.0, 1.0, 0.9855, 0.9767, 0.9922, 0.9969],
    steps: [
      { pred: 'data', order: 1, points: [] },
      { pred: 'v3', order: 2, points: [[-2]], relax: { kind: 'linear', c: 0.022482 } },
      { pred: 'v3', order: 1, points: [] },
    ],
  },
  {
    timesteps: [1.0, 0.730383, 0.45072, 0.24201, 0.001274],
    unetSkip: [0.963, 1.0, 0.9856, 0.9926, 0.9896, 0.9568, 0.9593, 0.9932, 0.9736, 0.9712, 0.9908, 0.992],
    steps: [
      { pred: 'noise', order: 1, points: [] },
      { pred: 'noise', order: 2, points: [[-2]], relax: { kind: 'linear', c: -0.166667 } },
      {
        pred: 'noise',
        order: 3,
        points: [
          [-3, -2],
          [-3, -2],
        ],
        relax: { kind: 'linear', c: 0.005361 },
      },
      { pred: 'v3', order: 1, points: [] },
    ],
  },
  {
    timesteps: [1.0, 0.735031, 0.523376, 0.316225, 0.204414, 0.001432],
    unetSkip: [0.9879, 0.9948, 0.9955, 1.0, 0.9885, 0.985, 0.9877, 1.0, 0.986, 0.9898, 0.9895, 0.9822],
    steps: [
      { pred: 'noise', order: 1, points: [] },
      {
        pred: 'v3',
        order: 2,
        points: [[-2]],
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      { pred: 'data', order: 3, points: [[-2], [-3, -2]] },
      {
        pred: 'v3',
        order: 4,
        points: [
          [-3, -2],
          [-4, -3, -2],
          [-4, -3, -2],
        ],
        corrector: {
          order: 5,
          points: [
            [-4, -3, -1],
            [-5, -4, -3, -1],
            [-5, -4, -3, -1],
            [-5, -4, -3, -1],
          ],
        },
      },
      { pred: 'v3', order: 1, points: [] },
    ],
  },
  {
    timesteps: [1.0, 0.739745, 0.678278, 0.367483, 0.17576, 0.058272, 0.001118],
    unetSkip: [0.9843, 0.9876, 0.9611, 0.995, 0.9762, 0.9614, 0.994, 1.0, 1.0, 0.9973, 0.9818, 0.9903],
    steps: [
      { pred: 'data', order: 1, points: [], corrector: { order: 2, points: [[-1]] } },
      {
        pred: 'data',
        order: 2,
        points: [[-2]],
        relax: { kind: 'linear', c: -0.166667 },
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      { pred: 'data', order: 1, points: [], corrector: { order: 2, points: [[-1]] } },
      { pred: 'v3', order: 2, points: [[-2]], relax: { kind: 'linear', c: -0.222334 } },
      {
        pred: 'noise',
        order: 2,
        points: [[-2]],
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      { pred: 'data', order: 2, points: [[-2]] },
    ],
  },
  {
    timesteps: [1.0, 0.834255, 0.665612, 0.497642, 0.319733, 0.214637, 0.125013, 0.001402],
    unetSkip: null,
    steps: [
      { pred: 'data', order: 1, points: [] },
      { pred: 'noise', order: 2, points: [[-2]], relax: { kind: 'linear', c: 0.00825 } },
      {
        pred: 'noise',
        order: 2,
        points: [[-2]],
        relax: { kind: 'linear', c: 0.041798 },
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      {
        pred: 'v3',
        order: 2,
        points: [[-2]],
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      { pred: 'v3', order: 2, points: [[-2]] },
      { pred: 'v3', order: 2, points: [[-2]] },
      { pred: 'v3', order: 2, points: [[-2]] },
    ],
  },
  {
    timesteps: [1.0, 0.871934, 0.77384, 0.727347, 0.555969, 0.424553, 0.192533, 0.015477, 0.001092],
    unetSkip: [0.9734, 0.9743, 0.9714, 0.9985, 1.0, 0.9881, 0.9868, 0.9811, 0.9893, 0.9893, 1.0, 0.9874],
    steps: [
      { pred: 'v3', order: 1, points: [] },
      { pred: 'data', order: 2, points: [[-2]] },
      {
        pred: 'v3',
        order: 3,
        points: [
          [-3, -2],
          [-3, -2],
        ],
        corrector: {
          order: 4,
          points: [
            [-4, -3, -1],
            [-4, -3, -1],
            [-4, -3, -1],
          ],
        },
      },
      { pred: 'v3', order: 1, points: [], corrector: { order: 2, points: [[-1]] } },
      { pred: 'noise', order: 2, points: [[-2]], relax: { kind: 'linear', c: 0.03894 } },
      {
        pred: 'data',
        order: 2,
        points: [[-2]],
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      { pred: 'noise', order: 1, points: [], corrector: { order: 2, points: [[-1]] } },
      { pred: 'v3', order: 2, points: [[-2]] },
    ],
  },
  {
    timesteps: [1.0, 0.807602, 0.662695, 0.619347, 0.545117, 0.398989, 0.234678, 0.227339, 0.093956, 0.001477],
    unetSkip: [0.9913, 0.9992, 0.9947, 0.9838, 1.0, 0.9806, 1.0, 0.9757, 1.0, 0.9996, 0.9957, 0.9768],
    steps: [
      { pred: 'data', order: 1, points: [] },
      { pred: 'v3', order: 1, points: [] },
      {
        pred: 'data',
        order: 3,
        points: [
          [-3, -2],
          [-3, -2],
        ],
      },
      { pred: 'v3', order: 1, points: [] },
      { pred: 'v3', order: 2, points: [[-2]], relax: { kind: 'linear', c: 0.042495 } },
      { pred: 'v3', order: 2, points: [[-2]] },
      {
        pred: 'noise',
        order: 3,
        points: [
          [-3, -2],
          [-3, -2],
        ],
      },
      { pred: 'v3', order: 2, points: [[-2]] },
      { pred: 'v3', order: 2, points: [[-2]] },
    ],
  },
  {
    timesteps: [1.0, 0.779913, 0.721954, 0.688209, 0.680682, 0.522508, 0.42306, 0.302899, 0.191176, 0.079495, 0.001],
    unetSkip: [0.9832, 0.9744, 0.9506, 0.957, 0.9725, 0.9929, 0.9376, 0.9763, 1.0, 0.9629, 0.9629, 1.0],
    steps: [
      { pred: 'noise', order: 1, points: [], corrector: { order: 2, points: [[-1]] } },
      { pred: 'v3', order: 1, points: [] },
      { pred: 'v3', order: 2, points: [[-2]] },
      { pred: 'v3', order: 1, points: [] },
      { pred: 'noise', order: 1, points: [] },
      {
        pred: 'v3',
        order: 2,
        points: [[-2]],
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      { pred: 'v3', order: 2, points: [[-2]] },
      {
        pred: 'data',
        order: 2,
        points: [[-2]],
        corrector: {
          order: 3,
          points: [
            [-3, -1],
            [-3, -1],
          ],
        },
      },
      { pred: 'data', order: 2, points: [[-2]] },
      { pred: 'v3', order: 2, points: [[-2]] },
    ],
  },
]

/**
 * Recipes for Stable Diffusion 1.4 at guidance 7.5, found by the authors of the paper; values rounded to six decimals. Steps that use
 * statistics hold the picture still on a model that was not measured; the factors of skip connections count only where a network
 * takes them. With either missing a recipe is worse than its authors report.
 */
export const presets: readonly Preset[] = found.map((given) => {
  const recipe = recipeSchema.parse(given)
  return {
    calls: callsOf(recipe),
    family: 'Stable Diffusion 1.x',
    source: 'A Unified Sampling Framework for Solver Searching of Diffusion Probabilistic Models, 2023, https://arxiv.org/abs/2312.07243',
    recipe,
  }
})
