import type { TransportProblem } from '../../main/math/entropic-transport.ts'
import { uniforms } from './generate.ts'

/** Costs between 0 and 1 without any order, and uneven weights. */
export function randomProblem(rows: number, columns: number, epsilon: number, seed: number): TransportProblem {
  const weights = (count: number, of: number) => {
    const raw = uniforms(count, of).map((value) => 0.3 + value)
    const sum = raw.reduce((total, value) => total + value, 0)
    return raw.map((value) => value / sum)
  }
  const cost = uniforms(rows * columns, seed)
  return { rows, columns, cost, a: weights(rows, seed + 1), b: weights(columns, seed + 2), epsilon }
}

/** Costs of carrying points onto points, their squared distance; even weights. Points are rows of `width` numbers. */
export function pointProblem(from: Float64Array, to: Float64Array, width: number, epsilon: number): TransportProblem {
  const [rows, columns] = [from.length / width, to.length / width]
  const cost = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < width; k++) cost[i * columns + j] += (from[i * width + k] - to[j * width + k]) ** 2
  const even = (count: number) => new Float64Array(count).fill(1 / count)
  return { rows, columns, cost, a: even(rows), b: even(columns), epsilon }
}
