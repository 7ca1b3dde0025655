import { expectFinite } from '../../math/mix.ts'
import { floatingPieces } from '../../math/poisson-grid.ts'
import type { PoissonSystem } from '../poisson.ts'

interface Levelled {
  readonly b: Float64Array
  readonly start: Float64Array
  readonly pieces: { readonly count: number; settle(value: Float64Array): Float64Array }
}

/**
 * The system with pieces that touch nothing known made solvable: their right side sums to nothing, and they end at the mean of the
 * start. @throws RangeError where the parts do not fit, or are not finite.
 */
export function levelled({ grid, b, start = new Float64Array(b.length) }: PoissonSystem): Levelled {
  const size = grid.width * grid.height
  if (b.length !== size || start.length !== size || grid.diagonal.length !== size)
    throw new RangeError(`${b.length} and ${start.length} values for ${grid.width} × ${grid.height} pixels`)
  expectFinite(b, 'The right side')
  expectFinite(start, 'The start')
  const floating = floatingPieces(grid)
  const meanOf = (values: Float64Array, piece: readonly number[]) => piece.reduce((sum, i) => sum + values[i], 0) / piece.length
  const shifted = (values: Float64Array, wanted: (piece: readonly number[]) => number) => {
    const out = values.slice()
    for (const piece of floating) {
      const by = wanted(piece) - meanOf(values, piece)
      for (const i of piece) out[i] += by
    }
    return out
  }
  const inside = (values: Float64Array) => values.map((value, i) => (grid.unknown[i] ? value : 0))
  const settle = (value: Float64Array) => shifted(value, (piece) => meanOf(start, piece))
  return { b: shifted(inside(b), () => 0), start: inside(start), pieces: { count: floating.length, settle } }
}
