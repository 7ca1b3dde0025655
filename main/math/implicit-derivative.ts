import { conjugateGradient, type SolveStatus } from './conjugate-gradient.ts'
import { applyMatrix, inverse, type Matrix, matrix, transpose } from './matrix.ts'
import { mix } from './mix.ts'
import { norm } from './norms.ts'

/** The slopes of a condition R(y, x) = 0 at a place where it holds: that of y pushes changes forward, and pulls them back. */
export interface Root {
  /** Numbers in y, and conditions. */
  readonly size: number
  pushY(v: Float64Array): Float64Array
  /** The transpose; the same where R is the slope of something in y. */
  pullY(v: Float64Array): Float64Array
  pushX(w: Float64Array): Float64Array
  pullX(v: Float64Array): Float64Array
  /** Is R the slope of something convex in y? Then it is solved by conjugate gradients. */
  readonly isGradient?: boolean
}

export interface SolveSettings {
  readonly iterations: number
  /** Relative to what is to be solved. */
  readonly tolerance: number
  /** Added to the diagonal, where there may be many answers. */
  readonly ridge?: number
}

/** A derivative's product, what was solved for it, and how that ended. */
export interface Derivative {
  readonly value: Float64Array
  readonly solved: Float64Array
  readonly status: SolveStatus
  /** |A u - b| / |b|. */
  readonly residual: number
}

/** Systems up to this size are solved by elimination where they are not symmetric. */
const DENSE = 64

type Map = (v: Float64Array) => Float64Array

function solved(push: Map, pull: Map, b: Float64Array, isGradient: boolean, settings: SolveSettings, start?: Float64Array) {
  const { iterations, tolerance, ridge = 0 } = settings
  const size = norm(b)
  if (size === 0) return { solved: new Float64Array(b.length), status: 'converged' as const, residual: 0 }
  const first = start ?? new Float64Array(b.length)
  const end = (answer: Float64Array, status: SolveStatus) => ({
    ...{ solved: answer, status },
    residual: norm(mix([1, push(answer)], [isGradient ? ridge : 0, answer], [-1, b])) / size,
  })
  if (isGradient) {
    const { value, status } = conjugateGradient((v) => mix([1, push(v)], [ridge, v]), b, first, { iterations, tolerance: tolerance * size })
    return end(value, status)
  }
  if (b.length <= DENSE && ridge === 0) return end(applyMatrix(inverse(matrixOf(push, b.length)), b), 'converged')
  const right = pull(b)
  const normal = (v: Float64Array) => mix([1, pull(push(v))], [ridge, v])
  const { value, status } = conjugateGradient(normal, right, first, { iterations, tolerance: tolerance * norm(right) })
  return end(value, status)
}

function matrixOf(push: Map, size: number): Matrix {
  const columns = matrix(size, size)
  for (let k = 0; k < size; k++) {
    const unit = new Float64Array(size)
    unit[k] = 1
    columns.data.set(push(unit), k * size)
  }
  return transpose(columns)
}

/** (dy/dx)ᵀ v by one linear system, whatever the number of settings: Rᵧᵀ u = -v, then Rₓᵀ u. */
export function pullThrough(root: Root, v: Float64Array, settings: SolveSettings, start?: Float64Array): Derivative {
  if (v.length !== root.size) throw new RangeError(`${v.length} values do not fit ${root.size} conditions.`)
  const end = solved(root.pullY, root.pushY, mix([-1, v]), root.isGradient ?? false, settings, start)
  return { ...end, value: root.pullX(end.solved) }
}

/** (dy/dx) w by one linear system: Rᵧ t = -Rₓ w. */
export function pushThrough(root: Root, w: Float64Array, settings: SolveSettings): Derivative {
  const end = solved(root.pushY, root.pullY, mix([-1, root.pushX(w)]), root.isGradient ?? false, settings)
  return { ...end, value: end.solved }
}

/** A map whose rest is looked for, with its slopes there: R = T(y, x) - y. */
export const fixedPoint = ({ pushY, pullY, ...rest }: Root): Root => ({
  ...rest,
  pushY: (v) => mix([1, pushY(v)], [-1, v]),
  pullY: (v) => mix([1, pullY(v)], [-1, v]),
})
