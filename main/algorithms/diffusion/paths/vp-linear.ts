import { z } from 'zod'
import { define } from '../../define.ts'

/**
 * The variance-preserving path of the score SDE: beta(t) runs linearly, ln alpha = -t² (b1 - b0) / 4 - t b0 / 2.
 */
export const vpLinear = define({
  id: 'vp-linear',
  role: 'path',
  title: 'Variance preserving, linear',
  summary: 'Noise grows at a rate that rises evenly; continuous time.',
  paper: {
    title: 'Score-Based Generative Modeling through Stochastic Differential Equations',
    year: 2021,
    link: 'https://arxiv.org/abs/2011.13456',
  },
  params: z.object({
    beta0: z.number().gt(0).default(0.1).meta({ title: 'First rate', description: 'Rate at the data.' }),
    beta1: z.number().gt(0).default(20).meta({ title: 'Last rate', description: 'Rate at the noise.' }),
    tData: z.number().gt(0).lt(1).default(0.001).meta({ title: 'End', description: 'The time at which generation ends.' }),
  }),
  needs: {},
  make: ({ beta0, beta1, tData }) => {
    const logAlpha = (t: number) => (-t * t * (beta1 - beta0)) / 4 - (t * beta0) / 2
    const slope = (t: number) => (-t * (beta1 - beta0)) / 2 - beta0 / 2
    const alpha = (t: number) => Math.exp(logAlpha(t))
    const sigma = (t: number) => Math.sqrt(-Math.expm1(2 * logAlpha(t)))
    return {
      tNoise: 1,
      tData,
      table: null,
      alpha,
      sigma,
      dAlpha: (t) => alpha(t) * slope(t),
      dSigma: (t) => (-(alpha(t) ** 2) * slope(t)) / sigma(t),
      tOfLambda: (lambda) => {
        const need = Math.log1p(Math.exp(-2 * lambda)) / 2
        if (!Number.isFinite(need) || need === 0) throw new RangeError(`lambda ${lambda} lies on no path.`)
        // The positive root of t² (b1 - b0) / 4 + t b0 / 2 = need, in the form that does not cancel.
        return (4 * need) / (beta0 + Math.sqrt(beta0 * beta0 + 4 * (beta1 - beta0) * need))
      },
    }
  },
})
