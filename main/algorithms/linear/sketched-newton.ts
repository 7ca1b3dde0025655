import { z } from 'zod'
import { dotOf } from '../../math/conjugate-gradient.ts'
import {
  type Constrained,
  meritOf,
  meritSlope,
  type Place,
  placeAt,
  positiveCurvature,
  strictnessOf,
  type Weights,
} from '../../math/exact-lagrangian.ts'
import { frobenius, multiply, transpose } from '../../math/matrix.ts'
import { expectFinite, mix } from '../../math/mix.ts'
import { greatest } from '../../math/norms.ts'
import { paced } from '../../math/paced.ts'
import { sketchedSolve } from '../../math/sketched-system.ts'
import { symmetricEigenvalues } from '../../math/symmetric-eigen.ts'
import type { Descent, Minimum } from '../constrained.ts'
import { define } from '../define.ts'
import { eliminated, plainSystem, roundSystem } from './newton-step.ts'

const params = z.object({
  solver: z.enum(['direct', 'sketch']).default('direct').meta({
    title: 'Steps',
    description: 'direct solves each step at once; sketch by random looks at it, as the paper does. Both come to the same.',
  }),
  accuracy: z.enum(['practical', 'strict']).default('practical').meta({
    title: 'Accuracy of sketches',
    description: 'strict is what the theory asks for; practical grows with the progress, and is checked all the same.',
  }),
  block: z.int().min(1).max(512).default(64).meta({ title: 'Width of a look', description: 'Random combinations looked at together.' }),
  tolerance: z.number().gt(0).max(1).default(1e-9).meta({ title: 'Tolerance', description: 'How exactly constraints hold at the end.' }),
  steps: z.int().min(1).max(10_000).default(200).meta({ title: 'Most steps' }),
  seed: z.int().min(0).default(0).meta({ title: 'Seed', description: 'Of the sketches.' }),
})
type Settings = z.output<typeof params>

/** Of the reference: share of the forecast fall that is enough, least curvature, growth of the weights, first accuracy. */
const BETA = 0.1
const LEAST = 0.1
const NU = 1.5
const DELTA = 0.1
const LEAST_DELTA = 1e-6
const MOST_SKETCHES = 100_000
const HALVINGS = 60
/** Steps without gain after which constraints are taken not to go together. */
const STALLED = 20
const BROKEN = 1e-6

interface Chosen {
  readonly step: Float64Array
  readonly fall: number
  readonly weights: Weights
  readonly delta: number
}

/** A step that lowers the merit: solved for more exactly, with other weights, until it does. Yields after each sketch. */
function* chooseStep(
  place: Place,
  problem: Constrained,
  first: Weights,
  firstDelta: number,
  { solver, accuracy, block, seed }: Settings,
  round: number,
): Generator<void, Chosen, void> {
  const { b } = positiveCurvature(place, LEAST)
  const isStrict = accuracy === 'strict'
  const system = solver === 'direct' || isStrict ? plainSystem(place, b) : roundSystem(place, b, problem.metric)
  const right = Math.hypot(...system.b)
  const gaps = isStrict ? symmetricEigenvalues(multiply(place.jacobian, transpose(place.jacobian))) : null
  let [weights, delta] = [first, firstDelta]
  let d: Float64Array = new Float64Array(system.b.length)
  if (solver === 'direct') d = eliminated(system)
  for (let attempt = 0; ; attempt++) {
    const strict = gaps ? strictnessOf(place, b, gaps[0], { least: LEAST, beta: BETA, weights }) : null
    if (strict) delta = Math.max(LEAST_DELTA, Math.min(delta, strict.delta))
    if (solver === 'sketch') {
      const eased = Math.min(1e-2 / NU ** (4 * attempt), right) * right
      const limit = strict ? (delta * right) / (frobenius(system.k) * strict.psi) : eased
      const run = sketchedSolve(system.k, system.b, d, { block, limit, most: MOST_SKETCHES, seed: seed + 1000 * round + attempt })
      for (let next = run.next(); ; next = run.next()) {
        if (next.done) {
          d = next.value
          break
        }
        yield
      }
    }
    const step = system.step(d)
    const fall = dotOf(meritSlope(place, weights), step)
    const isDown = fall <= -(weights.slope / 2) * place.kkt ** 2
    if (isDown || weights.constraint > 1e8 || weights.slope < 1e-8) return { step, fall, weights, delta }
    weights = { constraint: weights.constraint * NU ** 2, slope: weights.slope / NU }
    delta = Math.max(LEAST_DELTA, delta / NU ** 4)
    yield
  }
}

