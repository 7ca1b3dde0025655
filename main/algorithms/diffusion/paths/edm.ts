import { z } from 'zod'
import { define } from '../../define.ts'

/** The variance-exploding path of Karras et al.: alpha = 1, sigma = t. */
export const edm = define({
  id: 'edm',
  role: 'path',
  title: 'Variance exploding',
  summary: 'The picture stays as it is and noise is laid over it; time is the noise’s deviation.',
  paper: {
    title: 'Elucidating the Design Space of Diffusion-Based Generative Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2206.00364',
  },
  params: z.object({
    sigmaMax: z.number().gt(0).default(80).meta({ title: 'Most noise', description: 'Deviation of the noise at the start.' }),
    sigmaMin: z.number().gt(0).default(0.002).meta({ title: 'Least noise', description: 'Deviation of the noise at the end.' }),
  }),
  needs: {},
  make: ({ sigmaMax, sigmaMin }) => {
    if (!(sigmaMin < sigmaMax)) throw new RangeError(`The noise must fall: from ${sigmaMax} to ${sigmaMin} it does not.`)
    return {
      tNoise: sigmaMax,
      tData: sigmaMin,
      table: null,
      alpha: () => 1,
      sigma: (t) => t,
      dAlpha: () => 0,
      dSigma: () => 1,
      tOfLambda: (lambda) => {
        const sigma = Math.exp(-lambda)
        if (!(Number.isFinite(sigma) && sigma > 0)) throw new RangeError(`lambda ${lambda} lies on no path.`)
        return sigma
      },
    }
  },
})
