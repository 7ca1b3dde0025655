import type { PoissonGrid } from './poisson-grid.ts'

/** One size of the system, with a border of nothing around it, so that no neighbour has to be looked for. */
interface Level {
  readonly width: number
  readonly height: number
  readonly stride: number
  /** Unknown places by the colours of a chessboard: those of one colour do not touch. */
  readonly red: Int32Array
  readonly black: Int32Array
  readonly inside: Uint8Array
  readonly diagonal: Float64Array
  readonly x: Float64Array
  readonly b: Float64Array
  readonly r: Float64Array
}

const PRE = 2
const COARSEST = 20
const SMALL_SIDE = 7
const FEW = 30

function levelOf({ width, height, unknown, diagonal }: PoissonGrid): Level {
  const stride = width + 2
  const size = stride * (height + 2)
  const red: number[] = []
  const black: number[] = []
  const inside = new Uint8Array(size)
  const padded = new Float64Array(size)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      // A lone pixel of a picture has nothing it is fixed by.
      if (!unknown[i] || !(diagonal[i] > 0)) continue
      const at = (y + 1) * stride + x + 1
      inside[at] = 1
      padded[at] = diagonal[i]
      ;((x + y) % 2 === 0 ? red : black).push(at)
    }
  const arrays = { x: new Float64Array(size), b: new Float64Array(size), r: new Float64Array(size) }
  return { width, height, stride, red: Int32Array.from(red), black: Int32Array.from(black), inside, diagonal: padded, ...arrays }
}

/** Every second pixel of every second row; unknown where the fine one is, and with borders where the fine grid has them. */
function coarser({ width, height, unknown, diagonal, border }: PoissonGrid): PoissonGrid {
  const [w, h] = [width >> 1, height >> 1]
  const small = { width: w, height: h, unknown: new Uint8Array(w * h), diagonal: new Float64Array(w * h), border }
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const fine = (2 * y + 1) * width + 2 * x + 1
      if (!unknown[fine] || !(diagonal[fine] > 0)) continue
      small.unknown[y * w + x] = 1
      const beyond = border === 'natural' ? Number(x === 0) + Number(x === w - 1) + Number(y === 0) + Number(y === h - 1) : 0
      small.diagonal[y * w + x] = 4 - beyond
    }
  return small
}

function relax({ stride, diagonal, x, b }: Level, places: Int32Array): void {
  for (const p of places) x[p] = (b[p] + x[p - 1] + x[p + 1] + x[p - stride] + x[p + stride]) / diagonal[p]
}

function setResidual({ stride, diagonal, x, b, r, red, black }: Level): void {
  for (const places of [red, black])
    for (const p of places) r[p] = b[p] - diagonal[p] * x[p] + x[p - 1] + x[p + 1] + x[p - stride] + x[p + stride]
}

/** The place of the fine level that a coarse one stands on. */
const fineOf = (coarse: Level, fine: Level, p: number): number => 2 * Math.floor(p / coarse.stride) * fine.stride + 2 * (p % coarse.stride)

/** Full weighting, four times: the operator is not divided by the square of the spacing. It is the transpose of `prolong`. */
function restrict(fine: Level, coarse: Level): void {
  const { r, stride: s } = fine
  for (const places of [coarse.red, coarse.black])
    for (const p of places) {
      const q = fineOf(coarse, fine, p)
      const edges = r[q - 1] + r[q + 1] + r[q - s] + r[q + s]
      const corners = r[q - s - 1] + r[q - s + 1] + r[q + s - 1] + r[q + s + 1]
      coarse.b[p] = r[q] + edges / 2 + corners / 4
    }
}

/** Adds the coarse correction, bilinear between its places, inside the mask alone. */
function prolong(coarse: Level, fine: Level): void {
  const { x, inside, stride: s } = fine
  for (const places of [coarse.red, coarse.black])
    for (const p of places) {
      const q = fineOf(coarse, fine, p)
      const value = coarse.x[p]
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const at = q + dy * s + dx
          if (inside[at]) x[at] += value / ((1 + Math.abs(dy)) * (1 + Math.abs(dx)))
        }
    }
}

function cycle(levels: readonly Level[], depth: number): void {
  const level = levels[depth]
  level.x.fill(0)
  const isLast = depth === levels.length - 1
  const sweeps = isLast ? COARSEST : PRE
  for (let sweep = 0; sweep < sweeps; sweep++) {
    relax(level, level.red)
    relax(level, level.black)
  }
  if (!isLast) {
    const below = levels[depth + 1]
    setResidual(level)
    restrict(level, below)
    cycle(levels, depth + 1)
    prolong(below, level)
  }
  // The colours in reverse: as a map of the right side the cycle stays symmetric.
  for (let sweep = 0; sweep < sweeps; sweep++) {
    relax(level, level.black)
    relax(level, level.red)
  }
}

/**
 * A cycle through ever coarser grids as a map of residuals to corrections: symmetric and positive, so that conjugate gradients may
 * be led by it. Work and memory are in proportion to the pixels.
 */
export function multigrid(grid: PoissonGrid): (r: Float64Array) => Float64Array {
  const levels: Level[] = []
  for (let at = grid; ; at = coarser(at)) {
    const level = levelOf(at)
    const count = level.red.length + level.black.length
    if (levels.length && count === 0) break
    levels.push(level)
    if (Math.min(at.width, at.height) < SMALL_SIDE || count < FEW) break
  }
  const [top] = levels
  const { width } = grid
  const placeOf = (i: number) => (Math.floor(i / width) + 1) * top.stride + (i % width) + 1
  return (r) => {
    for (let i = 0; i < r.length; i++) top.b[placeOf(i)] = r[i]
    cycle(levels, 0)
    return r.map((_, i) => top.x[placeOf(i)])
  }
}
