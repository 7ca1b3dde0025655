import { type Matrix, matrix, multiply, symmetricEigen, transpose } from './matrix.ts'
import { inPieces, type Pieces } from './pause.ts'

/** exp(-gamma |a - b|²) for every row of a and every row of b. */
export function gaussianKernel(a: Matrix, b: Matrix, gamma: number): Matrix {
  const out = matrix(a.rows, b.rows)
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++) {
      let square = 0
      for (let k = 0; k < a.columns; k++) square += (a.data[i * a.columns + k] - b.data[j * b.columns + k]) ** 2
      out.data[i * b.rows + j] = Math.exp(-gamma * square)
    }
  return out
}

const BLOCK = 4096

/** The kernel of many places times what belongs to the few it was learned from, some thousand at a time. */
export function kernelProduct(places: Matrix, known: Matrix, gamma: number, factors: Matrix, signal: AbortSignal): Promise<Matrix> {
  function* pieces(): Pieces<Matrix> {
    const out = matrix(places.rows, factors.columns)
    for (let from = 0; from < places.rows; from += BLOCK) {
      const rows = Math.min(BLOCK, places.rows - from)
      const part = matrix(rows, places.columns, places.data.subarray(from * places.columns, (from + rows) * places.columns))
      out.data.set(multiply(gaussianKernel(part, known, gamma), factors).data, from * factors.columns)
      yield
    }
    return out
  }
  return inPieces(pieces(), signal)
}

/** A kernel by its eigenvectors, the least first, and values in their terms. */
export interface KernelBasis {
  readonly eigenvalues: Float64Array
  readonly vectors: Matrix
  /** Vᵀ Y. */
  readonly values: Matrix
}

/** Eigenvectors of the kernel [point, point] and the values [point, column] in them: what all ridges and trusts share. */
export function kernelBasis(kernel: Matrix, values: Matrix): KernelBasis {
  const found = symmetricEigen(kernel)
  const order = Array.from(found.values.keys()).sort((i, j) => found.values[i] - found.values[j])
  const n = kernel.rows
  const vectors = matrix(n, n)
  for (const [to, from] of order.entries()) for (let i = 0; i < n; i++) vectors.data[i * n + to] = found.vectors.data[i * n + from]
  // Rounding leaves what is nothing a little below it.
  return {
    eigenvalues: Float64Array.from(order, (i) => Math.max(0, found.values[i])),
    vectors,
    values: multiply(transpose(vectors), values),
  }
}

/** V diag(factors) Vᵀ Y. */
export function inBasis({ vectors, values }: KernelBasis, factors: Float64Array): Matrix {
  const scaled = matrix(
    values.rows,
    values.columns,
    values.data.map((value, k) => value * factors[Math.floor(k / values.columns)]),
  )
  return multiply(vectors, scaled)
}
