import { eliminated, plainSystem } from '../../../main/algorithms/linear/newton-step.ts'
import { sketchedNewton } from '../../../main/algorithms/linear/sketched-newton.ts'
import { dotOf } from '../../../main/math/conjugate-gradient.ts'
import { meritOf, meritSlope, placeAt, positiveCurvature, reducedCurvature, strictnessOf } from '../../../main/math/exact-lagrangian.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { matrix, multiply, transpose } from '../../../main/math/matrix.ts'
import { meshWarp, restOf } from '../../../main/math/mesh-warp.ts'
import { sketchStep } from '../../../main/math/sketched-system.ts'
import { symmetricEigenvalues } from '../../../main/math/symmetric-eigen.ts'
import { standard } from '../../kit/constrained.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

/** The name before the colon. */
const problemOf = (words: string) => {
  const problem = standard[words.split(':')[0]]
  if (!problem) throw new RangeError(`There is no problem ${words}.`)
  return problem
}
const newton = sketchedNewton.make(sketchedNewton.params.parse({}), {})

/** All that is computed at one place, and the directions of given sketches. */
function firstNotes({ problem, x, lam, eta1, eta2, beta, xi_B, expected, ...sketches }: Inputs, tolerance: number): string[] {
  const weights = { constraint: eta1, slope: eta2 }
  const place = placeAt(problemOf(problem), flat(x), flat(lam))
  const { b, added } = positiveCurvature(place, xi_B)
  const least = symmetricEigenvalues(multiply(place.jacobian, transpose(place.jacobian)))[0]
  const { psi, upsilon, delta } = strictnessOf(place, b, least, { least: xi_B, beta, weights })
  const system = plainSystem(place, b)
  const direction = eliminated(system)
  const actual: Inputs = {
    kkt: place.kkt,
    reduced_hessian_min_eig: symmetricEigenvalues(reducedCurvature(place))[0],
    t: added,
    psi,
    upsilon,
    delta_trial: delta,
    merit: meritOf(place, weights),
    merit_grad: meritSlope(place, weights),
    newton_direction: direction,
    slope: dotOf(meritSlope(place, weights), direction),
  }
  const notes = Object.entries(expected as Inputs).flatMap(([key, wanted]) => {
    const size = Math.max(key === 'delta_trial' ? 0 : 1, ...flat([wanted]).map(Math.abs))
    return differences(actual[key], wanted, () => tolerance * size, key)
  })
  let d: Float64Array = new Float64Array(direction.length)
  const directions = (sketches.gaussian_vector_sketches as number[][]).map((s) => {
    d = sketchStep(system.k, system.b, d, matrix(s.length, 1, Float64Array.from(s)))
    return d
  })
  return [...notes, ...differences(directions, sketches.expected_directions_after_each_sketch, () => tolerance, 'sketches')]
}

/** A warp whose pins and lines hold exactly. */
async function warpNotes({ W, H, pins, lines, expected }: Inputs, tolerance: number): Promise<string[]> {
  const problem = meshWarp(W, H, [
    ...(pins as [number, [number, number]][]).map(([vertex, at]) => ({ kind: 'pin', vertex, at }) as const),
    ...(lines as number[][]).map((vertices) => ({ kind: 'line', vertices }) as const),
  ])
  const { x, energy, worst } = await outcome(newton.minimise(problem, { x: restOf(W, H) }, signal))
  const notes = differences(x, expected.positions, () => tolerance, 'positions')
  notes.push(...differences(energy, expected.energy, () => tolerance, 'energy'))
  if (!(worst && worst.by <= expected.max_constraint_violation_limit)) notes.push(`a constraint is off by ${worst?.by}`)
  return notes
}

/** Newton's method on the exact augmented Lagrangian. */
export const sketchedNewtonAdapter: FileAdapter = {
  name: 'exact-augmented-lagrangian-sketching',
  recognises: ({ first_iteration, warp }) => Boolean(first_iteration && warp),
  async check({ first_iteration, solutions, warp, tolerance }) {
    const notes = firstNotes(first_iteration, tolerance.first_iteration)
    for (const { problem, x0, lam0, expected_x, expected_lam } of solutions) {
      const start = { x: flat(x0), multipliers: flat(lam0) }
      const { x, multipliers } = await outcome(newton.minimise(problemOf(problem), start, signal))
      notes.push(...differences(x, expected_x, () => tolerance.solutions, problem))
      notes.push(...differences(multipliers, expected_lam, () => tolerance.solutions, `${problem}, multipliers`))
    }
    return [...notes, ...(await warpNotes(warp, tolerance.warp_positions))]
  },
}
