import { dotOf } from './conjugate-gradient.ts'

/** What is to be carried where: a cost for each pair, and the two sets of weights, each summing to 1. */
export interface TransportProblem {
  readonly rows: number
  readonly columns: number
  /** [row, column]. */
  readonly cost: Float64Array
  readonly a: Float64Array
  readonly b: Float64Array
  /** How far the plan is smeared, in units of the cost; above 0. */
  readonly epsilon: number
}

/** The prices of both sides: the plan is exp((f + g - cost) / epsilon). */
export interface Potentials {
  readonly f: Float64Array
  readonly g: Float64Array
}

/** A plan, [row, column], with its sums. */
export interface Plan {
  readonly entries: Float64Array
  readonly rowSums: Float64Array
  readonly columnSums: Float64Array
  readonly total: number
}

/** Zeros: where Sinkhorn begins. */
export const noPotentials = ({ rows, columns }: TransportProblem): Potentials => ({
  f: new Float64Array(rows),
  g: new Float64Array(columns),
})

/** Where an exponent passes this, the plan is no plan. */
const HIGHEST = 600

/** The plan of the potentials; null where it would overflow. */
export function planOf({ rows, columns, cost, epsilon }: TransportProblem, { f, g }: Potentials): Plan | null {
  const entries = new Float64Array(rows * columns)
  const rowSums = new Float64Array(rows)
  const columnSums = new Float64Array(columns)
  let total = 0
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = 0, at = i * columns; j < columns; j++, at++) {
      const exponent = (f[i] + g[j] - cost[at]) / epsilon
      if (!(exponent <= HIGHEST)) return null
      const entry = Math.exp(exponent)
      entries[at] = entry
      columnSums[j] += entry
      sum += entry
    }
    rowSums[i] = sum
    total += sum
  }
  return { entries, rowSums, columnSums, total }
}

/** F(f, g) = a·f + b·g - epsilon ΣP, which the answer makes as large as can be. */
export const dualValue = ({ a, b, epsilon }: TransportProblem, { f, g }: Potentials, { total }: Plan): number =>
  dotOf(a, f) + dotOf(b, g) - epsilon * total

/** The slope of F: what the plan's sums lack, rows first. */
export function lackOf({ a, b }: TransportProblem, { rowSums, columnSums }: Plan): Float64Array {
  const lack = new Float64Array(a.length + b.length)
  for (let i = 0; i < a.length; i++) lack[i] = a[i] - rowSums[i]
  for (let j = 0; j < b.length; j++) lack[a.length + j] = b[j] - columnSums[j]
  return lack
}

/** How far the plan's sums are from the weights, added up. */
export const marginalError = (problem: TransportProblem, plan: Plan): number =>
  lackOf(problem, plan).reduce((sum, value) => sum + Math.abs(value), 0)

/** The numbers that are said of a solution. */
export interface TransportValues {
  /** ⟨P, cost⟩ */
  readonly cost: number
  /** ⟨P, cost⟩ + epsilon Σ P log P, at the answer a·f + b·g. */
  readonly entropic: number
  /** ⟨P, cost⟩ + epsilon KL(P | a bᵀ), which does not depend on how finely the points are cut. */
  readonly relative: number
}

const entropy = (weights: Float64Array) => weights.reduce((sum, weight) => (weight > 0 ? sum + weight * Math.log(weight) : sum), 0)

/** What a plan costs: Σ P C, and with its entropy and its divergence from the product of the weights, both times epsilon. */
export function transportValues(problem: TransportProblem, { f, g }: Potentials, plan: Plan): TransportValues {
  const entropic = dotOf(problem.a, f) + dotOf(problem.b, g)
  const relative = entropic - problem.epsilon * (entropy(problem.a) + entropy(problem.b))
  return { cost: dotOf(plan.entries, problem.cost), entropic, relative }
}

/** Each `out` = epsilon (log weight - log Σ exp((other - cost) / epsilon)), by rows or by columns; sums cannot overflow. */
function soften(problem: TransportProblem, weights: Float64Array, other: Float64Array, isByRows: boolean): Float64Array {
  const { columns, cost, epsilon } = problem
  const [stride, step] = isByRows ? [columns, 1] : [1, columns]
  return weights.map((weight, i) => {
    let most = Number.NEGATIVE_INFINITY
    for (let j = 0, at = i * stride; j < other.length; j++, at += step) most = Math.max(most, other[j] - cost[at])
    let sum = 0
    for (let j = 0, at = i * stride; j < other.length; j++, at += step) sum += Math.exp((other[j] - cost[at] - most) / epsilon)
    return epsilon * (Math.log(weight) - Math.log(sum)) - most
  })
}

/** One sweep in logarithms: the rows are made right, then the columns. */
export function logSweep(problem: TransportProblem, { g }: Potentials): Potentials {
  const f = soften(problem, problem.a, g, true)
  return { f, g: soften(problem, problem.b, f, false) }
}

/** After so many sweeps the scalings are taken into the potentials, or where one of them leaves 1e±100. */
const ABSORB = 50
const [LEAST, MOST] = [1e-100, 1e100]

/**
 * Sinkhorn's sweeps: rows and columns are scaled by turns. Most of them scale a kernel that was formed around the potentials, which is
 * ten times cheaper than logarithms and just as safe while the scalings stay moderate. Ends after `sweeps`, or where the rows are wrong
 * by less than `tolerance` in all. A sweep is at least done, so that the columns are right. Where the kernel would be lost in rounding,
 * a sweep in logarithms is done instead.
 */
export function sinkhorn(
  problem: TransportProblem,
  start: Potentials,
  sweeps: number,
  tolerance: number,
): { readonly potentials: Potentials; readonly sweeps: number; readonly error: number } {
  const { rows, columns, a, b, epsilon } = problem
  let potentials = start
  let error = Number.POSITIVE_INFINITY
  let done = 0
  let isSafe = true
  while (done < sweeps && !(done > 0 && error < tolerance)) {
    const kernel = isSafe ? planOf(problem, potentials)?.entries : undefined
    if (!kernel) {
      potentials = logSweep(problem, potentials)
      done++
      isSafe = true
      continue
    }
    const [u, v] = [new Float64Array(rows).fill(1), new Float64Array(columns).fill(1)]
    const [nextU, nextV] = [u.slice(), v.slice()]
    for (let inner = 0; inner < ABSORB && done < sweeps && isSafe; inner++) {
      let wrong = 0
      nextV.fill(0)
      for (let i = 0; i < rows; i++) {
        let sum = 0
        for (let j = 0, at = i * columns; j < columns; j++, at++) sum += kernel[at] * v[j]
        wrong += Math.abs(u[i] * sum - a[i])
        const scale = a[i] / sum
        nextU[i] = scale
        for (let j = 0, at = i * columns; j < columns; j++, at++) nextV[j] += scale * kernel[at]
      }
      error = wrong
      if (done > 0 && error < tolerance) break
      for (let j = 0; j < columns; j++) nextV[j] = b[j] / nextV[j]
      const isModerate = (scale: number) => scale > LEAST && scale < MOST
      isSafe = nextU.every(isModerate) && nextV.every(isModerate)
      if (!isSafe) break
      u.set(nextU)
      v.set(nextV)
      done++
    }
    const base = potentials
    potentials = {
      f: base.f.map((value, i) => value + epsilon * Math.log(u[i])),
      g: base.g.map((value, j) => value + epsilon * Math.log(v[j])),
    }
  }
  return { potentials, sweeps: done, error }
}
