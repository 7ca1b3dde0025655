import { z } from 'zod'
import { define } from '../../define.ts'

/**
 * The cosine path: alpha = cos((t + s) / (1 + s) pi / 2), divided by its value at t = 0.
 */
export const vpCosine = define({
  id: 'vp-cosine',
  role: 'path',
  title: 'Variance preserving, cosine',
  summary: 'Signal fades like a quarter of a cosine: gentle at both ends.',
  paper: { title: 'Improved Denoising Diffusion Probabilistic Models', year: 2021, link: 'https://arxiv.org/abs/2102.09672' },
  params: z.object({
    s: z
      .number()
      .gt(0)
      .lt(0.5)
      .default(0.008)
      .meta({ title: 'Offset', description: 'Offset that keeps the first steps from being too small.' }),
    tNoise: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.9946)
      .meta({ title: 'Start', description: 'The time at which generation starts; at 1 there is no signal.' }),
    tData: z.number().gt(0).lt(1).default(0.001).meta({ title: 'End', description: 'The time at which generation ends.' }),
  }),
  needs: {},
  make: ({ s, tNoise, tData }) => {
    const angle = (t: number) => (((t + s) / (1 + s)) * Math.PI) / 2
    const rate = Math.PI / 2 / (1 + s)
    const top = Math.cos(angle(0))
    const alpha = (t: number) => Math.cos(angle(t)) / top
    // 1 - alpha² as a difference of squared sines: exact where alpha is close to 1.
    const sigma = (t: number) => Math.sqrt(Math.sin(angle(t) - angle(0)) * Math.sin(angle(t) + angle(0))) / top
    const dAlpha = (t: number) => (-Math.sin(angle(t)) * rate) / top
    return {
      tNoise,
      tData,
      table: null,
      alpha,
      sigma,
      dAlpha,
      dSigma: (t) => (-alpha(t) * dAlpha(t)) / sigma(t),
      tOfLambda: (lambda) => {
        if (!Number.isFinite(lambda)) throw new RangeError(`lambda ${lambda} lies on no path.`)
        return (Math.acos(top / Math.sqrt(1 + Math.exp(-2 * lambda))) / (Math.PI / 2)) * (1 + s) - s
      },
    }
  },
})
