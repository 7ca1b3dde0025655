import { sinkhornNewtonSparse } from '../../../main/algorithms/transport/sinkhorn-newton-sparse.ts'
import { dualValue, lackOf, type Plan, planOf, type TransportProblem } from '../../../main/math/entropic-transport.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { countThreshold, denseDirection } from '../../../main/math/sparse-newton.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { relativeDifferences } from '../relative.ts'
import { flat, signal } from './diffusion-world.ts'

function problemOf({ C, a, b, eps }: Inputs): TransportProblem {
  const [rows, columns] = [C.length, C[0].length]
  const even = (count: number) => new Float64Array(count).fill(1 / count)
  return { rows, columns, cost: flat(C), a: a ? flat(a) : even(rows), b: b ? flat(b) : even(columns), epsilon: eps }
}

const solverOf = (tolerance: number, steps: number) =>
  sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse({ tolerance, steps }), {})

/** A weighted problem, a step of Newton, what is left out of it, and an assignment. */
export const sinkhornNewtonSparseAdapter: FileAdapter = {
  name: 'sinkhorn-newton-sparse',
  recognises: ({ sparsify_case, assignment }) => Boolean(sparsify_case && assignment),
  async check({ weighted, potential_case, sparsify_case, assignment }) {
    const problem = problemOf(weighted)
    const { f, g, plan, cost, entropic, relative } = await outcome(solverOf(1e-12, 100).solve(problem, signal))
    const last = g[g.length - 1]
    const solved = {
      gauge: 'g[last]=0',
      f: f.map((value) => value + last),
      g: g.map((value) => value - last),
      P: plan,
      transport_cost: cost,
      W_ent: entropic,
      W_kl: relative,
    }
    const notes = differences(solved, weighted.expected, () => weighted.tolerance, 'weighted')

    const at = { f: flat(potential_case.f), g: flat(potential_case.g) }
    const there = planOf(problem, at) as Plan
    const lack = lackOf(problem, there)
    const step = {
      F: dualValue(problem, at, there),
      grad: lack,
      newton_direction_min_norm: denseDirection(there, lack, problem.epsilon),
    }
    notes.push(...relativeDifferences(step, potential_case.expected, potential_case.tolerance, 'potential_case'))

    const entries = flat(sparsify_case.P)
    const threshold = countThreshold(entries, Math.ceil(sparsify_case.lambda_ * entries.length))
    const keep = entries.map((entry) => Number(entry >= threshold))
    notes.push(...differences({ keep }, { keep: sparsify_case.expected_keep }, () => 0, 'sparsify_case'))

    const { limits, tolerance, expected } = assignment
    const assigned = await outcome(
      solverOf(limits.L1_marginal_error_max / 100, limits.newton_steps_max).solve(problemOf(assignment), signal),
    )
    for (const [key, value] of [
      ['transport_cost', assigned.cost],
      ['W_ent', assigned.entropic],
    ] as const)
      notes.push(...differences({ [key]: value }, { [key]: expected[key] }, () => tolerance[key], 'assignment'))
    if (assigned.error > limits.L1_marginal_error_max) notes.push(`assignment: the sums are wrong by ${assigned.error}`)
    return notes
  },
}
