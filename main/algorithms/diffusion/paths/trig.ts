import { z } from 'zod'
import { define } from '../../define.ts'

/** The trigonometric path: alpha = sin(pi t / 2), sigma = cos(pi t / 2), from noise at 0 to data at 1. */
export const trig = define({
  id: 'trig',
  role: 'path',
  title: 'Trigonometric',
  summary: 'Noise turns into picture along a quarter circle; the overall spread stays even.',
  paper: { title: 'Building Normalizing Flows with Stochastic Interpolants', year: 2023, link: 'https://arxiv.org/abs/2209.15571' },
  params: z.object({}),
  needs: {},
  make: () => {
    const half = Math.PI / 2
    const alpha = (t: number) => Math.sin(half * t)
    const sigma = (t: number) => (t === 1 ? 0 : Math.cos(half * t))
    return {
      tNoise: 0,
      tData: 1,
      table: null,
      alpha,
      sigma,
      dAlpha: (t) => half * sigma(t),
      dSigma: (t) => -half * alpha(t),
      tOfLambda: (lambda) => {
        if (Number.isNaN(lambda)) throw new RangeError('lambda is no number.')
        return Math.atan(Math.exp(lambda)) / half
      },
    }
  },
})
