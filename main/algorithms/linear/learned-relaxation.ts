import { z } from 'zod'
import { armOf } from '../../math/bandit.ts'
import { define } from '../define.ts'
import { chebyshevPolicy, type Policy, tsallisPolicy } from './relaxation-policy.ts'

/** Lengths over the side of a square of as many pixels. */
const LENGTHS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4]
/** The factors themselves. */
const OMEGAS = Array.from({ length: 20 }, (_, i) => 1 + (0.95 * i) / 19)
/** Sides of a dab, in pixels. */
const SIDES = [8, 128] as const
const BINS = 6
const DEGREE = 6

interface Setup {
  readonly policy: Policy
  omega(arm: number, side: number): number
  loss(sweeps: number, side: number): number
}

const omegas = (policy: Policy): Setup => ({ policy, omega: (arm) => OMEGAS[arm], loss: (sweeps) => sweeps })

const SETUPS = {
  // The best factor of a square of side l is 2 / (1 + sin(pi / (l + 1))): told as lengths, one arm is good for dabs of every size.
  lengths: (): Setup => ({
    policy: tsallisPolicy(LENGTHS.length, 1, SIDES),
    omega: (arm, side) => 2 / (1 + Math.sin(Math.PI / (LENGTHS[arm] * side + 1))),
    loss: (sweeps, side) => sweeps / side + 1,
  }),
  factors: () => omegas(tsallisPolicy(OMEGAS.length, 1, SIDES)),
  sizes: () => omegas(tsallisPolicy(OMEGAS.length, BINS, SIDES)),
  curves: () => omegas(chebyshevPolicy(OMEGAS.length, DEGREE, SIDES)),
} as const
type Kind = keyof typeof SETUPS

/**
 * Every dab of a healing brush is a small system, and how fast over-relaxation solves it depends on one factor. An adversarial bandit
 * (Tsallis-INF) learns it from the numbers of sweeps alone: in all it needs little more than the best fixed factor would have, and with
 * the size for a context little more than the best for each. One bandit for a tool and a tolerance; begun anew where either changes.
 */
export const learnedRelaxation = define({
  id: 'learned-relaxation',
  role: 'relaxation-tuner',
  title: 'Learning to relax',
  summary: 'The healing brush gets quicker the more it is used.',
  paper: {
    title: 'Learning to Relax: Setting Solver Parameters Across a Sequence of Linear System Instances',
    year: 2023,
    link: 'https://arxiv.org/abs/2310.02246',
  },
  params: z.object({
    arms: z
      .enum(Object.keys(SETUPS) as [Kind, ...Kind[]])
      .default('lengths')
      .meta({
        title: 'What is learned',
        description: 'One length for dabs of all sizes; one factor; one for each of six sizes; or a curve over the sizes.',
      }),
  }),
  needs: {},
  make: ({ arms }) => {
    const { policy, omega, loss } = SETUPS[arms]()
    return {
      start: () => policy.start(),
      choose: (state, unknowns, uniform) => {
        if (!(unknowns > 0)) throw new RangeError(`There are ${unknowns} pixels to be found.`)
        const side = Math.sqrt(unknowns)
        const probabilities = policy.probabilities(state, side)
        const arm = armOf(probabilities, uniform)
        return { arm, probability: probabilities[arm], omega: omega(arm, side), unknowns }
      },
      learn: (state, { arm, probability, unknowns }, sweeps) => {
        if (!(sweeps >= 1)) throw new RangeError(`A system took ${sweeps} sweeps.`)
        const side = Math.sqrt(unknowns)
        return policy.learn(state, { arm, context: side, loss: loss(sweeps, side) }, probability)
      },
    }
  },
})
