import type { Potentials, TransportProblem } from '../../math/entropic-transport.ts'

/** @throws RangeError where it is no problem of transport. */
export function expectProblem({ rows, columns, cost, a, b, epsilon }: TransportProblem): void {
  if (!(rows > 0 && columns > 0)) throw new RangeError('There is nothing to carry.')
  if (cost.length !== rows * columns || a.length !== rows || b.length !== columns)
    throw new RangeError(`Costs of ${cost.length} and weights of ${a.length} and ${b.length} do not fit ${rows} × ${columns}.`)
  if (!(epsilon > 0) || !Number.isFinite(epsilon)) throw new RangeError(`Epsilon is ${epsilon} and must be above 0.`)
  if (!cost.every(Number.isFinite)) throw new RangeError('A cost is not finite.')
  for (const weights of [a, b]) {
    if (!weights.every((weight) => weight >= 0)) throw new RangeError('A weight is negative or no number.')
    const sum = weights.reduce((total, weight) => total + weight, 0)
    if (Math.abs(sum - 1) > 1e-6) throw new RangeError(`Weights sum to ${sum} and not to 1.`)
  }
}

/** A problem without the rows and columns that weigh nothing, and where the others came from. */
export interface Lean {
  readonly problem: TransportProblem
  readonly start: Potentials | undefined
  readonly whole: TransportProblem
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

const present = (weights: Float64Array) => [...weights.keys()].filter((i) => weights[i] > 0)

/** Leaves out what weighs nothing, and makes both sides sum to exactly 1. */
export function withoutNothing(whole: TransportProblem, start?: Potentials): Lean {
  const [rows, columns] = [present(whole.a), present(whole.b)]
  const pick = (values: Float64Array, places: readonly number[]) => Float64Array.from(places, (i) => values[i])
  const toOne = (values: Float64Array) => {
    const sum = values.reduce((total, value) => total + value, 0)
    return values.map((value) => value / sum)
  }
  const problem: TransportProblem = {
    rows: rows.length,
    columns: columns.length,
    cost: Float64Array.from(rows.flatMap((i) => columns.map((j) => whole.cost[i * whole.columns + j]))),
    a: toOne(pick(whole.a, rows)),
    b: toOne(pick(whole.b, columns)),
    epsilon: whole.epsilon,
  }
  const lean = start && { f: pick(start.f, rows), g: pick(start.g, columns) }
  const isKnown = lean && [...lean.f, ...lean.g].every(Number.isFinite)
  return { problem, start: isKnown ? lean : undefined, whole, rows, columns }
}

/** A solution with the rows and columns that weigh nothing back in their places. */
export function reinsert(
  { whole, rows, columns }: Lean,
  { f, g, plan }: Potentials & { readonly plan: Float64Array },
): Potentials & { readonly plan: Float64Array } {
  const at = (values: Float64Array, places: readonly number[], length: number) => {
    const out = new Float64Array(length).fill(Number.NEGATIVE_INFINITY)
    for (const [k, place] of places.entries()) out[place] = values[k]
    return out
  }
  const entries = new Float64Array(whole.rows * whole.columns)
  for (const [k, i] of rows.entries()) for (const [l, j] of columns.entries()) entries[i * whole.columns + j] = plan[k * columns.length + l]
  return { f: at(f, rows, whole.rows), g: at(g, columns, whole.columns), plan: entries }
}
