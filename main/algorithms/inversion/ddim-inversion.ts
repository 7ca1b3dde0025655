import { z } from 'zod'
import { legsDown, levelsOf, move, rootMeanSquare } from '../../math/move.ts'
import { define } from '../define.ts'
import { expectInvertible, expectKept, upTo, walk } from './walk.ts'

/**
 * DDIM run backwards: x(k) = move(x(k-1), eps(x(k-1), t(k)), k-1 → k). On the way up the network is asked with the state of the
 * cleaner level but the time of the noisier one, as if one step changed nothing; that is first order in the step, so the picture
 * comes back only nearly. Kept as the yardstick of the exact ones.
 */
export const ddimInversion = define({
  id: 'ddim-inversion',
  role: 'inversion',
  title: 'DDIM inversion',
  summary: 'The quick way back to the noise: one call a step, but the picture drifts a little.',
  paper: { title: 'Denoising Diffusion Implicit Models', year: 2021, link: 'https://arxiv.org/abs/2010.02502' },
  params: z.object({}),
  needs: {},
  make: () => ({
    exact: false,
    calls: (steps) => ({ there: steps, back: steps }),
    async *there(x, legs, denoise, signal) {
      expectInvertible(x, legs, 1)
      const levels = levelsOf(legs)
      const states = yield* walk(
        [x],
        upTo(legs.length),
        async ([at], from, to, stop) => [move(at, (await denoise(at, levels[to], stop)).eps, levels[from], levels[to])],
        signal,
      )
      return { levels, states }
    },
    async *back(inverted, denoise, signal) {
      expectKept(inverted, 1, 1)
      const legs = legsDown(inverted.levels)
      return yield* walk(
        inverted.states,
        upTo(legs.length),
        async ([at], place, _, stop) => {
          const { from, to } = legs[place]
          return [move(at, (await denoise(at, from, stop)).eps, from, to)]
        },
        signal,
      )
    },
    readOut: ({ states }) => ({ measures: { spread: rootMeanSquare(states[0]) }, warning: null }),
  }),
})
