import { z } from 'zod'
import { integrate, type Tick } from '../../../math/integrate.ts'
import { expectFinite } from '../../../math/mix.ts'
import { define } from '../../define.ts'
import type { Estimate, FrameDenoise, Sequence } from '../../measurement.ts'
import { bestKnots, bestPictures, type Factors, filled, firstFactors, objectiveOf, type Seen, sequenceOf } from './red-psm-model.ts'

const params = z.object({
  rank: z.int().min(1).max(32).nullable().default(null).meta({
    title: 'Pictures',
    description: 'Of how many pictures every frame is a mix; empty for a third of the frames, four at most. Six suit long clips.',
  }),
  knots: z.int().min(2).max(256).nullable().default(null).meta({
    title: 'Knots',
    description:
      'In how many moments the mixes are set; fewer make time smoother and take flicker out. Empty for about a quarter of the frames.',
  }),
  lambda: z.number().min(0).max(10).default(0.1).meta({ title: 'Denoising', description: 'How much each frame is cleaned by itself.' }),
  beta: z.number().gt(0).max(10).default(0.5).meta({ title: 'Coupling', description: 'How firmly the frames are held to the mixes.' }),
  xi: z.number().min(0).max(1).default(1e-6).meta({ title: 'Restraint of mixes', description: 'Keeps the mixes small.' }),
  chi: z
    .number()
    .min(0)
    .max(1)
    .default(1e-6)
    .meta({ title: 'Restraint of pictures', description: 'Keeps the pictures small; more where pixels were never seen.' }),
  iterations: z.int().min(1).max(500).default(20).meta({ title: 'Rounds', description: 'The most rounds.' }),
  clip: z.boolean().default(true).meta({ title: 'Clip', description: 'Show the denoiser values between black and white only.' }),
})
type Settings = z.output<typeof params>

export interface RedPsmState extends Estimate {
  readonly factors: Factors
  /** What the factors make, and what the estimate owes to it. */
  readonly made: Float64Array
  readonly dual: Float64Array
  /** Before and after each half of the round. */
  readonly objectives: readonly [before: number, afterPictures: number, afterKnots: number]
}

/** One round: pictures, knots, one step of the denoiser, the dual. */
async function round(state: RedPsmState, seen: Seen, denoise: FrameDenoise, settings: Settings, signal: AbortSignal): Promise<RedPsmState> {
  const { lambda, beta, clip } = settings
  const target = state.estimate.map((value, i) => value - state.dual[i])
  const before = objectiveOf(seen, state.factors, target, settings)
  const withPictures = { ...state.factors, pictures: bestPictures(seen, state.factors, target, settings) }
  const afterPictures = objectiveOf(seen, withPictures, target, settings)
  const factors = { ...withPictures, knots: bestKnots(seen, withPictures, target, settings) }
  const made = sequenceOf(factors)
  const estimate = new Float64Array(made.length)
  for (let t = 0; t < seen.frames; t++) {
    signal.throwIfAborted()
    const frame = state.estimate.subarray(t * seen.pixels, (t + 1) * seen.pixels)
    const clean = lambda > 0 ? await denoise(clip ? frame.map((value) => Math.min(1, Math.max(0, value))) : frame, t, signal) : frame
    for (let n = 0; n < seen.pixels; n++) {
      const at = t * seen.pixels + n
      estimate[at] = (lambda * clean[n] + beta * (made[at] + state.dual[at])) / (lambda + beta)
    }
  }
  expectFinite(estimate, 'The repaired sequence')
  const dual = state.dual.map((value, i) => value + made[i] - estimate[i])
  return { estimate, dual, factors, made, objectives: [before, afterPictures, objectiveOf(seen, factors, target, settings)] }
}

const lengthOf = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
const apart = (a: Float64Array, b: Float64Array) => lengthOf(a.map((value, i) => value - b[i]))

/** Has it settled: the frames are what the factors make, and change no more? */
const settled = (before: RedPsmState, after: RedPsmState) =>
  apart(after.estimate, after.made) < 1e-3 * lengthOf(after.estimate) &&
  apart(after.estimate, before.estimate) < 1e-4 * lengthOf(after.estimate)

/** The rounds from given factors and a first sequence, telling all of their state after each. Rounds after it has settled change nothing. */
export const rounds = (
  seen: Seen,
  start: { readonly factors: Factors; readonly estimate: Float64Array },
  denoise: FrameDenoise,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Tick<RedPsmState>, RedPsmState, void> => {
  let rests = false
  return integrate<RedPsmState>(
    { ...start, made: start.estimate, dual: new Float64Array(start.estimate.length), objectives: [0, 0, 0] },
    Array.from({ length: settings.iterations + 1 }, (_, i) => i),
    // biome-ignore lint/correctness/useYield: a round is one piece; there is nothing to tell from inside it.
    async function* (state, place, _, stop) {
      if (rests) return state
      const next = await round(state, seen, denoise, settings, stop)
      rests = place > 0 && settled(state, next)
      return next
    },
    signal,
  )
}

/** @throws RangeError where a sequence cannot be repaired so, naming the limit. */
function expectSequence({ frames, pixels, values, mask }: Sequence, rank: number, knots: number): void {
  if (frames < 3) throw new RangeError(`The sequence has ${frames} frames; three are needed.`)
  if (values.length !== frames * pixels || mask.length !== values.length)
    throw new RangeError(`${values.length} values and a mask of ${mask.length} do not fill ${frames} frames of ${pixels} pixels.`)
  if (rank > frames || knots > frames) throw new RangeError(`${rank} pictures and ${knots} knots are too many for ${frames} frames.`)
  if (!mask.some((value) => value > 0)) throw new RangeError('Nothing of the sequence was seen.')
  expectFinite(values, 'The sequence')
}

/**
 * RED-PSM: every frame is a mix of the same few pictures, and the mixes change smoothly: sequence = S Z Lambda, with S a spline. In a
 * round the pictures Lambda and then the knots Z are solved for exactly, by least squares on what was seen; then the sequence f takes
 * one step of regularisation by denoising, f ← (lambda D(f) + beta (S Z Lambda + gamma)) / (lambda + beta), and what the two still owe
 * each other is carried on, gamma ← gamma + S Z Lambda - f. The released code takes Adam steps where this one solves.
 */
export const redPsm = define({
  id: 'red-psm',
  role: 'sequence-repair',
  title: 'Repair sequence',
  summary: 'Fills what single frames of an animation lack from the others, and calms flicker.',
  paper: {
    title: 'RED-PSM: Regularization by Denoising of Partially Separable Models for Dynamic Imaging',
    year: 2023,
    link: 'https://arxiv.org/abs/2304.03483',
  },
  params,
  needs: {},
  make: (settings) => ({
    async *repair(sequence, denoise, signal) {
      const { frames } = sequence
      const rank = settings.rank ?? Math.max(1, Math.min(4, Math.floor(frames / 3)))
      const knots = settings.knots ?? Math.min(frames - 1, Math.max(4, Math.ceil(frames / 4) + 1))
      expectSequence(sequence, rank, knots)
      const seen: Seen = { ...sequence, values: sequence.values.map((value, i) => value * sequence.mask[i]) }
      const estimate = filled(seen)
      const start = { factors: firstFactors(estimate, frames, rank, knots), estimate }
      return (yield* rounds(seen, start, denoise, settings, signal)).estimate
    },
  }),
})
