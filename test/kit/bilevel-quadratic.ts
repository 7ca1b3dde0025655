import type { BilevelProblem, CurvedBlock } from '../../main/algorithms/bilevel.ts'
import { applyMatrix, fromRows, type Matrix, matrix, transpose } from '../../main/math/matrix.ts'
import { mix } from '../../main/math/mix.ts'
import { solvePositive } from '../../main/math/positive-system.ts'
import { normals } from './generate.ts'

/** Lower problem ½ yᵀ Q y - yᵀ (P x + q), upper ½ |y - t|² + ½ weight |x|². */
export interface Quadratic {
  readonly Q: Matrix
  readonly P: Matrix
  readonly q: Float64Array
  readonly t: Float64Array
  readonly weight: number
}

const square = (v: Float64Array) => v.reduce((sum, value) => sum + value * value, 0)
const along = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)

export function quadraticBlock({ Q, P, q, t, weight }: Quadratic): CurvedBlock {
  const pull = transpose(P)
  const right = (x: Float64Array) => mix([1, applyMatrix(P, x)], [1, q])
  return {
    size: Q.rows,
    upper: (x, y) => 0.5 * square(mix([1, y], [-1, t])) + 0.5 * weight * square(x),
    upperInX: (x) => mix([weight, x]),
    upperInY: (_, y) => mix([1, y], [-1, t]),
    lower: (x, y) => 0.5 * along(y, applyMatrix(Q, y)) - along(y, right(x)),
    lowerInX: (_, y) => mix([-1, applyMatrix(pull, y)]),
    lowerInY: (x, y) => mix([1, applyMatrix(Q, y)], [-1, right(x)]),
    curvature: (_x, _y, v) => applyMatrix(Q, v),
    mixed: (_x, _y, v) => mix([-1, applyMatrix(pull, v)]),
  }
}

/** The lower problem's answer. */
export const answerOf = ({ Q, P, q }: Quadratic, x: Float64Array) => solvePositive(Q, mix([1, applyMatrix(P, x)], [1, q]))

/** From lists, as files have them. */
// biome-ignore lint/suspicious/noExplicitAny: rows of numbers from JSON.
export const quadraticOf = ({ Q, P, q, t }: any, weight: number): Quadratic => ({
  ...{ Q: fromRows(Q), P: fromRows(P) },
  ...{ q: Float64Array.from(q), t: Float64Array.from(t), weight },
})

/** Random blocks with curvatures between a third and 1, and their problem. */
export function randomQuadratics(count: number, seed: number, sizes = { x: 2, y: 4 }) {
  const quadratics = Array.from({ length: count }, (_, i): Quadratic => {
    const raw = normals(sizes.y * sizes.y, seed + 10 * i)
    const gram = applyGram(raw, sizes.y)
    const longest = Math.sqrt(square(gram.data))
    const Q = matrix(
      sizes.y,
      sizes.y,
      gram.data.map((value, k) => (2 / 3) * (value / longest) + (k % (sizes.y + 1) === 0 ? 1 / 3 : 0)),
    )
    const P = matrix(
      sizes.y,
      sizes.x,
      normals(sizes.y * sizes.x, seed + 10 * i + 1).map((value) => 0.4 * value),
    )
    return { Q, P, q: normals(sizes.y, seed + 10 * i + 2).map((value) => 0.3 * value), t: normals(sizes.y, seed + 10 * i + 3), weight: 0.1 }
  })
  const problem: BilevelProblem = { size: sizes.x, blocks: quadratics.map(quadraticBlock), project: (x) => x }
  /** What is to be made small, by exact answers. */
  const objective = (x: Float64Array) =>
    quadratics.reduce((sum, one, i) => sum + problem.blocks[i].upper(x, answerOf(one, x)) / quadratics.length, 0)
  /** Its least, by Newton's step from nothing: it is a quadratic too. */
  const least = () => {
    const unit = (k: number, by: number) => Float64Array.from({ length: sizes.x }, (_, i) => (i === k ? by : 0))
    const h = 1
    const base = objective(unit(0, 0))
    const slope = Float64Array.from({ length: sizes.x }, (_, k) => (objective(unit(k, h)) - objective(unit(k, -h))) / (2 * h))
    const curvature = matrix(sizes.x, sizes.x)
    for (let a = 0; a < sizes.x; a++)
      for (let b = 0; b < sizes.x; b++)
        curvature.data[a * sizes.x + b] =
          objective(mix([1, unit(a, h)], [1, unit(b, h)])) - objective(unit(a, h)) - objective(unit(b, h)) + base
    return solvePositive(curvature, mix([-1, slope]))
  }
  return { quadratics, problem, objective, least }
}

function applyGram(raw: Float64Array, size: number): Matrix {
  const gram = matrix(size, size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) for (let k = 0; k < size; k++) gram.data[i * size + j] += raw[i * size + k] * raw[j * size + k]
  return gram
}
