import { cholesky } from '../../math/cholesky.ts'
import { joined, kktMatrix, type Place } from '../../math/exact-lagrangian.ts'
import { identity, type Matrix, matrix, toRows, transpose } from '../../math/matrix.ts'
import { orthonormalise } from '../../math/orthonormal.ts'
import { solveSmall } from '../../math/small-system.ts'
import { solveUpper, solveUpperTransposed } from '../../math/triangle.ts'

/** A system K d = b whose solution is a step, and the way from its numbers to those of the step. */
export interface StepSystem {
  readonly k: Matrix
  readonly b: Float64Array
  step(d: Float64Array): Float64Array
}

/** Rows of the constraints that say something new; those that follow from the others are left out of a step. */
export function independentRows(jacobian: Matrix): readonly number[] {
  const kept: Float64Array[] = []
  const rows: number[] = []
  for (let i = 0; i < jacobian.rows; i++) {
    const row = jacobian.data.slice(i * jacobian.columns, (i + 1) * jacobian.columns)
    const before = Math.hypot(...row)
    for (let pass = 0; pass < 2; pass++)
      for (const other of kept) {
        const share = row.reduce((sum, value, j) => sum + value * other[j], 0)
        for (let j = 0; j < row.length; j++) row[j] -= share * other[j]
      }
    const length = Math.hypot(...row)
    if (!(length > 1e-10 * before)) continue
    kept.push(row.map((value) => value / length))
    rows.push(i)
  }
  return rows
}

const negated = (values: Float64Array) => values.map((value) => -value)
const rowsOf = (a: Matrix, rows: readonly number[]): Matrix => {
  const out = matrix(rows.length, a.columns)
  for (const [to, from] of rows.entries()) out.data.set(a.data.subarray(from * a.columns, (from + 1) * a.columns), to * a.columns)
  return out
}

/** The step of Newton's method as it is: [[B, Gᵀ], [G, 0]] (dx, dlam) = -(slope, c). */
export function plainSystem(place: Place, b: Matrix): StepSystem {
  const rows = independentRows(place.jacobian)
  const k = kktMatrix(b, rowsOf(place.jacobian, rows))
  const right = negated(
    joined(
      place.slope,
      Float64Array.from(rows, (i) => place.c[i]),
    ),
  )
  return { k, b: right, step: (d) => spread(d, place, rows) }
}

/** The multipliers of rows that were left out stay as they are. */
function spread(d: Float64Array, { x, c }: Place, rows: readonly number[]): Float64Array {
  const out = new Float64Array(x.length + c.length)
  out.set(d.subarray(0, x.length))
  for (const [from, to] of rows.entries()) out[x.length + to] = d[x.length + from]
  return out
}

/**
 * The same made round, without which sketches lead nowhere: with metric = C Cᵀ and (G C⁻ᵀ)ᵀ = Uᵀ R, dh = Cᵀ dx and mh = R dlam solve
 * [[C⁻¹ B C⁻ᵀ, Uᵀ], [U, 0]] (dh, mh) = -(C⁻¹ slope, R⁻ᵀ c), whose condition is near 1 where B is near the metric.
 */
export function roundSystem(place: Place, b: Matrix, metric: Matrix = identity(b.rows)): StepSystem {
  const n = b.rows
  const rows = independentRows(place.jacobian)
  const upper = transpose(cholesky(metric))
  const half = columnwise(b, (column) => solveUpperTransposed(upper, column))
  const round = columnwise(transpose(half), (column) => solveUpperTransposed(upper, column))
  const pulled = columnwise(transpose(rowsOf(place.jacobian, rows)), (column) => solveUpperTransposed(upper, column))
  const { q, r } = orthonormalise(pulled)
  const c = Float64Array.from(rows, (i) => place.c[i])
  return {
    k: kktMatrix(round, transpose(q)),
    b: negated(joined(solveUpperTransposed(upper, place.slope), solveUpperTransposed(r, c))),
    step: (d) => spread(joined(solveUpper(upper, d.slice(0, n)), solveUpper(r, d.slice(n))), place, rows),
  }
}

function columnwise(a: Matrix, map: (column: Float64Array) => Float64Array): Matrix {
  const turned = transpose(a)
  const out = matrix(a.columns, a.rows)
  for (let j = 0; j < a.columns; j++) out.data.set(map(turned.data.slice(j * a.rows, (j + 1) * a.rows)), j * a.rows)
  return transpose(out)
}

/** The solution at once, by elimination. @throws RangeError where the system is singular. */
export const eliminated = ({ k, b }: StepSystem): Float64Array => Float64Array.from(solveSmall(toRows(k), [...b]))
