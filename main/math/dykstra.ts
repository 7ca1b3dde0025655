import { dotOf } from './conjugate-gradient.ts'
import { applyMatrix, type Matrix } from './matrix.ts'
import { mix } from './mix.ts'
import { greatest } from './norms.ts'

export interface Nearest {
  readonly point: Float64Array
  readonly sweeps: number
  /** How far the worst row is overstepped, and which it is; 0 or less where all hold. */
  readonly excess: number
  readonly worst: number
}

/**
 * The point nearest to w where A w <= b, by Dykstra's projections in turn, each with a memory of its own. Where the rows cannot all hold
 * it ends with the limit of sweeps, and an excess.
 */
export function nearestWithin(
  a: Matrix,
  b: Float64Array,
  w: Float64Array,
  { sweeps = 4000, tolerance = 1e-12 }: { readonly sweeps?: number; readonly tolerance?: number } = {},
): Nearest {
  const rows = Array.from({ length: a.rows }, (_, j) => a.data.subarray(j * a.columns, (j + 1) * a.columns))
  const squares = rows.map((row) => dotOf(row, row))
  // A correction is always a multiple of its row.
  const shares = new Float64Array(a.rows)
  const point = w.slice()
  let sweep = 0
  for (let change = Number.POSITIVE_INFINITY; sweep < sweeps && change > tolerance; sweep++) {
    const before = point.slice()
    for (const [j, row] of rows.entries()) {
      if (squares[j] === 0) continue
      const share = Math.max(0, shares[j] + (dotOf(row, point) - b[j]) / squares[j])
      for (let i = 0; i < point.length; i++) point[i] += (shares[j] - share) * row[i]
      shares[j] = share
    }
    change = greatest(mix([1, point], [-1, before]))
  }
  const over = mix([1, applyMatrix(a, point)], [-1, b])
  const worst = over.reduce((at, value, j) => (value > over[at] ? j : at), 0)
  return { point, sweeps: sweep, excess: over[worst], worst }
}
