import { conjugateGradient } from './conjugate-gradient.ts'

/** A masked system of neighbours on a picture's pixels: (A u)_p = diagonal_p u_p - Σ u_q over the 4 neighbours q that are unknown too. */
export interface PoissonGrid {
  readonly width: number
  readonly height: number
  /** 1 where a pixel is to be found. */
  readonly unknown: Uint8Array
  readonly diagonal: Float64Array
  /** What lies beyond the picture: `zero` counts as known to be 0; `natural` is left out, so that nothing flows there. */
  readonly border: 'zero' | 'natural'
}

/**
 * The system of a mask.
 * @throws RangeError where the mask does not fill the picture.
 */
export function poissonGrid(width: number, height: number, unknown: Uint8Array, border: PoissonGrid['border']): PoissonGrid {
  if (unknown.length !== width * height) throw new RangeError(`A mask of ${unknown.length} pixels for ${width} × ${height}`)
  const diagonal = new Float64Array(unknown.length)
  for (let i = 0; i < unknown.length; i++)
    if (unknown[i]) {
      const [y, x] = [Math.floor(i / width), i % width]
      const beyond = border === 'zero' ? 0 : Number(x === 0) + Number(x === width - 1) + Number(y === 0) + Number(y === height - 1)
      diagonal[i] = 4 - beyond
    }
  return { width, height, unknown, diagonal, border }
}

/** Sum of the four neighbours inside the picture; u is nothing where it is not unknown. */
export function neighbourSum(u: Float64Array, i: number, width: number): number {
  const x = i % width
  let sum = 0
  if (i >= width) sum += u[i - width]
  if (i + width < u.length) sum += u[i + width]
  if (x > 0) sum += u[i - 1]
  if (x < width - 1) sum += u[i + 1]
  return sum
}

/** A u; nothing outside the mask. */
export function applyPoisson({ width, unknown, diagonal }: PoissonGrid, u: Float64Array): Float64Array {
  const out = new Float64Array(u.length)
  for (let i = 0; i < u.length; i++) if (unknown[i]) out[i] = diagonal[i] * u[i] - neighbourSum(u, i, width)
  return out
}

/** The wanted difference between a pixel and a neighbour. */
export type Guidance = (pixel: number, neighbour: number) => number

/** The source's differences. */
export const imported =
  (source: Float64Array): Guidance =>
  (p, q) =>
    source[p] - source[q]

/** Whichever of source and target differs more; the source where they tie. */
export const mixed =
  (source: Float64Array, target: Float64Array): Guidance =>
  (p, q) => {
    const [own, other] = [source[p] - source[q], target[p] - target[q]]
    return Math.abs(other) > Math.abs(own) ? other : own
  }

/** The right side of Σ (f_p - f_q) = Σ v_pq over the neighbours inside the picture, f the target where it is known. */
export function guidedSide({ width, unknown }: PoissonGrid, target: Float64Array, guidance: Guidance): Float64Array {
  const out = new Float64Array(unknown.length)
  for (let i = 0; i < unknown.length; i++) {
    if (!unknown[i]) continue
    const x = i % width
    const neighbours = [i - width, i + width, x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1]
    for (const q of neighbours) if (q >= 0 && q < unknown.length) out[i] += guidance(i, q) + (unknown[q] ? 0 : target[q])
  }
  return out
}

/** Fills a hole with the smoothest surface through its edge: what anything cleverer must beat. */
export function membrane(target: Float64Array, width: number, height: number, unknown: Uint8Array): Float64Array {
  const grid = poissonGrid(width, height, unknown, 'natural')
  const b = guidedSide(grid, target, () => 0)
  const limit = { iterations: 4 * (width + height), tolerance: 1e-4 * Math.sqrt(b.reduce((sum, v) => sum + v * v, 0)) }
  const { value } = conjugateGradient((u) => applyPoisson(grid, u), b, new Float64Array(b.length), limit)
  return target.map((known, i) => (unknown[i] ? value[i] : known))
}

/** The pieces of a mask that touch nothing known: their level is not fixed by anything. Lists of pixels. */
export function floatingPieces({ width, unknown, diagonal }: PoissonGrid): readonly (readonly number[])[] {
  const seen = new Uint8Array(unknown.length)
  const pieces: number[][] = []
  for (let first = 0; first < unknown.length; first++) {
    if (!unknown[first] || seen[first]) continue
    const piece = [first]
    seen[first] = 1
    let isFixed = false
    for (let at = 0; at < piece.length; at++) {
      const i = piece[at]
      const x = i % width
      let count = 0
      for (const q of [i - width, i + width, x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1]) {
        if (q < 0 || q >= unknown.length || !unknown[q]) continue
        count++
        if (seen[q]) continue
        seen[q] = 1
        piece.push(q)
      }
      isFixed ||= diagonal[i] > count
    }
    if (!isFixed) pieces.push(piece)
  }
  return pieces
}
