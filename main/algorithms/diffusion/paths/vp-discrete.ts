import { z } from 'zod'
import type { Path } from '../../../math/gaussian-path.ts'
import { betasOf, type NoiseTable, tableOf, withZeroSignal } from '../../../math/noise-table.ts'
import { define } from '../../define.ts'

/**
 * The path of a table of noise levels made continuous: t_n = (n + 1) / N, ln alpha linear between the levels and beyond them.
 * At a level the slope is that of the segment below it; times are compared as doubles, never by rounding t N.
 */
export function discretePath(table: NoiseTable): Path {
  const { abar } = table
  const count = abar.length
  const times = Float64Array.from(abar, (_, n) => (n + 1) / count)
  const logs = Float64Array.from(abar, (value, n) => {
    if (!(value >= 0 && value <= 1) || (n > 0 && value >= abar[n - 1])) throw new RangeError(`Level ${n} of the table is ${value}.`)
    // A level without signal has no logarithm; the usual stand-in keeps every coefficient finite.
    return Math.log(Math.max(value, 2 ** -24)) / 2
  })

  /** The segment whose half-open span (t_n, t_(n+1)] holds t; the first and last reach on beyond the ends. */
  const segmentAt = (t: number): number => {
    let low = 0
    let high = count - 2
    while (low < high) {
      const middle = (low + high) >> 1
      if (t <= times[middle + 1]) high = middle
      else low = middle + 1
    }
    return low
  }
  const slopeOf = (n: number) => (logs[n + 1] - logs[n]) / (times[n + 1] - times[n])
  const logAlpha = (t: number): number => {
    if (!Number.isFinite(t)) throw new RangeError(`The time ${t} is no time on the path.`)
    const n = segmentAt(t)
    return t === times[n + 1] ? logs[n + 1] : logs[n] + slopeOf(n) * (t - times[n])
  }
  const alpha = (t: number) => Math.exp(logAlpha(t))
  const sigma = (t: number) => Math.sqrt(-Math.expm1(2 * logAlpha(t)))

  return {
    tNoise: 1,
    tData: times[0],
    table,
    alpha,
    sigma,
    dAlpha: (t) => alpha(t) * slopeOf(segmentAt(t)),
    dSigma: (t) => (-(alpha(t) ** 2) * slopeOf(segmentAt(t))) / sigma(t),
    tOfLambda: (lambda) => {
      // ln alpha at this lambda, without cancellation: alpha^2 = 1 / (1 + e^(-2 lambda)).
      const wanted = -Math.log1p(Math.exp(-2 * lambda)) / 2
      if (!Number.isFinite(wanted)) throw new RangeError(`lambda ${lambda} lies on no path.`)
      let low = 0
      let high = count - 2
      while (low < high) {
        const middle = (low + high) >> 1
        if (wanted >= logs[middle + 1]) high = middle
        else low = middle + 1
      }
      const t = times[low] + (wanted - logs[low]) / slopeOf(low)
      // The straight continuation of ln alpha reaches 0, the clean picture, below the first level: there is no earlier time.
      if (!(logAlpha(t) < 0)) throw new RangeError(`lambda ${lambda} lies beyond the end of the path.`)
      return t
    },
  }
}

/** Stable Diffusion's path, and that of every model trained on a table of betas (Ho et al.). */
export const vpDiscrete = define({
  id: 'vp-discrete',
  role: 'path',
  title: 'Variance preserving, discrete',
  summary: 'The noise levels of Stable Diffusion and its kin: a thousand steps, made continuous.',
  paper: { title: 'Denoising Diffusion Probabilistic Models', year: 2020, link: 'https://arxiv.org/abs/2006.11239' },
  params: z.object({
    form: z
      .enum(['scaled_linear', 'linear', 'squaredcos_cap_v2'])
      .default('scaled_linear')
      .meta({ title: 'Form', description: 'How the betas run.' }),
    betaStart: z.number().gt(0).lt(1).default(0.00085).meta({ title: 'First beta', description: 'The first beta.' }),
    betaEnd: z.number().gt(0).lt(1).default(0.012).meta({ title: 'Last beta', description: 'The last beta.' }),
    count: z.int().min(2).max(10_000).default(1000).meta({ title: 'Levels', description: 'How many levels.' }),
    trainedBetas: z
      .array(z.number().gt(0).lt(1))
      .min(2)
      .nullable()
      .default(null)
      .meta({ title: 'Own betas', description: 'A list of betas of the model’s own.' }),
    zeroSignal: z
      .boolean()
      .default(false)
      .meta({ title: 'No signal at the end', description: 'Was the table stretched so that its last level holds no signal?' }),
  }),
  needs: {},
  make: ({ form, betaStart, betaEnd, count, trainedBetas, zeroSignal }) => {
    const table = tableOf(trainedBetas ? Float64Array.from(trainedBetas) : betasOf(form, betaStart, betaEnd, count))
    return discretePath(zeroSignal ? withZeroSignal(table) : table)
  },
})