/** As far along the step as lowers the merit by a share of what it promises. */
function along(problem: Constrained, place: Place, { step, fall, weights }: Chosen): Place {
  const merit = meritOf(place, weights)
  const [dx, dlam] = [step.subarray(0, place.x.length), step.subarray(place.x.length)]
  let next = place
  for (let halving = 0, alpha = 1; halving < HALVINGS; halving++, alpha /= 2) {
    next = placeAt(problem, mix([1, place.x], [alpha, dx]), mix([1, place.lam], [alpha, dlam]))
    if (meritOf(next, weights) <= merit + alpha * BETA * fall + 1e-15 * Math.abs(merit)) break
  }
  return next
}

function* newton(problem: Constrained, start: Place, settings: Settings): Generator<Descent | null, Minimum, void> {
  let place = start
  let weights: Weights = { constraint: 1, slope: 0.1 }
  let delta = DELTA
  let best = greatest(place.c)
  let stalled = 0
  const minimum = (status: Minimum['status']): Minimum => {
    const by = greatest(place.c)
    const index = place.c.findIndex((value) => Math.abs(value) === by)
    const { x, lam, energy, kkt } = place
    return { x, multipliers: lam, energy, kkt, status, worst: place.c.length ? { index, by } : null }
  }
  for (let round = 0; round < settings.steps; round++) {
    const isStationary = place.kkt <= settings.tolerance * (1 + Math.hypot(...place.x))
    if (isStationary && greatest(place.c) <= settings.tolerance) return minimum('converged')
    const choosing = chooseStep(place, problem, weights, delta, settings, round)
    let chosen = choosing.next()
    for (; !chosen.done; chosen = choosing.next()) yield null
    weights = chosen.value.weights
    delta = chosen.value.delta
    place = along(problem, place, chosen.value)
    yield { x: place.x, multipliers: place.lam, kkt: place.kkt }
    const now = greatest(place.c)
    stalled = now < 0.99 * best ? 0 : stalled + 1
    best = Math.min(best, now)
    if (stalled >= STALLED && best > BROKEN) return minimum('infeasible')
  }
  return minimum('limit')
}

/**
 * Newton's method for energies with constraints that shall hold to rounding, not nearly: pins, lines, lengths of a warp. What it goes
 * down on is the exact augmented Lagrangian L + (e1 / 2)|c|² + (e2 / 2)|dL/dx|², and each step solves [[B, Gᵀ], [G, 0]] d = -(dL/dx, c)
 * only as exactly as it must, by random sketches; with the system made round first, without which they lead nowhere. At the sizes of a
 * mesh solving at once is quicker, and the default.
 */
export const sketchedNewton = define({
  id: 'sketched-newton',
  role: 'constrained-minimiser',
  title: 'Exact warp',
  summary: 'Bends a picture smoothly while pins, straight lines, lengths and right angles hold exactly.',
  paper: {
    title: 'Constrained Optimization via Exact Augmented Lagrangian and Randomized Iterative Sketching',
    year: 2023,
    link: 'https://arxiv.org/abs/2305.18379',
  },
  params,
  needs: {},
  make: (settings) => ({
    async *minimise(problem, { x, multipliers }, signal) {
      signal.throwIfAborted()
      expectFinite(x, 'The start')
      const count = problem.constraints(x).length
      if (count > x.length) throw new RangeError(`${count} constraints for ${x.length} numbers`)
      const start = placeAt(problem, x, multipliers ?? new Float64Array(count))
      const run = paced(newton(problem, start, settings), signal)
      for (let step = 0; ; ) {
        const next = await run.next()
        if (next.done) return next.value
        if (next.value) yield { step: ++step, steps: settings.steps, state: next.value }
      }
    },
  }),
})
