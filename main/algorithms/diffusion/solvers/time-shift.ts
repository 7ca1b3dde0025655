import { z } from 'zod'
import { ddimStep } from '../../../math/ddim-step.ts'
import type { Node } from '../../../math/gaussian-path.ts'
import { nodeOfLevel, tableOfPath } from '../../../math/timesteps.ts'
import { define, Refusal } from '../../define.ts'
import type { Course, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly course: Course
  readonly index: number
  /** The level that the state's own variance speaks for; null where the scheduled one holds. */
  readonly shifted: number | null
  /** For each step the timestep the network was told, and the level gone to: what the strip under a preview shows. */
  readonly report: { readonly asked: readonly number[]; readonly targets: readonly number[] }
}

const params = z.object({
  mode: z.enum(['target', 'both', 'network']).default('target').meta({
    title: 'Mode',
    description: 'What is shifted: the level a step goes to, network and step alike, or only the time the network is told.',
  }),
  window: z.int().min(0).max(1000).nullable().default(null).meta({
    title: 'Reach',
    description: 'How many levels a shift may choose from. Empty for 400 shared out among the steps: 40 at ten steps.',
  }),
  cutoff: z
    .int()
    .min(0)
    .max(999)
    .default(300)
    .meta({ title: 'Cutoff', description: 'Levels up to this one are never shifted: there the picture’s own variance counts.' }),
})

/** Levels of reach that the steps share: fewer steps are further apart, and lag further behind. */
const SHARED = 400

/** Variance of all values of one sample, divided by one less than their number. */
export function varianceOf(x: Float64Array): number {
  if (x.length < 2) throw new RangeError('The variance of fewer than two values says nothing.')
  const mean = x.reduce((a, b) => a + b, 0) / x.length
  return x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (x.length - 1)
}

/** The level within the window around `centre` whose noise is nearest to the state's variance; of equals the cleanest. */
export function pickLevel(x: Float64Array, centre: number, window: number, abar: Float64Array): number {
  const half = Math.floor(window / 2)
  const variance = varianceOf(x)
  let best = Math.max(0, centre - half)
  for (let level = best; level <= Math.min(abar.length - 1, centre + half); level++)
    if ((variance - (1 - abar[level])) ** 2 < (variance - (1 - abar[best])) ** 2) best = level
  return best
}

/**
 * Time-Shift: with few steps the state no longer has the noise that the schedule says. Its level is read off its own variance and
 * the step is taken with that. No call is spent on it. One sample at a time; not invertible. On latents whose variance is about 1
 * at every level it cannot tell them apart.
 */
export const timeShift = define({
  id: 'time-shift',
  role: 'solver',
  title: 'DDIM with time shift',
  summary: 'Repairs drafts of 5 to 20 steps by the noise that is really left in them.',
  paper: {
    title: 'Alleviating Exposure Bias in Diffusion Models through Sampling with Shifted Time Steps',
    year: 2024,
    link: 'https://arxiv.org/abs/2305.15583',
  },
  params,
  needs: {},
  make: ({ mode, window, cutoff }): Solver<State> => {
    const pick = (x: Float64Array, { label }: Node, { legs, model }: Course): number | null => {
      if (label === undefined || label <= cutoff) return null
      const level = pickLevel(x, label, window ?? Math.round(SHARED / legs.length), tableOfPath(model.path).abar)
      return level === label ? null : level
    }
    return {
      order: 1,
      calls: (legs) => legs.length,
      start: (x, course) => {
        tableOfPath(course.model.path)
        if (course.legs.some(({ from }) => from.label === undefined))
          throw new Refusal(
            'The steps cannot be shifted.',
            'They do not fall on the levels the model was trained on.',
            'Choose even steps, or another sampler.',
          )
        return { x, course, index: 0, shifted: null, report: { asked: [], targets: [] } }
      },
      async step({ x, course, index, shifted, report }, denoise, from, to, signal) {
        const { path } = course.model
        const node = (level: number) => nodeOfLevel(tableOfPath(path), level)
        const felt = shifted === null ? from : node(shifted)
        const prediction = await denoise(x, felt, signal)
        // The step's coefficients stay on the schedule where only the network is told another time: the noise it sees is kept.
        const scheduled =
          mode === 'network' && felt !== from
            ? { eps: prediction.eps, x0: x.map((value, i) => (value - from.sigma * prediction.eps[i]) / from.alpha) }
            : prediction
        const level = mode === 'target' && index > 0 ? pick(x, to, course) : null
        const goal = level === null ? to : node(level)
        const next = ddimStep(scheduled, from, goal, 0, course.draw)
        return {
          x: next,
          course,
          index: index + 1,
          shifted: mode === 'target' ? null : pick(next, to, course),
          report: { asked: [...report.asked, felt.label ?? 0], targets: [...report.targets, goal.label ?? 0] },
        }
      },
    }
  },
})
