import type { TransportProblem } from './entropic-transport.ts'

/** What it costs to carry a point: the square of the way, or the way. */
export type PointCost = 'square' | 'distance'

/** Points, rows of `width` numbers, and their weights. */
export interface Cloud {
  readonly points: Float64Array
  readonly weights: Float64Array
}

/** Coordinates a point. */
export const widthOf = ({ points, weights }: Cloud): number => points.length / weights.length

/** The cost of carrying point i of x to point j of y. */
export function costBetween(kind: PointCost, x: Float64Array, i: number, y: Float64Array, j: number, width: number): number {
  let sum = 0
  for (let k = 0; k < width; k++) sum += (x[i * width + k] - y[j * width + k]) ** 2
  return kind === 'square' ? sum : Math.sqrt(sum)
}

/** Carrying cloud x onto cloud y. */
export function cloudProblem(kind: PointCost, x: Cloud, y: Cloud, epsilon: number): TransportProblem {
  const width = widthOf(x)
  const [rows, columns] = [x.weights.length, y.weights.length]
  const cost = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) cost[i * columns + j] = costBetween(kind, x.points, i, y.points, j, width)
  return { rows, columns, cost, a: x.weights, b: y.weights, epsilon }
}

/** Adds `factor` times the slope of the cost of (i, j) in point i of x to row i of `target`. */
export function addSlope(
  target: Float64Array,
  factor: number,
  kind: PointCost,
  x: Float64Array,
  i: number,
  y: Float64Array,
  j: number,
  width: number,
): void {
  if (factor === 0) return
  let scale = 2 * factor
  if (kind === 'distance') {
    const length = costBetween(kind, x, i, y, j, width)
    if (length === 0) return
    scale = factor / length
  }
  for (let k = 0; k < width; k++) target[i * width + k] += scale * (x[i * width + k] - y[j * width + k])
}

/** The mean cost between two clouds, by weight. */
export function meanCost(kind: PointCost, x: Cloud, y: Cloud): number {
  const { rows, columns, cost } = cloudProblem(kind, x, y, 1)
  let sum = 0
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) sum += x.weights[i] * y.weights[j] * cost[i * columns + j]
  return sum
}
