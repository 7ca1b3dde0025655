import { z } from 'zod'
import { filterPlanes, powerLaw, synthesize } from '../../../math/spectrum.ts'
import { define } from '../../define.ts'
import type { SpectralPath } from '../../roles.ts'

const params = z.object({
  rows: z.int().min(1).max(4096).default(256),
  columns: z.int().min(1).max(4096).default(256),
  steps: z.int().min(3).max(10_000).default(1000).meta({ title: 'Steps', description: 'How finely the way from picture to noise is cut.' }),
  c1: z.number().gt(0).default(1.59).meta({ title: 'Power', description: 'Power of the spectrum c1 / |c2 + |f||^m.' }),
  c2: z.number().gt(0).default(0.0086),
  m: z
    .number()
    .gt(0)
    .max(6)
    .default(2)
    .meta({ title: 'Fall-off', description: 'How fast power falls with frequency: 0 is white, 2 is a natural picture.' }),
  measured: z
    .array(z.number().gt(0))
    .nullable()
    .default(null)
    .meta({ title: 'Measured spectrum', description: 'A measured spectrum, row by row, instead of the formula.' }),
})

/** No step may take away more than this. */
const MOST = 0.999

/** abar at tau: (1 - S^tau) / (1 - S), without cancellation where the power is near 1. */
const kept = (tau: number) => (power: number) => {
  const log = Math.log(power)
  return Math.abs(log) < 1e-12 ? tau : Math.expm1(tau * log) / Math.expm1(log)
}

/**
 * Shortest Path Diffusion: from the data's power spectrum S to white noise along the geodesic S^tau of the Fisher metric, tau from 1
 * to 0. Low frequencies fade and high ones rise at the right rate: sharpened and noisy, not blurred. Needs a network of its own, but
 * for textures, whose perfect network is known.
 */
export const shortestPath = define({
  id: 'shortest-path',
  role: 'spectral-path',
  title: 'Shortest path',
  summary: 'Endless tileable paper, canvas and grain from one swatch, and a slider from noise to texture.',
  paper: { title: 'Image generation with shortest path diffusion', year: 2023, link: 'https://arxiv.org/abs/2306.00501' },
  params,
  needs: {},
  make: ({ rows, columns, steps, c1, c2, m, measured }): SpectralPath => {
    const spectrum = measured ? Float64Array.from(measured) : powerLaw(rows, columns, c1, c2, m)
    if (spectrum.length !== rows * columns)
      throw new RangeError(`A spectrum of ${spectrum.length} values does not fit ${rows} × ${columns}.`)
    if (!spectrum.every((power) => Number.isFinite(power) && power > 0)) throw new RangeError('The spectrum holds what is no power.')

    const tables: { readonly abar: Float64Array; readonly beta: Float64Array }[] = []
    const table = (k: number) => {
      if (!(Number.isInteger(k) && k >= 0 && k < steps)) throw new RangeError(`Step ${k} lies outside 0..${steps - 1}.`)
      // Each table builds on the one before: what a step may take away is limited.
      for (let next = tables.length; next <= k; next++) {
        const tau = (steps - 1 - (next * (steps - 2)) / (steps - 1)) / steps
        const ideal = spectrum.map(kept(tau))
        const before = tables[next - 1]
        const wanted = next === 0 ? null : spectrum.map(kept((steps - 1 - ((next - 1) * (steps - 2)) / (steps - 1)) / steps))
        const beta = ideal.map((value, i) => Math.min(MOST, 1 - value / (wanted?.[i] ?? 1)))
        tables.push({ beta, abar: beta.map((share, i) => (1 - share) * (before?.abar[i] ?? 1)) })
      }
      return tables[k]
    }
    const roots = (values: Float64Array) => values.map((value) => Math.sqrt(value))
    const rest = (values: Float64Array) => values.map((value) => Math.sqrt(1 - value))
    const ones = spectrum.map(() => 1)
    const none = spectrum.map(() => 0)

    return {
      steps,
      spectrum,
      abar: (k) => table(k).abar,
      beta: (k) => table(k).beta,
      forward: (x0, z, k) => synthesize(rows, columns, [x0, roots(table(k).abar)], [z, rest(table(k).abar)]),
      ddim: (x, eps, k) => {
        const { abar } = table(k)
        const [signal, noise] = k === 0 ? [ones, none] : [roots(table(k - 1).abar), rest(table(k - 1).abar)]
        const scale = signal.map((value, i) => value / Math.sqrt(abar[i]))
        return synthesize(rows, columns, [x, scale], [eps, noise.map((value, i) => value - scale[i] * Math.sqrt(1 - abar[i]))])
      },
      ancestral: (x, eps, k, noise) => {
        const { abar, beta } = table(k)
        const scale = beta.map((share) => 1 / Math.sqrt(1 - share))
        const taken = beta.map((share, i) => (-scale[i] * share) / Math.sqrt(1 - abar[i]))
        const terms = [[x, scale] as const, [eps, taken] as const]
        return synthesize(rows, columns, ...(k > 0 ? [...terms, [noise, roots(beta)] as const] : terms))
      },
      gaussianNoise: (x, k) => {
        const { abar } = table(k)
        return filterPlanes(
          x,
          rows,
          columns,
          abar.map((share, i) => Math.sqrt(1 - share) / (share * spectrum[i] + 1 - share)),
        )
      },
      texture: (w, tau) => {
        if (!(tau >= 0 && tau <= 1)) throw new RangeError(`tau is ${tau}; it must lie in 0..1.`)
        return filterPlanes(
          w,
          rows,
          columns,
          spectrum.map((power) => power ** (tau / 2)),
        )
      },
    }
  },
})
