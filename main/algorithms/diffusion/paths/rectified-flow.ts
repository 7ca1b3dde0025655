import { z } from 'zod'
import { define } from '../../define.ts'

/**
 * The straight path: x(t) = t x0 + (1 - t) eps, from noise at 0 to data at 1. Its velocity is x0 - eps.
 * Also that of PMRF's flow, of conditional optimal transport and, with time turned round, of the SD3 and FLUX family.
 */
export const rectifiedFlow = define({
  id: 'rectified-flow',
  role: 'path',
  title: 'Rectified flow',
  summary: 'Noise and picture are joined by straight lines: the fewest steps where a model was trained for it.',
  paper: {
    title: 'Flow Straight and Fast: Learning to Generate and Transfer Data with Rectified Flow',
    year: 2023,
    link: 'https://arxiv.org/abs/2209.03003',
  },
  params: z.object({}),
  needs: {},
  make: () => ({
    tNoise: 0,
    tData: 1,
    table: null,
    alpha: (t) => t,
    sigma: (t) => 1 - t,
    dAlpha: () => 1,
    dSigma: () => -1,
    tOfLambda: (lambda) => {
      if (Number.isNaN(lambda)) throw new RangeError('lambda is no number.')
      return 1 / (1 + Math.exp(-lambda))
    },
  }),
})
