import type { BanditState, Round } from './bandit.ts'
import { matrix } from './matrix.ts'
import { singularValues } from './singular-values.ts'

export type Interval = readonly [from: number, to: number]

/** Chebyshev polynomials T_0 … T_(count-1) of a context, its interval brought to -1..1. */
export function chebyshevFeatures(context: number, [from, to]: Interval, count: number): number[] {
  const x = Math.min(1, Math.max(-1, (2 * (context - from)) / (to - from) - 1))
  const out = [1, x]
  while (out.length < count) out.push(2 * x * out[out.length - 1] - out[out.length - 2])
  return out.slice(0, count)
}

/** What each arm is thought to lose, and the chance of each: 1 / (d + eta (y_i - least)), the rest on the least. */
export function inverseGapProbabilities(theta: readonly (readonly number[])[], features: readonly number[], eta: number): number[] {
  const y = theta.map((row) => row.reduce((sum, value, j) => sum + value * features[j], 0))
  const least = Math.min(...y)
  const best = y.indexOf(least)
  const p = y.map((value, i) => (i === best ? 0 : 1 / (y.length + eta * (value - least))))
  p[best] = 1 - p.reduce((sum, value) => sum + value, 0)
  return p
}

interface Scales {
  /** Losses are divided by this. */
  readonly scale: number
  /** No coefficient of a curve is larger. */
  readonly bounds: readonly number[]
  /** How far a curve of this degree may be from one that is not steeper than the losses were. */
  readonly gap: number
}

function scalesOf(rounds: readonly Round[], count: number): Scales {
  const losses = rounds.map(({ loss }) => loss)
  const most = Math.max(...losses)
  const spread = most - Math.min(...losses)
  const n = 2 + 4 * (spread / most) * (1 + Math.log(count))
  const scale = most * n
  const bounds = Array.from({ length: count }, (_, j) => (j === 0 ? 1 / n : (2 * spread) / (scale * j)))
  return { scale, bounds, gap: ((Math.PI + (2 / Math.PI) * Math.log(2 * count + 1)) * spread) / (2 * scale * (count + 1)) }
}

const SWEEPS = 200
const NEGLIGIBLE = 1e-10

/** The shortest least-squares answer; within the bounds, by one coefficient after another, where it is beyond them. */
function boundedFit(
  rows: readonly (readonly number[])[],
  y: readonly number[],
  bounds: readonly number[],
): { theta: number[]; residual: number } {
  const count = bounds.length
  if (rows.length === 0) return { theta: new Array<number>(count).fill(0), residual: 0 }
  const { u, s, v } = singularValues(matrix(rows.length, count, Float64Array.from(rows.flat())))
  const along = Array.from(s, (value, k) =>
    value > NEGLIGIBLE * s[0] ? y.reduce((sum, one, i) => sum + u.data[i * s.length + k] * one, 0) / value : 0,
  )
  const free = bounds.map((_, j) => along.reduce((sum, value, k) => sum + v.data[j * s.length + k] * value, 0))
  if (free.every((value, j) => Math.abs(value) <= bounds[j])) return { theta: free, residual: 0 }
  const theta = free.map((value, j) => Math.min(bounds[j], Math.max(-bounds[j], value)))
  const rest = y.map((value, i) => value - theta.reduce((sum, one, j) => sum + one * rows[i][j], 0))
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let j = 0; j < count; j++) {
      const square = rows.reduce((sum, row) => sum + row[j] ** 2, 0)
      if (square === 0) continue
      const wanted = theta[j] + rows.reduce((sum, row, i) => sum + row[j] * rest[i], 0) / square
      const next = Math.min(bounds[j], Math.max(-bounds[j], wanted))
      for (const [i, row] of rows.entries()) rest[i] -= (next - theta[j]) * row[j]
      theta[j] = next
    }
  return { theta, residual: Math.hypot(...rest) }
}

export interface Curves {
  readonly theta: readonly (readonly number[])[]
  readonly eta: number
  readonly scale: number
}

/** A curve of the loss over the context for each arm, and how surely to follow them; null where nothing was played yet. */
export function lossCurves({ rounds, regret }: BanditState, arms: number, interval: Interval, count: number): Curves | null {
  if (rounds.length === 0) return null
  const { scale, bounds, gap } = scalesOf(rounds, count)
  let bounded = 0
  const theta = Array.from({ length: arms }, (_, arm) => {
    const own = rounds.filter((round) => round.arm === arm)
    const rows = own.map(({ context }) => chebyshevFeatures(context, interval, count))
    const found = boundedFit(
      rows,
      own.map(({ loss }) => (loss - 1) / scale),
      bounds,
    )
    if (found.residual > 0) bounded = found.residual
    return found.theta
  })
  const t = rounds.length
  // Where the curves did better than they could, only their distance from the truth is left to doubt.
  const doubt = Math.max(regret - bounded, 0) + 2 * gap * gap * t
  return { theta, scale, eta: doubt > 0 ? 2 * t * Math.sqrt((arms * t) / doubt) : 2 * t }
}
