import { describe, expect, it } from 'vitest'
import type { FrameDenoise, Sequence } from '../../../main/algorithms/measurement.ts'
import { redPsm, rounds } from '../../../main/algorithms/restoration/methods/red-psm.ts'
import { gainsOf, steadied } from '../../../main/algorithms/restoration/methods/red-psm-gain.ts'
import { filled, firstFactors, splineMatrix } from '../../../main/algorithms/restoration/methods/red-psm-model.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { furthest, normals, signal } from '../../kit/generate.ts'

const [FRAMES, SIDE] = [24, 32]
const PIXELS = SIDE * SIDE

/** Two soft discs that move a few pixels over a wavy ground. */
const truth = Float64Array.from({ length: FRAMES * PIXELS }, (_, i) => {
  const [t, row, column] = [Math.floor(i / PIXELS) / (FRAMES - 1), Math.floor((i % PIXELS) / SIDE), i % SIDE]
  const disc = (y: number, x: number, radius: number) => 1 / (1 + Math.exp((Math.hypot(row - y, column - x) - radius) / 1.2))
  return 0.35 + 0.1 * Math.sin(row / 3) * Math.cos(column / 4) + 0.4 * disc(10 + 3 * t, 10, 5) + 0.3 * disc(22, 22 - 4 * t, 4)
})
const noisy = normals(truth.length, 4).map((value, i) => truth[i] + 0.01 * value)
const decibels = (x: Float64Array) => -10 * Math.log10(x.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0) / x.length)

/** Means of three pixels down and across. */
const smooth: FrameDenoise = async (frame) => {
  const hold = (i: number) => Math.min(SIDE - 1, Math.max(0, i))
  const across = frame.map((value, i) => {
    const row = Math.floor(i / SIDE) * SIDE
    return 0.16 * (frame[row + hold((i % SIDE) - 1)] + frame[row + hold((i % SIDE) + 1)]) + 0.68 * value
  })
  return across.map((value, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE]
    return 0.16 * (across[hold(row - 1) * SIDE + column] + across[hold(row + 1) * SIDE + column]) + 0.68 * value
  })
}
const draws = normals(FRAMES * SIDE, 9)
/** Half of the lines of every frame are missing. */
const lines = Float64Array.from({ length: truth.length }, (_, i) => (draws[Math.floor(i / SIDE)] > 0 ? 1 : 0))
const whole = new Float64Array(truth.length).fill(1)
const repair = (values: Float64Array, mask: Float64Array, params: object = {}) => {
  const sequence: Sequence = { frames: FRAMES, pixels: PIXELS, values, mask }
  return outcome(redPsm.make(redPsm.params.parse(params), {}).repair(sequence, smooth, signal))
}

/** Each missing line from the nearest that was seen above and below. */
function interpolated(values: Float64Array): Float64Array {
  return values.map((value, i) => {
    if (lines[i]) return value
    const row = Math.floor((i % PIXELS) / SIDE)
    const near = (way: number) => {
      for (let k = 1; row + way * k >= 0 && row + way * k < SIDE; k++) if (lines[i + way * k * SIDE]) return [k, values[i + way * k * SIDE]]
      return null
    }
    const [up, down] = [near(-1), near(1)]
    if (!up || !down) return (up ?? down ?? [0, 0.5])[1]
    return (up[1] * down[0] + down[1] * up[0]) / (up[0] + down[0])
  })
}

describe('RED-PSM', () => {
  it('fills missing lines from the other frames, six decibels better than from the lines beside', async () => {
    expect(decibels(await repair(noisy, lines))).toBeGreaterThan(decibels(interpolated(noisy)) + 6)
  }, 30_000)

  it('goes down in what both of its halves minimise', async () => {
    const seen = { frames: FRAMES, pixels: PIXELS, values: noisy.map((value, i) => value * lines[i]), mask: lines }
    const estimate = filled(seen)
    const start = { factors: firstFactors(estimate, FRAMES, 4, 7), estimate }
    for await (const { state } of rounds(seen, start, smooth, redPsm.params.parse({ iterations: 4 }), signal)) {
      const [before, pictures, knots] = state.objectives
      expect(pictures).toBeLessThanOrEqual(before)
      expect(knots).toBeLessThanOrEqual(pictures)
    }
  })

  it('gives back what is a mix of few pictures, nothing missing and nothing denoised', async () => {
    const pictures = normals(2 * PIXELS, 1)
    const values = Float64Array.from({ length: truth.length }, (_, i) => {
      const t = Math.floor(i / PIXELS) / (FRAMES - 1)
      return 0.5 + 0.1 * pictures[i % PIXELS] + 0.1 * (2 * t - 1) * pictures[PIXELS + (i % PIXELS)]
    })
    expect(furthest(await repair(values, whole, { lambda: 0, rank: 2, knots: 4, xi: 0, chi: 1e-12, iterations: 40 }), values)).toBeLessThan(
      1e-6,
    )
  }, 30_000)

  it('calms flicker, the more so after the gains were evened out', async () => {
    const gains = normals(FRAMES, 30).map((value) => 1 + 0.1 * value)
    const flickering = truth.map((value, i) => value * gains[Math.floor(i / PIXELS)])
    const spread = (x: Float64Array) => {
      const left = gainsOf(x, FRAMES).map((gain, t) => gain / gainsOf(truth, FRAMES)[t])
      const mean = left.reduce((a, b) => a + b, 0) / FRAMES
      return Math.sqrt(left.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / FRAMES)
    }
    const calm = await repair(steadied(flickering, FRAMES), whole, { knots: 6 })
    expect(spread(calm)).toBeLessThan(spread(flickering) / 2.5)
    expect(decibels(calm)).toBeGreaterThan(decibels(flickering) + 3)
  }, 30_000)

  it('has curves that add up to one and meet their knots', () => {
    const s = splineMatrix(13, 5)
    for (let row = 0; row < 13; row++) expect(s.data.subarray(row * 5, row * 5 + 5).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    for (let knot = 0; knot < 5; knot++)
      expect([...s.data.subarray(knot * 15, knot * 15 + 5)]).toEqual([0, 1, 2, 3, 4].map((k) => (k === knot ? 1 : 0)))
  })

  it('refuses what is no sequence, and stops when it is told to', async () => {
    const make = redPsm.make(redPsm.params.parse({}), {})
    const run = (sequence: Sequence, stop = signal) => outcome(make.repair(sequence, smooth, stop))
    await expect(run({ frames: 2, pixels: 4, values: new Float64Array(8), mask: new Float64Array(8).fill(1) })).rejects.toThrow(
      /three are needed/,
    )
    await expect(run({ frames: 4, pixels: 4, values: new Float64Array(15), mask: new Float64Array(15) })).rejects.toThrow(/do not fill/)
    await expect(run({ frames: 4, pixels: 4, values: new Float64Array(16), mask: new Float64Array(16) })).rejects.toThrow(/Nothing/)
    const controller = new AbortController()
    controller.abort()
    await expect(run({ frames: FRAMES, pixels: PIXELS, values: noisy, mask: lines }, controller.signal)).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})
