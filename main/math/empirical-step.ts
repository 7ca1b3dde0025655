import { lambdaOf, type Node } from './gaussian-path.ts'
import { mix } from './mix.ts'
import { lambdaOfRow, type ModelStatistics } from './model-statistics.ts'
import { factorial } from './phi.ts'

/** A point of the trajectory that a step with empirical statistics is made from. */
export interface EmpiricalPoint {
  readonly node: Node
  /** Row of the statistics it lies on, or nearest to. */
  readonly row: number
  /** f = (sigma eps - l x) / alpha, as it was when the network was asked. */
  readonly f: Float64Array
}

/** The row of the statistics that serves an entry of a latent: its own, or its channel's. */
const spread = (row: Float64Array, entries: number): ((i: number) => number) => {
  if (entries % row.length !== 0) throw new RangeError(`Statistics of ${row.length} values do not fit ${entries} entries.`)
  const places = entries / row.length
  return places === 1 ? (i) => row[i] : (i) => row[Math.floor(i / places)]
}

/** f at a point: what the network says, less what is linear in x. */
export function remainder(statistics: ModelStatistics, row: number, node: Node, x: Float64Array, eps: Float64Array): Float64Array {
  const l = spread(statistics.l[row], x.length)
  return x.map((value, i) => (node.sigma * eps[i] - l(i) * value) / node.alpha)
}

/** Integrals from the base row to another, an entry each. */
interface Reached {
  readonly l: Float64Array
  readonly s: Float64Array
  /** Of e^(-s) b. */
  readonly b: Float64Array
  /** Of e^(l + s), of the same times the b so far, and times (lambda - base)^k / k!. */
  readonly grown: Float64Array
  readonly offset: Float64Array
  readonly powers: readonly Float64Array[]
}

/**
 * Trapezoids outwards from a row, relative to it: no exponential of a whole integral is ever formed, so none overflows.
 * @param wanted rows at which to stop and tell.
 */
function walk(statistics: ModelStatistics, base: number, wanted: readonly number[], entries: number, order: number): Map<number, Reached> {
  const reached = new Map<number, Reached>()
  const zeros = () => new Float64Array(entries)
  const start: Reached = {
    l: zeros(),
    s: zeros(),
    b: zeros(),
    grown: zeros(),
    offset: zeros(),
    powers: Array.from({ length: order }, zeros),
  }
  reached.set(base, start)
  const home = lambdaOfRow(statistics, base)
  for (const direction of [-1, 1]) {
    const last = direction < 0 ? Math.min(base, ...wanted) : Math.max(base, ...wanted)
    let now = start
    for (let row = base; row !== last; row += direction) {
      const to = row + direction
      const half = (lambdaOfRow(statistics, to) - lambdaOfRow(statistics, row)) / 2
      const [away, awayNext] = [lambdaOfRow(statistics, row) - home, lambdaOfRow(statistics, to) - home]
      const [l0, l1] = [spread(statistics.l[row], entries), spread(statistics.l[to], entries)]
      const [s0, s1] = [spread(statistics.s[row], entries), spread(statistics.s[to], entries)]
      const [b0, b1] = [spread(statistics.b[row], entries), spread(statistics.b[to], entries)]
      const next: Reached = {
        l: zeros(),
        s: zeros(),
        b: zeros(),
        grown: zeros(),
        offset: zeros(),
        powers: Array.from({ length: order }, zeros),
      }
      for (let i = 0; i < entries; i++) {
        const l = (next.l[i] = now.l[i] + half * (l0(i) + l1(i)))
        const s = (next.s[i] = now.s[i] + half * (s0(i) + s1(i)))
        const b = (next.b[i] = now.b[i] + half * (Math.exp(-now.s[i]) * b0(i) + Math.exp(-s) * b1(i)))
        const before = Math.exp(now.l[i] + now.s[i])
        const after = Math.exp(l + s)
        next.grown[i] = now.grown[i] + half * (before + after)
        next.offset[i] = now.offset[i] + half * (before * now.b[i] + after * b)
        for (let k = 1; k <= order; k++)
          next.powers[k - 1][i] = now.powers[k - 1][i] + (half * (before * away ** k + after * awayNext ** k)) / factorial(k)
      }
      now = next
      if (wanted.includes(to)) reached.set(to, now)
    }
  }
  return reached
}

/** Weights that turn values at points into derivatives at the base: `weights[k - 1][m]` for derivative k and point m, the base at 0. */
export type Derivatives = readonly (readonly number[])[]

/**
 * DPM-Solver-v3's step from the base to `to`: x' / alpha' = e^(-L) (x / alpha - sum over k of g^(k) times its integral - the
 * offset), with g the remainder f freed of what the statistics foretell.
 * @param others further points; `derivatives` weighs the base and them.
 */
export function empiricalStep(
  statistics: ModelStatistics,
  x: Float64Array,
  base: EmpiricalPoint,
  others: readonly EmpiricalPoint[],
  derivatives: Derivatives,
  to: { readonly node: Node; readonly row: number },
): Float64Array {
  const entries = x.length
  const points = [base, ...others]
  const order = derivatives.length
  const reached = walk(statistics, base.row, [to.row, ...others.map((point) => point.row)], entries, order)
  const values = points.map((point) => {
    const { s, b } = reached.get(point.row)!
    return point.f.map((f, i) => Math.exp(-s[i]) * f - b[i])
  })
  const slopes = derivatives.map((weights) => mix(...weights.map((weight, m) => [weight, values[m]] as const)))
  const end = reached.get(to.row)!
  const { alpha } = to.node
  return x.map((value, i) => {
    let sum = value / base.node.alpha - end.grown[i] * values[0][i] - end.offset[i]
    for (let k = 0; k < order; k++) sum -= end.powers[k][i] * slopes[k][i]
    return alpha * Math.exp(-end.l[i]) * sum
  })
}

/** The row nearest to a node's lambda, as a fraction where it lies between rows. */
export const rowAt = ({ count, lambdaNoise, lambdaData }: ModelStatistics, node: Node): number =>
  (count * (lambdaOf(node) - lambdaNoise)) / (lambdaData - lambdaNoise)
