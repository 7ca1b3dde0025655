import { type Matrix, matrix } from './matrix.ts'
import { solvePositive } from './positive-system.ts'

/** How colours may be changed: 1, r, g, b; or also their squares and products. */
export type ColourForm = 'affine' | 'quadratic'

const PAIRS = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [0, 2],
  [1, 2],
] as const

/** What a colour transform is linear in, a row for each colour (rows of three). */
export function colourFeatures(colours: Float64Array, form: ColourForm): Matrix {
  const columns = form === 'affine' ? 4 : 10
  const out = matrix(colours.length / 3, columns)
  for (let i = 0; i < out.rows; i++) {
    const colour = colours.subarray(3 * i, 3 * i + 3)
    const products = form === 'affine' ? [] : PAIRS.map(([j, k]) => colour[j] * colour[k])
    out.data.set([1, ...colour, ...products], i * columns)
  }
  return out
}

const ROUNDS = 30
/** Residuals below this count as this much: nobody sees less, and nothing is divided by nothing. */
const FLOOR = 1e-6
const RIDGE = 1e-10

/** x that makes Σ weight |a·x - b| small, by least squares weighted anew 30 times. @param weights one a row. */
export function leastAbsolute({ rows, columns, data }: Matrix, b: Float64Array, weights: Float64Array): Float64Array {
  let x: Float64Array = new Float64Array(columns)
  let pull: Float64Array = weights
  for (let round = 0; round < ROUNDS; round++) {
    const gram = matrix(columns, columns)
    const right = new Float64Array(columns)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const value = pull[i] * data[i * columns + j]
        right[j] += value * b[i]
        for (let k = 0; k < columns; k++) gram.data[j * columns + k] += value * data[i * columns + k]
      }
    let trace = 0
    for (let j = 0; j < columns; j++) trace += gram.data[j * columns + j]
    if (!(trace > 0)) return x
    for (let j = 0; j < columns; j++) gram.data[j * columns + j] += RIDGE * trace
    x = solvePositive(gram, right)
    pull = weights.map((weight, i) => weight / Math.max(FLOOR, Math.abs(residual(data, columns, i, x) - b[i])))
  }
  return x
}

function residual(data: Float64Array, columns: number, i: number, x: Float64Array): number {
  let sum = 0
  for (let j = 0; j < columns; j++) sum += data[i * columns + j] * x[j]
  return sum
}
