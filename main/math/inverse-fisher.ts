import { dotOf } from './conjugate-gradient.ts'
import { applyMatrix, type Matrix, matrix } from './matrix.ts'
import { expectFinite } from './mix.ts'
import { solvePositive } from './positive-system.ts'

/** Products with F⁻¹, where F = damping I + (1/m) Σ g gᵀ of m gradients, and single elements of it; F itself is never formed. */
export interface InverseFisher {
  apply(x: Float64Array): Float64Array
  diagonal(): Float64Array
  element(row: number, column: number): number
}

interface Block {
  readonly from: number
  readonly to: number
  readonly v: readonly Float64Array[]
  readonly q: readonly number[]
}

function expectGradients(gradients: readonly Float64Array[], damping: number): void {
  if (!(damping > 0)) throw new RangeError(`A damping of ${damping} is none: it must be above 0.`)
  if (gradients.length < 1) throw new RangeError('There are no gradients.')
  for (const gradient of gradients) {
    if (gradient.length !== gradients[0].length)
      throw new RangeError(`Gradients of ${gradients[0].length} and ${gradient.length} values do not go together.`)
    expectFinite(gradient, 'A gradient')
  }
}

/** Rank by rank (Sherman and Morrison): v = F⁻¹ g by what came before, q = m + g · v. */
function blockOf(gradients: readonly Float64Array[], damping: number, from: number, to: number): Block {
  const [v, q]: [Float64Array[], number[]] = [[], []]
  for (const whole of gradients) {
    const g = whole.subarray(from, to)
    const next = g.map((value) => value / damping)
    for (const [j, before] of v.entries()) {
      const share = dotOf(before, g) / q[j]
      for (let k = 0; k < next.length; k++) next[k] -= share * before[k]
    }
    v.push(next)
    q.push(gradients.length + dotOf(g, next))
  }
  return { from, to, v, q }
}

/**
 * The inverse for gradients that are all there: O(d m²) once, O(d m) a product, O(m) an element.
 * @param blockSize coordinates further apart than such consecutive blocks count as unrelated; the inverse is block diagonal.
 * @throws RangeError where damping is not above 0, there are no gradients, or they differ in length or are not finite.
 */
export function inverseFisher(gradients: readonly Float64Array[], damping: number, blockSize = Number.POSITIVE_INFINITY): InverseFisher {
  expectGradients(gradients, damping)
  const size = gradients[0].length
  const width = Math.min(size, blockSize)
  const blocks = Array.from({ length: Math.ceil(size / width) }, (_, i) =>
    blockOf(gradients, damping, i * width, Math.min(size, (i + 1) * width)),
  )
  return {
    apply(x) {
      if (x.length !== size) throw new RangeError(`${x.length} values do not fit gradients of ${size}.`)
      const out = x.map((value) => value / damping)
      for (const { from, to, v, q } of blocks)
        for (const [i, one] of v.entries()) {
          const share = dotOf(one, x.subarray(from, to)) / q[i]
          for (let k = from; k < to; k++) out[k] -= share * one[k - from]
        }
      return out
    },
    diagonal() {
      const out = new Float64Array(size).fill(1 / damping)
      for (const { from, to, v, q } of blocks)
        for (const [i, one] of v.entries()) for (let k = from; k < to; k++) out[k] -= one[k - from] ** 2 / q[i]
      return out
    },
    element(row, column) {
      const { from, to, v, q } = blocks[Math.floor(row / width)]
      if (column < from || column >= to) return 0
      return v.reduce((sum, one, i) => sum - (one[row - from] * one[column - from]) / q[i], row === column ? 1 / damping : 0)
    },
  }
}

/** The last m gradients, and their products with one another; rows that are not filled yet are nothing, and count. */
export interface FisherWindow {
  readonly rows: readonly (Float64Array | null)[]
  readonly products: Matrix
  /** The oldest: where the next goes. */
  readonly next: number
}

/** A ring of so many gradients, none seen yet; those missing count as zeros. */
export const emptyWindow = (size: number): FisherWindow => ({ rows: new Array(size).fill(null), products: matrix(size, size), next: 0 })

/** The window with its oldest gradient replaced: O(d m). */
export function pushed({ rows, products, next }: FisherWindow, gradient: Float64Array): FisherWindow {
  const m = rows.length
  const changed = rows.with(next, gradient)
  const data = products.data.slice()
  for (const [j, row] of changed.entries()) data[next * m + j] = data[j * m + next] = row ? dotOf(row, gradient) : 0
  return { rows: changed, products: matrix(m, m, data), next: (next + 1) % m }
}

/** F⁻¹ x = x/λ - Gᵀ (m I + G Gᵀ/λ)⁻¹ G x / λ²: O(d m + m³). @throws RangeError where what the window holds is not finite. */
export function windowApply({ rows, products }: FisherWindow, damping: number, x: Float64Array): Float64Array {
  const m = rows.length
  const system = matrix(
    m,
    m,
    products.data.map((value, k) => value / damping + (k % (m + 1) === 0 ? m : 0)),
  )
  const along = Float64Array.from(rows, (row) => (row ? dotOf(row, x) : 0))
  const shares = solvePositive(system, along)
  const out = x.map((value) => value / damping)
  for (const [i, row] of rows.entries()) if (row) for (let k = 0; k < out.length; k++) out[k] -= (shares[i] * row[k]) / damping ** 2
  return out
}

/** F x itself, to check by. */
export const fisherApply = (gradients: readonly Float64Array[], damping: number, x: Float64Array): Float64Array => {
  const g = matrix(gradients.length, x.length, Float64Array.from(gradients.flatMap((row) => [...row])))
  const along = applyMatrix(g, x)
  return x.map((value, k) => damping * value + along.reduce((sum, share, i) => sum + share * gradients[i][k], 0) / gradients.length)
}
