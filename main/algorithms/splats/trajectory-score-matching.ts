import { z } from 'zod'
import type { Node } from '../../math/gaussian-path.ts'
import { mix } from '../../math/mix.ts'
import type { NoiseTable } from '../../math/noise-table.ts'
import type { Denoise } from '../../math/prediction.ts'
import { roundHalfEven } from '../../math/rounding.ts'
import { nodeOfLevel } from '../../math/timesteps.ts'
import { define } from '../define.ts'
import type { GuidanceRange, GuidedView, ViewSlope, Voices } from '../splats.ts'

const params = z.object({
  kind: z.enum(['trajectory', 'interval']).default('trajectory').meta({
    title: 'Kind',
    description: 'Compared a little before the judgement (trajectory), or where the ways part (interval), at one call less.',
  }),
  gamma: z.number().min(0).max(1).default(0.3).meta({
    title: 'Parting',
    description: 'How far before the judgement the comparison is made: 1 where the ways part, 0 at the judgement itself.',
  }),
  guidance: z.number().min(0).max(100).default(7.5).meta({ title: 'Guidance' }),
  weight: z.number().gt(0).default(0.1).meta({ title: 'Weight' }),
  warmup: z.int().min(1).default(750).meta({ title: 'Warm-up', description: 'Iterations over which the range of levels narrows.' }),
  delta: z.int().min(1).max(200).default(80).meta({ title: 'Interval' }),
  deltaStart: z.int().min(1).max(200).default(100).meta({ title: 'First interval' }),
})
type Settings = z.output<typeof params>

/** Levels from one call to the next on the way to where the paths part. */
export const STRIDE = 200
/** The most calls on that way. */
export const MOST_CALLS = 5
/** Levels that are judged: from 20 up to 500, at the start 480 further. */
const [LOWEST, HIGHEST, WIDER] = [20, 500, 480]

/** Level i of the method is level i + 1 of the table: Stable Diffusion's levels begin one above the cleanest. */
const nodeOf = (table: NoiseTable, index: number): Node => nodeOfLevel(table, index + 1)

/** The step of DDIM with a given noise. */
function moved(x: Float64Array, eps: Float64Array, from: Node, to: Node): Float64Array {
  const ratio = to.alpha / from.alpha
  return mix([ratio, x], [to.sigma - ratio * from.sigma, eps])
}

/** The levels that may be judged at an iteration, [from, to), and the interval: both shrink to their last values by `warmup`. */
export function rangeAt(
  iteration: number,
  { warmup, delta, deltaStart }: Pick<Settings, 'warmup' | 'delta' | 'deltaStart'>,
): GuidanceRange {
  const rate = 1 - Math.min(iteration / warmup, 1)
  return { rate, delta: Math.trunc(delta + rate * (deltaStart - delta)), from: LOWEST, to: HIGHEST + Math.trunc(WIDER * rate) }
}

/** Each pixel's slope, [pixel, channel], shortened as a whole where a channel of it is longer than `most`: directions stay. */
export function clipPixels(slope: Float64Array, channels: number, most: number): Float64Array {
  const out = slope.slice()
  for (let at = 0; at < out.length; at += channels) {
    let longest = 0
    for (let channel = 0; channel < channels; channel++) longest = Math.max(longest, Math.abs(out[at + channel]))
    if (longest > most) for (let channel = 0; channel < channels; channel++) out[at + channel] *= most / longest
  }
  return out
}

async function slopeOf(
  { z: view, noise, table, t, delta }: GuidedView,
  voices: Voices,
  signal: AbortSignal,
  settings: Settings,
): Promise<ViewSlope> {
  if (!(Number.isInteger(t) && t >= 0 && t + 1 < table.abar.length))
    throw new RangeError(`Level ${t} is none of the ${table.abar.length - 1} there are.`)
  if (!(Number.isInteger(delta) && delta >= 1)) throw new RangeError(`An interval of ${delta} levels is none.`)
  if (noise.length !== view.length) throw new RangeError(`${noise.length} numbers of noise do not fit a view of ${view.length}.`)
  let calls = 0
  const ask = async (voice: Denoise, x: Float64Array, index: number) => {
    signal.throwIfAborted()
    calls++
    return (await voice(x, nodeOf(table, index), signal)).eps
  }
  const s = Math.max(0, t - delta)
  const first = nodeOf(table, 0)
  let x = mix([first.alpha, view], [first.sigma, noise])
  const path = [0]
  do {
    const at = path[path.length - 1]
    const next = Math.min(at + STRIDE, s)
    x = moved(x, await ask(voices.empty, x, at), nodeOf(table, at), nodeOf(table, next))
    path.push(next)
  } while (path[path.length - 1] < s && path.length <= MOST_CALLS)
  const atParting = nodeOf(table, s)
  const noiseAtParting = await ask(voices.empty, x, s)
  const judged = moved(x, noiseAtParting, atParting, nodeOf(table, t))

  const isInterval = settings.kind === 'interval'
  const mu = isInterval ? s : roundHalfEven(s + (t - s) * Math.sqrt(1 - settings.gamma ** 2))
  const compared = mu === s ? x : moved(x, noiseAtParting, atParting, nodeOf(table, mu))
  const noiseCompared = isInterval ? noiseAtParting : await ask(voices.empty, compared, mu)
  const without = await ask(voices.negative, judged, t)
  const withWords = await ask(voices.prompt, judged, t)
  const guided = mix([1 - settings.guidance, without], [settings.guidance, withWords])

  const { alpha, sigma } = nodeOf(table, t)
  const weight = sigma / alpha
  const scale = settings.weight * weight
  const slope = mix([scale, guided], [-scale, noiseCompared]).map((value) => (Number.isFinite(value) ? value : 0))
  return {
    ...{ slope, calls, path, weight, levels: { parting: s, compared: mu } },
    states: { parting: x, compared, judged },
    noises: { parting: noiseAtParting, compared: noiseCompared, judged: guided },
  }
}

/**
 * Score distillation along the model's own way: a view is brought to a level s by DDIM without words, and from there by one step to the
 * level t and to one a little before it. The slope is the difference of what the model says at t with words from what it says at the
 * other without: both come from the same place, so that what they share cancels. Nothing flows through the network.
 */
export const trajectoryScoreMatching = define({
  id: 'trajectory-score-matching',
  role: 'view-guidance',
  title: 'Sculpt from words',
  summary: 'Forms an object of splats by what a model of pictures says of its views.',
  paper: {
    title: 'Dreamer XL: Towards High-Resolution Text-to-3D Generation via Trajectory Score Matching',
    year: 2024,
    link: 'https://arxiv.org/abs/2405.11252',
  },
  params,
  needs: {},
  make: (settings) => ({
    slope: (view, voices, signal) => slopeOf(view, voices, signal, settings),
    range: (iteration) => rangeAt(iteration, settings),
  }),
})
