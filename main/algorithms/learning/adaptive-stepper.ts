import { z } from 'zod'
import { paced } from '../../math/paced.ts'
import { type Bodies, centred, energyOf, follow } from '../../math/three-bodies.ts'
import { define } from '../define.ts'
import type { ChooseLength, ChooserWeights, Watched } from '../orbit.ts'

const params = z.object({
  every: z
    .number()
    .gt(0)
    .default(0.2 * Math.PI)
    .meta({ title: 'Decides every', description: 'Time between two decisions.' }),
  finest: z.number().gt(0).max(1).default(1e-4).meta({ title: 'Finest' }),
  coarsest: z.number().gt(0).max(1).default(0.1).meta({ title: 'Coarsest' }),
  choices: z.int().min(2).max(50).default(10).meta({ title: 'Lengths to choose from' }),
  accuracy: z.number().min(0).default(3500).meta({ title: 'Accuracy', description: 'What an orbit that stays true is worth.' }),
  speed: z.number().min(0).default(4).meta({ title: 'Speed', description: 'What long steps are worth.' }),
  most: z.int().min(1).default(200_000).meta({ title: 'Most steps', description: 'A decision that takes more ends the orbit.' }),
})
type Settings = z.output<typeof params>

/** An orbit that misses more of its energy is no longer one. */
const LOST = 0.1
/** Energy is never missed by nothing: logarithms are taken. */
const NOTHING = 1e-20
/** What is aimed at. */
const AIM = 1e-10
/** Digits below which the reward would have no bounds. */
const FEWEST_DIGITS = 0.5

/** The step parameters to choose from, the finest first, evenly spaced in their logarithms. */
export const lengthsOf = ({ finest, coarsest, choices }: Settings): number[] =>
  Array.from({ length: choices }, (_, i) => finest * (coarsest / finest) ** (i / (choices - 1)))

const digitsOf = (missing: number) => -Math.log10(Math.abs(missing))

/** Places in tens, speeds, and right digits of the energy. */
export const seenOf = ({ x, v }: Bodies, missing: number): Float64Array =>
  Float64Array.of(...x.map((value) => value / 10), ...v, digitsOf(missing))

/** What a decision is worth: right digits, which count less the later they come, and long steps. */
export function rewardOf(missing: number, decision: number, length: number, { accuracy, speed }: Settings): number {
  const digits = Math.max(FEWEST_DIGITS, digitsOf(missing))
  return (accuracy * (digits + Math.log10(AIM))) / digits ** 3 / decision + speed / Math.abs(Math.log10(length))
}

function expectBodies({ x, v, masses }: Bodies): void {
  if (x.length !== 2 * masses.length || v.length !== x.length) throw new RangeError('Every body has a place and a speed in the plane.')
  if (![...x, ...v, ...masses].every(Number.isFinite) || masses.some((mass) => mass <= 0))
    throw new RangeError('Places and speeds must be finite, masses above 0.')
  for (let i = 0; i < masses.length; i++)
    for (let j = 0; j < i; j++) if (x[2 * i] === x[2 * j] && x[2 * i + 1] === x[2 * j + 1]) throw new RangeError('Two bodies coincide.')
}

/** weights · (values, 1), and nothing below 0 where asked. */
const layer = (weights: readonly (readonly number[])[], values: ArrayLike<number>, isCut: boolean): number[] =>
  weights.map((row) => {
    let sum = row[row.length - 1]
    for (let i = 0; i < values.length; i++) sum += row[i] * values[i]
    return isCut ? Math.max(0, sum) : sum
  })

/** Takes the length that a network thinks most of. */
export const chooserOf =
  ({ first, shared, rounds, last }: ChooserWeights): ChooseLength =>
  (seen) => {
    let values = layer(first, seen, true)
    for (let round = 0; round < rounds; round++) values = layer(shared, values, true)
    const worth = layer(last, values, false)
    return worth.indexOf(Math.max(...worth))
  }

/** Follows the bodies for so many decisions; yields each with what it cost. Ends early where energy is lost beyond what is allowed. */
export function* orbit(start: Bodies, choose: ChooseLength, decisions: number, settings: Settings): Generator<Watched, Watched, void> {
  expectBodies(start)
  const lengths = lengthsOf(settings)
  let bodies = centred(start)
  const energy = energyOf(bodies)
  let seen = seenOf(bodies, 1)
  let last: Watched = { bodies, decision: 0, steps: 0, missing: NOTHING, reward: 0, seen }
  for (let decision = 1; decision <= decisions; decision++) {
    const length = lengths[choose(seen)]
    if (length === undefined) throw new RangeError('The choice is none of the lengths.')
    const { bodies: next, steps } = follow(bodies, settings.every, length, settings.most)
    bodies = next
    const missing = (energyOf(bodies) - energy) / energy + NOTHING
    seen = seenOf(bodies, missing)
    last = { bodies, decision, steps, missing, reward: decision === 1 ? 0 : rewardOf(missing, decision, length, settings), seen }
    yield last
    if (!(Math.abs(missing) <= LOST) || steps >= settings.most) return last
  }
  return last
}

/**
 * Three bodies that attract each other draw lines that never repeat. Hermite's method of fourth order follows them with steps that are
 * a share of the time in which two could meet; which share, is decided anew every so often from where they are, how fast, and how much
 * energy went missing. A decision is worth W0 · (digits - 10) / digits³ / its number + W2 / |log share|: true orbits, and few steps.
 * A network that learned by trial what decisions are worth can choose; so can any rule.
 */
export const adaptiveStepper = define({
  id: 'adaptive-stepper',
  role: 'orbit-stepper',
  title: 'Orbit brush',
  summary: 'Draws the lines of three bodies that pull at each other, finely where it matters.',
  paper: {
    title: 'Reinforcement Learning for Adaptive Time-Stepping in the Chaotic Gravitational Three-Body Problem',
    year: 2025,
    link: 'https://arxiv.org/abs/2502.12809',
  },
  params,
  needs: {},
  make: (settings) => ({
    lengths: lengthsOf(settings),
    chooser: chooserOf,
    follow: (start, choose, decisions, signal) => paced(orbit(start, choose, decisions, settings), signal),
  }),
})
