import { type Matrix, matrix, multiply, transpose } from '../../main/math/matrix.ts'
import { normals, uniforms } from './generate.ts'

/** A random matrix of a rank, and which of its values are known: a share of them. */
export function gappy(
  rows: number,
  columns: number,
  rank: number,
  share: number,
  seed: number,
): { readonly values: Matrix; readonly known: Uint8Array } {
  const values = multiply(
    matrix(rows, rank, normals(rows * rank, seed)),
    transpose(matrix(columns, rank, normals(columns * rank, seed + 1))),
  )
  return { values, known: Uint8Array.from(uniforms(rows * columns, seed + 2), (value) => (value < share ? 1 : 0)) }
}

/** A front with windows in 0..1, and a hole in it. */
export function facade(side: number, hole: number): { readonly values: Matrix; readonly known: Uint8Array } {
  const data = Float64Array.from({ length: side * side }, (_, i) => {
    const [y, x] = [Math.floor(i / side), i % side]
    const isWindow = y % 12 > 2 && y % 12 < 9 && x % 10 > 3 && x % 10 < 8
    return (isWindow ? 0.2 : 0.7) + 0.1 * Math.sin(y / 5)
  })
  const from = Math.floor(side / 5)
  const inside = (at: number) => at >= from && at < from + hole
  const known = Uint8Array.from(data, (_, i) => (inside(Math.floor(i / side)) && inside(i % side) ? 0 : 1))
  return { values: matrix(side, side, data), known }
}
