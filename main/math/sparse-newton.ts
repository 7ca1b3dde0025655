import { conjugateGradient } from './conjugate-gradient.ts'
import type { Plan } from './entropic-transport.ts'
import { matrix } from './matrix.ts'
import { solvePositive } from './positive-system.ts'

/** The entries that are kept, row by row and column by column. */
export interface SparsePlan {
  readonly rows: number
  readonly columns: number
  readonly starts: Int32Array
  readonly places: Int32Array
  readonly values: Float64Array
}

/** The `count`-th largest of the entries. */
export function countThreshold(entries: Float64Array, count: number): number {
  const sorted = entries.slice().sort()
  return sorted[Math.max(0, sorted.length - Math.max(1, count))]
}

/** The least entry that stays where the smallest are dropped while they make up no more than `share` of the whole. */
export function massThreshold({ entries, total }: Plan, share: number): number {
  const sorted = entries.slice().sort()
  let dropped = 0
  let at = 0
  while (at < sorted.length - 1 && dropped + sorted[at] <= share * total) dropped += sorted[at++]
  return sorted[at]
}

/** The plan without the entries below a threshold. */
export function sparsify({ entries, rowSums, columnSums }: Plan, threshold: number): SparsePlan {
  const [rows, columns] = [rowSums.length, columnSums.length]
  const starts = new Int32Array(rows + 1)
  const kept = entries.reduce((count, entry) => count + Number(entry >= threshold), 0)
  const [places, values] = [new Int32Array(kept), new Float64Array(kept)]
  let count = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const entry = entries[i * columns + j]
      if (entry < threshold) continue
      places[count] = j
      values[count++] = entry
    }
    starts[i + 1] = count
  }
  return { rows, columns, starts, places, values }
}

/**
 * Newton's direction epsilon [[diag r, P], [Pᵀ, diag c]]⁺ lack with the full sums r, c and a sparse P: diagonally dominant whatever was
 * dropped, hence positive semidefinite. Conjugate gradients on the system scaled by its diagonal, which is Jacobi's preconditioner.
 */
export function sparseDirection(plan: Plan, sparse: SparsePlan, lack: Float64Array, epsilon: number, tolerance: number): Float64Array {
  const { rows, columns, starts, places, values } = sparse
  const size = rows + columns
  const root = Float64Array.from({ length: size }, (_, i) => 1 / Math.sqrt(i < rows ? plan.rowSums[i] : plan.columnSums[i - rows]))
  const apply = (x: Float64Array) => {
    const out = x.slice()
    for (let i = 0; i < rows; i++)
      for (let at = starts[i]; at < starts[i + 1]; at++) {
        const j = rows + places[at]
        const weight = values[at] * root[i] * root[j]
        out[i] += weight * x[j]
        out[j] += weight * x[i]
      }
    return out
  }
  const right = lack.map((value, i) => value * root[i])
  const length = Math.sqrt(right.reduce((sum, value) => sum + value * value, 0))
  const { value } = conjugateGradient(apply, right, new Float64Array(size), { iterations: 400, tolerance: tolerance * length })
  return value.map((entry, i) => epsilon * entry * root[i])
}

/**
 * The same of the whole plan, exactly: the shortest direction, as the one that changes nothing (1, -1) is filled in.
 * @throws RangeError where the matrix is singular otherwise, which happens where the plan falls apart into pieces.
 */
export function denseDirection({ entries, rowSums, columnSums }: Plan, lack: Float64Array, epsilon: number): Float64Array {
  const [rows, columns] = [rowSums.length, columnSums.length]
  const size = rows + columns
  const hessian = matrix(size, size)
  const fill = 1 / size ** 2
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const isSameSide = i < rows === j < rows
      let value = isSameSide ? fill : entries[j * columns + i - rows] - fill
      if (i === j) value += i < rows ? rowSums[i] : columnSums[i - rows]
      hessian.data[i * size + j] = hessian.data[j * size + i] = value
    }
  return solvePositive(hessian, lack).map((value) => epsilon * value)
}
