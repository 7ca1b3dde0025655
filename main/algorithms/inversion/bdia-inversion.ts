import { z } from 'zod'
import { mix } from '../../math/mix.ts'
import { levelsOf, move, rootMeanSquare } from '../../math/move.ts'
import { define } from '../define.ts'
import { expectInvertible, expectKept, upTo, walk } from './walk.ts'

/** Beyond these the noise that was found has run away from what a network knows, for pictures of unit scale. */
const SPREAD = [0.5, 2] as const

/**
 * BDIA: each step uses what its own network call says of both neighbours. With F(k) the DDIM step from level k down and B(k) the one
 * up, both with the noise the network sees at level k,
 *   down  z(k-1) = gamma (z(k+1) - B(k)) + F(k),   up  z(k+1) = (z(k-1) - F(k)) / gamma + B(k).
 * The one is the other solved for its last term, so the way back is exact whatever the network says. The pair at the top is the
 * code: from its upper half alone the picture does not come back. gamma below 0.9 lets stray error grow as gamma^-N.
 */
export const bdiaInversion = define({
  id: 'bdia-inversion',
  role: 'inversion',
  title: 'Exact edit (fast)',
  summary: 'Goes back to the noise and returns to the very same picture, one call a step; only what you change in words acts.',
  paper: {
    title: 'Exact Diffusion Inversion via Bi-directional Integration Approximation',
    year: 2024,
    link: 'https://arxiv.org/abs/2307.10829',
  },
  params: z.object({
    gamma: z.number().min(0.9).max(1).default(0.94).meta({
      title: 'Hold',
      description: 'How firmly the edit keeps to the picture: 1 is firm, 0.92 leaves the most freedom.',
    }),
  }),
  needs: {},
  make: ({ gamma }) => {
    if (!(gamma > 0 && gamma <= 1)) throw new RangeError(`gamma is ${gamma}; it must lie above 0 and not above 1.`)
    return {
      exact: true,
      calls: (steps) => ({ there: steps, back: steps - 1 }),
      async *there(x, legs, denoise, signal) {
        expectInvertible(x, legs, 2)
        const levels = levelsOf(legs)
        // States are [z(k), z(k-1)]; at the picture there is nothing below.
        const states = yield* walk(
          [x],
          upTo(legs.length),
          async ([here, below], k, up, stop) => {
            const { eps } = await denoise(here, levels[k], stop)
            const above = move(here, eps, levels[k], levels[up])
            if (k === 0) return [above, here]
            return [mix([1 / gamma, below], [-1 / gamma, move(here, eps, levels[k], levels[k - 1])], [1, above]), here]
          },
          signal,
        )
        return { levels, states }
      },
      async *back(inverted, denoise, signal) {
        expectKept(inverted, 2, 2)
        const { levels, states } = inverted
        const [end] = yield* walk(
          [states[1], states[0]],
          [...upTo(levels.length - 2)].reverse(),
          async ([here, above], k, down, stop) => {
            const { eps } = await denoise(here, levels[k], stop)
            return [
              mix([gamma, above], [-gamma, move(here, eps, levels[k], levels[k + 1])], [1, move(here, eps, levels[k], levels[down])]),
              here,
            ]
          },
          signal,
        )
        return [end]
      },
      readOut: ({ states }) => {
        const spread = rootMeanSquare(states[0])
        const [low, high] = SPREAD
        return {
          measures: { spread },
          warning:
            spread >= low && spread <= high
              ? null
              : 'The noise that was found is unlike any the model knows: raise Hold, or lower the strength.',
        }
      },
    }
  },
})
