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

/** How many neighbouring entries of a latent one value of a row serves: itself alone, or all of its channel. */
function placesOf(statistics: ModelStatistics, entries: number): number {
  const values = statistics.l[0].length
  if (entries % values !== 0) throw new RangeError(`Statistics of ${values} values do not fit ${entries} entries.`)
  return entries / values
}

/** f at a point: what the network says, less what is linear in x. */
export function remainder(statistics: ModelStatistics, row: number, node: Node, x: Float64Array, eps: Float64Array): Float64Array {
  const places = placesOf(statistics, x.length)
  const f = new Float64Array(x.length)
  const noise = node.sigma / node.alpha
  for (const [g, l] of statistics.l[row].entries()) {
    const linear = l / node.alpha
    for (let i = g * places; i < (g + 1) * places; i++) f[i] = noise * eps[i] - linear * x[i]
  }
  return f
}

/** Integrals from the base row to another, one for each value of a row. */
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

const copyOf = ({ l, s, b, grown, offset, powers }: Reached): Reached => ({
  l: l.slice(),
  s: s.slice(),
  b: b.slice(),
  grown: grown.slice(),
  offset: offset.slice(),
  powers: powers.map((power) => power.slice()),
})

/**
 * Trapezoids outwards from a row, relative to it: no exponential of a whole integral is ever formed, so none overflows.
 * @param wanted rows at which to stop and tell.
 */
function walk(statistics: ModelStatistics, base: number, wanted: readonly number[], order: number): Map<number, Reached> {
  const values = statistics.l[0].length
  const zeros = () => new Float64Array(values)
  const nothing = (): Reached => ({
    l: zeros(),
    s: zeros(),
    b: zeros(),
    grown: zeros(),
    offset: zeros(),
    powers: Array.from({ length: order }, zeros),
  })
  const reached = new Map<number, Reached>([[base, nothing()]])
  const home = lambdaOfRow(statistics, base)
  const factors = Array.from({ length: order }, (_, k) => 1 / factorial(k + 1))
  for (const direction of [-1, 1]) {
    const last = direction < 0 ? Math.min(base, ...wanted) : Math.max(base, ...wanted)
    const now = nothing()
    // e^(l + s) and e^(-s) b at the row where the walk stands.
    const growth = zeros().fill(1)
    const shed = statistics.b[base].slice()
    for (let row = base; row !== last; row += direction) {
      const to = row + direction
      const half = (lambdaOfRow(statistics, to) - lambdaOfRow(statistics, row)) / 2
      const [away, awayNext] = [lambdaOfRow(statistics, row) - home, lambdaOfRow(statistics, to) - home]
      const [l0, l1, s0, s1, b1] = [statistics.l[row], statistics.l[to], statistics.s[row], statistics.s[to], statistics.b[to]]
      for (let i = 0; i < values; i++) {
        now.l[i] += half * (l0[i] + l1[i])
        now.s[i] += half * (s0[i] + s1[i])
        const shedNext = Math.exp(-now.s[i]) * b1[i]
        const grownNext = Math.exp(now.l[i] + now.s[i])
        const before = now.b[i]
        now.b[i] += half * (shed[i] + shedNext)
        now.grown[i] += half * (growth[i] + grownNext)
        now.offset[i] += half * (growth[i] * before + grownNext * now.b[i])
        for (let k = 0; k < order; k++)
          now.powers[k][i] += half * factors[k] * (growth[i] * away ** (k + 1) + grownNext * awayNext ** (k + 1))
        shed[i] = shedNext
        growth[i] = grownNext
      }
      if (wanted.includes(to)) reached.set(to, copyOf(now))
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
  const points = [base, ...others]
  const order = derivatives.length
  const places = placesOf(statistics, x.length)
  const reached = walk(statistics, base.row, [to.row, ...others.map((point) => point.row)], order)
  const values = points.map(({ row, f }) => {
    const { s, b } = reached.get(row)!
    const freed = new Float64Array(f.length)
    for (let g = 0; g < s.length; g++) {
      const scale = Math.exp(-s[g])
      for (let i = g * places; i < (g + 1) * places; i++) freed[i] = scale * f[i] - b[g]
    }
    return freed
  })
  const slopes = derivatives.map((weights) => mix(...weights.map((weight, m) => [weight, values[m]] as const)))
  const end = reached.get(to.row)!
  const result = new Float64Array(x.length)
  for (let g = 0; g < end.l.length; g++) {
    const keep = to.node.alpha * Math.exp(-end.l[g])
    const [own, still] = [1 / base.node.alpha, end.grown[g]]
    const [from, until] = [g * places, (g + 1) * places]
    for (let i = from; i < until; i++) result[i] = keep * (own * x[i] - still * values[0][i] - end.offset[g])
    for (const [k, slope] of slopes.entries()) {
      const factor = keep * end.powers[k][g]
      for (let i = from; i < until; i++) result[i] -= factor * slope[i]
    }
  }
  return result
}

/** The row nearest to a node's lambda, as a fraction where it lies between rows. */
export const rowAt = ({ count, lambdaNoise, lambdaData }: ModelStatistics, node: Node): number =>
  (count * (lambdaOf(node) - lambdaNoise)) / (lambdaData - lambdaNoise)
