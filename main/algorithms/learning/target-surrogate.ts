import { z } from 'zod'
import { dotOf } from '../../math/conjugate-gradient.ts'
import type { Tick } from '../../math/integrate.ts'
import { expectFinite, mix } from '../../math/mix.ts'
import { norm } from '../../math/norms.ts'
import { define } from '../define.ts'
import type { Descent, Optimizer } from '../optimizer.ts'
import type { TargetFitState, TargetFitter, View } from '../target-fit.ts'

const params = z.object({
  rounds: z.int().min(1).max(1_000_000).default(100).meta({ title: 'Rounds', description: 'Each is one dear call.' }),
  updates: z
    .int()
    .min(1)
    .max(1000)
    .default(4)
    .meta({ title: 'Updates a call', description: 'The more, the fewer dear calls; too many follow their noise.' }),
  reach: z.number().gt(0).default(2).meta({ title: 'Reach', description: 'How far the targets go against their slope.' }),
  fading: z.enum(['constant', 'root', 'exponential']).default('constant').meta({
    title: 'Fading',
    description: 'How the reach falls: not at all, with the root of the round, or down to a share of one over all rounds.',
  }),
  guarded: z.boolean().default(true).meta({
    title: 'Guarded',
    description: 'Ends a round early where the fit to the target grows worse, or goes twice as far as it was to.',
  }),
})
type Settings = z.output<typeof params>

const STILL = 1e-6

/** How far targets go in a round, from 0. */
export function reachAt(round: number, { reach, fading, rounds }: Pick<Settings, 'reach' | 'fading' | 'rounds'>): number {
  if (fading === 'constant') return reach
  return fading === 'root' ? reach / Math.sqrt(round + 1) : reach * (1 / rounds) ** ((round + 1) / rounds)
}

/** ½ |f - target|² / reach: the surrogate but for what no parameter changes. */
const surrogate = (rendered: Float64Array, target: Float64Array, reach: number) => {
  const off = mix([1, rendered], [-1, target])
  return dotOf(off, off) / (2 * reach)
}

/** The steps of one round towards a target that an opinion names. */
export async function targetRound<S extends Descent>(
  start: S,
  optimizer: Optimizer<S>,
  view: View,
  reach: number,
  { updates, guarded }: Pick<Settings, 'updates' | 'guarded'>,
  signal: AbortSignal,
): Promise<{ readonly state: S; readonly updates: number }> {
  const from = view.render(start.values)
  const opinion = await view.opinion(from, signal)
  if (opinion.length !== from.length) throw new RangeError(`An opinion of ${opinion.length} does not fit ${from.length} targets.`)
  expectFinite(opinion, 'The opinion')
  const target = mix([1, from], [-reach, opinion])
  const far = 2 * reach * norm(opinion)
  let [state, rendered] = [start, from]
  let value = surrogate(from, target, reach)
  for (let done = 0; done < updates; done++) {
    const gradient = view.pull(state.values, mix([1 / reach, rendered], [-1 / reach, target]))
    if (norm(gradient) < STILL) return { state, updates: done }
    const next = optimizer.step(state, gradient)
    // A round of one step needs no other look.
    if (done + 1 === updates && !guarded) return { state: next, updates }
    const there = view.render(next.values)
    const now = surrogate(there, target, reach)
    if (guarded && done > 0 && now > value) return { state, updates: done }
    ;[state, rendered, value] = [next, there, now]
    if (guarded && norm(mix([1, rendered], [-1, from])) > far) return { state, updates: done + 1 }
  }
  return { state, updates }
}

/** The fitter behind `target-surrogate`: one dear opinion a round, then cheap steps towards the targets it sets. */
export const fitTargets = (settings: Settings): TargetFitter => ({
  async *fit<S extends Descent>(
    start: S,
    optimizer: Optimizer<S>,
    view: (round: number) => View,
    signal: AbortSignal,
  ): AsyncGenerator<Tick<TargetFitState>, TargetFitState, void> {
    let state = start
    let told: TargetFitState = { parameters: start.values, calls: 0, updates: 0 }
    for (let round = 0; round < settings.rounds; round++) {
      signal.throwIfAborted()
      const moved = await targetRound(state, optimizer, view(round), reachAt(round, settings), settings, signal)
      state = moved.state
      told = { parameters: state.values, calls: round + 1, updates: told.updates + moved.updates }
      yield { step: round + 1, steps: settings.rounds, state: told }
    }
    return told
  },
})

/**
 * Several cheap steps for each dear call. To make l(f(θ)) small where the slope of l is dear and f is cheap: take z = f(θ) and
 * G = l′(z) once, and go on down |f(θ) - (z - reach G)|² / (2 reach), with any optimiser. Where reach is at most 1/L for an L-smooth l
 * this lies above l and touches it at θ: going down it cannot go up l. One step a call is plain descent.
 */
export const targetSurrogate = define({
  id: 'target-surrogate',
  role: 'target-fitter',
  title: 'Targets',
  summary: 'Uses each call of a large model for several small changes, so that fewer calls are needed.',
  paper: {
    title: 'Target-based Surrogates for Stochastic Optimization',
    year: 2023,
    link: 'https://arxiv.org/abs/2302.02607',
  },
  params,
  needs: {},
  make: fitTargets,
})
