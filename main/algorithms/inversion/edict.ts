import { z } from 'zod'
import type { Node } from '../../math/gaussian-path.ts'
import { mix } from '../../math/mix.ts'
import { levelsOf, move, rootMeanSquare } from '../../math/move.ts'
import type { Denoise, Prediction } from '../../math/prediction.ts'
import { define } from '../define.ts'
import { expectInvertible, expectKept, type States, upTo, walk } from './walk.ts'

/** Above this share of the state, the two sequences have drifted apart. */
const APART = 0.1

/** x ← p x + (1-p) y, then y ← p y + (1-p) x with the new x. */
export function mixPair([x, y]: States, p: number): States {
  const mixed = mix([p, x], [1 - p, y])
  return [mixed, mix([p, y], [1 - p, mixed])]
}

/** What undoes `mixPair`. */
export function unmixPair([x, y]: States, p: number): States {
  const unmixed = mix([1 / p, y], [-(1 - p) / p, x])
  return [mix([1 / p, x], [-(1 - p) / p, unmixed]), unmixed]
}

/** Moves both of a pair from level to level, in this order, each by the noise that the other one is seen with. */
async function couple(
  pair: States,
  order: readonly number[],
  from: Node,
  to: Node,
  ask: (x: Float64Array) => Promise<Prediction>,
): Promise<States> {
  const moved = [...pair]
  for (const which of order) moved[which] = move(moved[which], (await ask(moved[1 - which])).eps, from, to)
  return moved
}

interface Coupling {
  readonly mix: number
  readonly leapfrog: boolean
}

/** Does x go first in the step of a generation from level k, of so many levels in all? */
const xFirst = (k: number, steps: number, { leapfrog }: Coupling) => !leapfrog || (steps - k) % 2 === 0

/** The way up from any pair: from one picture twice, or from what the way down ended in. */
export const coupledUp = (pair: States, levels: readonly Node[], coupling: Coupling, denoise: Denoise, signal: AbortSignal) =>
  walk(
    pair,
    upTo(levels.length - 1),
    async (states, low, k, stop) => {
      const order = xFirst(k, levels.length - 1, coupling) ? [1, 0] : [0, 1]
      return couple(unmixPair(states, coupling.mix), order, levels[low], levels[k], (x) => denoise(x, levels[k], stop))
    },
    signal,
  )

/**
 * EDICT: two sequences take turns as each other's input. x ← move(x, eps(y)), y ← move(y, eps(x)), then both are mixed with weight p
 * so that they stay together; which goes first changes from step to step. As the noise that moves one is told by the other, which
 * stays, every move can be undone. Up the network is asked at the same upper level as down.
 */
export const edict = define({
  id: 'edict',
  role: 'inversion',
  title: 'Exact edit (coupled)',
  summary: 'Returns to the very same picture and bears strong edits better, at twice the time; gives two variants.',
  paper: {
    title: 'EDICT: Exact Diffusion Inversion via Coupled Transformations',
    year: 2023,
    link: 'https://arxiv.org/abs/2211.12446',
  },
  params: z.object({
    mix: z.number().gt(0.5).max(1).default(0.93).meta({
      title: 'Coupling',
      description:
        'How loosely the two sequences are tied: nearer to 1 the way to the noise stays calmer, lower holds the two results together.',
    }),
    leapfrog: z.boolean().default(true).meta({ title: 'Take turns', description: 'Should the two sequences take turns in going first?' }),
  }),
  needs: {},
  make: (params) => {
    const p = params.mix
    if (!(p > 0.5 && p <= 1)) throw new RangeError(`The mixing weight is ${p}; it must lie above 0.5 and not above 1.`)
    return {
      exact: true,
      calls: (steps) => ({ there: 2 * steps, back: 2 * steps }),
      async *there(x, legs, denoise, signal) {
        expectInvertible(x, legs, 1)
        const levels = levelsOf(legs)
        return { levels, states: yield* coupledUp([x, x], levels, params, denoise, signal) }
      },
      async *back(inverted, denoise, signal) {
        expectKept(inverted, 2, 1)
        const { levels } = inverted
        const steps = levels.length - 1
        return yield* walk(
          inverted.states,
          [...upTo(steps)].reverse(),
          async (pair, k, low, stop) =>
            mixPair(
              await couple(pair, xFirst(k, steps, params) ? [0, 1] : [1, 0], levels[k], levels[low], (x) => denoise(x, levels[k], stop)),
              p,
            ),
          signal,
        )
      },
      readOut: ({ states: [x, y] }) => {
        const spread = rootMeanSquare(x)
        const apart = rootMeanSquare(mix([1, x], [-1, y])) / spread
        return {
          measures: { spread, apart },
          warning: apart <= APART ? null : 'The two sequences have drifted apart: raise the coupling, or lower guidance or strength.',
        }
      },
    }
  },
})
