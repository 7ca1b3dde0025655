import type { Constrained } from './exact-lagrangian.ts'
import { applyMatrix, type Matrix, matrix } from './matrix.ts'
import { mix } from './mix.ts'

/** What must hold of a mesh; vertices are counted row by row, places in units of its spacing. */
export type MeshConstraint =
  | { readonly kind: 'pin'; readonly vertex: number; readonly at: readonly [x: number, y: number] }
  /** All between the first and the last lie on the line through them. */
  | { readonly kind: 'line'; readonly vertices: readonly number[] }
  /** All are as high as the first, or as far to the right. */
  | { readonly kind: 'horizontal' | 'vertical'; readonly vertices: readonly number[] }
  | { readonly kind: 'length'; readonly from: number; readonly to: number; readonly length: number }
  | { readonly kind: 'right-angle'; readonly corner: number; readonly from: number; readonly to: number }

/** constant + Σ factor x_i + Σ factor x_i x_j: every constraint is one of these. */
interface Quadratic {
  readonly constant: number
  readonly linear: readonly (readonly [i: number, factor: number])[]
  readonly products: readonly (readonly [i: number, j: number, factor: number])[]
}

const X = (vertex: number) => 2 * vertex
const Y = (vertex: number) => 2 * vertex + 1

function quadraticsOf(constraint: MeshConstraint): readonly Quadratic[] {
  switch (constraint.kind) {
    case 'pin':
      return [X, Y].map((axis, k) => ({ constant: -constraint.at[k], linear: [[axis(constraint.vertex), 1]], products: [] }))
    case 'line': {
      const [a, b] = [constraint.vertices[0], constraint.vertices[constraint.vertices.length - 1]]
      // (xj - xa)(yb - ya) - (yj - ya)(xb - xa), multiplied out.
      return constraint.vertices.slice(1, -1).map((j) => ({
        constant: 0,
        linear: [],
        products: [
          [X(j), Y(b), 1],
          [X(j), Y(a), -1],
          [X(a), Y(b), -1],
          [Y(j), X(b), -1],
          [Y(j), X(a), 1],
          [Y(a), X(b), 1],
        ],
      }))
    }
    case 'horizontal':
    case 'vertical': {
      const axis = constraint.kind === 'horizontal' ? Y : X
      const [first, ...others] = constraint.vertices
      const linear = (j: number): Quadratic['linear'] => [
        [axis(j), 1],
        [axis(first), -1],
      ]
      return others.map((j) => ({ constant: 0, linear: linear(j), products: [] }))
    }
    case 'length': {
      const { from: i, to: j, length } = constraint
      const along = (axis: typeof X): Quadratic['products'] => [
        [axis(i), axis(i), 1],
        [axis(j), axis(j), 1],
        [axis(i), axis(j), -2],
      ]
      return [{ constant: -(length ** 2), linear: [], products: [...along(X), ...along(Y)] }]
    }
    case 'right-angle': {
      const { corner: j, from: i, to: k } = constraint
      const along = (axis: typeof X): Quadratic['products'] => [
        [axis(i), axis(k), 1],
        [axis(i), axis(j), -1],
        [axis(j), axis(k), -1],
        [axis(j), axis(j), 1],
      ]
      return [{ constant: 0, linear: [], products: [...along(X), ...along(Y)] }]
    }
  }
}

/** How much bending, and a little stretching, a mesh resists: L, [vertex, vertex]. */
export function bendingEnergy(width: number, height: number): Matrix {
  const rows: { readonly places: readonly number[]; readonly factors: readonly number[]; readonly weight: number }[] = []
  const add = (places: readonly number[], factors: readonly number[], weight: number) => rows.push({ places, factors, weight })
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const at = j * width + i
      if (i + 2 < width) add([at, at + 1, at + 2], [1, -2, 1], 1)
      if (j + 2 < height) add([at, at + width, at + 2 * width], [1, -2, 1], 1)
      if (i + 1 < width && j + 1 < height) add([at, at + 1, at + width, at + width + 1], [1, -1, -1, 1], 2)
      if (i + 1 < width) add([at, at + 1], [1, -1], 1e-3)
      if (j + 1 < height) add([at, at + width], [1, -1], 1e-3)
    }
  const n = width * height
  const out = matrix(n, n)
  for (const { places, factors, weight } of rows)
    for (const [a, p] of places.entries()) for (const [b, q] of places.entries()) out.data[p * n + q] += weight * factors[a] * factors[b]
  for (let i = 0; i < n; i++) out.data[i * n + i] += 1e-6
  return out
}

/** The places of a mesh at rest: x0, y0, x1, y1, …, one apart. */
export const restOf = (width: number, height: number): Float64Array =>
  Float64Array.from({ length: 2 * width * height }, (_, i) => (i % 2 === 0 ? (i >> 1) % width : Math.floor((i >> 1) / width)))

/** The smoothest mesh for which the constraints hold. */
export function meshWarp(width: number, height: number, constraints: readonly MeshConstraint[]): Constrained {
  const bending = bendingEnergy(width, height)
  const n = 2 * bending.rows
  const metric = matrix(n, n)
  for (let p = 0; p < bending.rows; p++)
    for (let q = 0; q < bending.rows; q++)
      for (const axis of [X, Y]) metric.data[axis(p) * n + axis(q)] = bending.data[p * bending.rows + q]
  const rest = restOf(width, height)
  const all = constraints.flatMap(quadraticsOf)
  const slope = (x: Float64Array) => applyMatrix(metric, mix([1, x], [-1, rest]))
  return {
    metric,
    slope,
    energy: (x) => {
      const g = slope(x)
      return 0.5 * g.reduce((sum, value, i) => sum + value * (x[i] - rest[i]), 0)
    },
    constraints: (x) =>
      Float64Array.from(all, ({ constant, linear, products }) => {
        let value = constant
        for (const [i, factor] of linear) value += factor * x[i]
        for (const [i, j, factor] of products) value += factor * x[i] * x[j]
        return value
      }),
    jacobian: (x) => {
      const out = matrix(all.length, n)
      for (const [row, { linear, products }] of all.entries()) {
        for (const [i, factor] of linear) out.data[row * n + i] += factor
        for (const [i, j, factor] of products) {
          out.data[row * n + i] += factor * x[j]
          out.data[row * n + j] += factor * x[i]
        }
      }
      return out
    },
    curvature: (_, lam) => {
      const out = matrix(n, n, metric.data.slice())
      for (const [row, { products }] of all.entries())
        for (const [i, j, factor] of products) {
          out.data[i * n + j] += lam[row] * factor
          out.data[j * n + i] += lam[row] * factor
        }
      return out
    },
  }
}

/** Does the mesh turn over somewhere? Cells are cut along both diagonals. */
export function foldsOf(x: Float64Array, width: number, height: number): readonly number[] {
  const area = (a: number, b: number, c: number) =>
    (x[2 * b] - x[2 * a]) * (x[2 * c + 1] - x[2 * a + 1]) - (x[2 * c] - x[2 * a]) * (x[2 * b + 1] - x[2 * a + 1])
  const folds: number[] = []
  for (let j = 0; j + 1 < height; j++)
    for (let i = 0; i + 1 < width; i++) {
      const [a, b, c, d] = [j * width + i, j * width + i + 1, (j + 1) * width + i, (j + 1) * width + i + 1]
      if (Math.min(area(a, b, c), area(b, d, c), area(a, b, d), area(a, d, c)) <= 0) folds.push(a)
    }
  return folds
}
