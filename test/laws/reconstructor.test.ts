import { describe, expect, it } from 'vitest'
import { reconstructors } from '../../main/algorithms/index.ts'
import type { Measurement, Reconstructor } from '../../main/algorithms/measurement.ts'
import { outcome } from '../../main/math/integrate.ts'
import { strideLegs } from '../../main/math/stride.ts'
import { drawsOf, normals } from '../kit/generate.ts'
import { denseOperator, levels } from '../kit/measurements.ts'
import { predictMixture } from '../kit/mixture.ts'

const { signal } = new AbortController()

/**
 * Pictures N(m, s² I) measured by a matrix without noise. The posterior is closed form: what was measured is as measured, and what
 * lies in the matrix’s null space is as it was before, N(m, s²).
 */
const MEAN = [0.3, -0.2, 0.1, -0.4]
const DEVIATION = 0.2
const MATRIX = [
  [0.8, 0.6, 0, 0],
  [0, 0, 0.6, -0.8],
]
/** Unit vectors of the null space. */
const UNSEEN = [
  [0.6, -0.8, 0, 0],
  [0, 0, 0.8, 0.6],
]
const ROWS = 500
const operator = denseOperator(MATRIX, ROWS)
const truth = normals(4 * ROWS, 8).map((value, i) => MEAN[i % 4] + DEVIATION * value)
const y = operator.apply(truth)

interface Settings {
  readonly params: object
  readonly steps: number
  /** Begins with pictures as they are known before, for a method that keeps what was not measured as its start has it. */
  readonly start?: Float64Array
}

/** Settings and the steps each method needs to come near its limit. A new one cannot compile without. */
const settings: Readonly<Record<(typeof reconstructors)[number]['id'], Settings>> = {
  dds: { params: {}, steps: 100 },
  'red-diff': { params: { rate: 0.05, lambda: 0.1 }, steps: 500 },
  stsl: { params: { rounds: 8, zeta: 0.3 }, steps: 50, start: normals(4 * ROWS, 77).map((value, i) => MEAN[i % 4] + DEVIATION * value) },
}

const measurement = (steps: number, seed = 1, start?: Float64Array): Measurement => ({
  ...(start && { start }),
  operator,
  y,
  deviation: 0,
  denoise: async (x, at) => predictMixture({ weights: [1], means: [MEAN], stds: [DEVIATION] }, x, at),
  legs: strideLegs(levels, steps),
  draw: drawsOf(seed),
})

/** The part of every row along a vector. */
const along = (x: Float64Array, [a, b, c, d]: readonly number[]) =>
  Float64Array.from({ length: ROWS }, (_, i) => a * x[4 * i] + b * x[4 * i + 1] + c * x[4 * i + 2] + d * x[4 * i + 3])
const meanOf = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length

describe.each(reconstructors.map((method) => [method.id, method] as const))('the reconstructor %s', (_, method) => {
  const { params, steps, start } = settings[method.id]
  const make = (): Reconstructor => (method.make as (p: unknown, n: object) => Reconstructor)(method.params.parse(params), {})

  it('gives what was measured, and for the rest no more than what was known before', async () => {
    const x = await outcome(make().reconstruct(measurement(steps, 1, start), signal))
    const missed = operator.apply(x).map((value, i) => value - y[i])
    expect(Math.sqrt(missed.reduce((sum, value) => sum + value ** 2, 0) / missed.length)).toBeLessThan(0.1 * DEVIATION)
    for (const direction of UNSEEN) {
      const part = along(x, direction)
      const expected = direction.reduce((sum, value, i) => sum + value * MEAN[i], 0)
      // Five hundred rows tell a mean to 4 % of the deviation.
      expect(Math.abs(meanOf(part) - expected)).toBeLessThan(0.15 * DEVIATION)
      // A sampler has all of the posterior's variance, an optimiser, which seeks its mode, next to none of it.
      const variance = meanOf(part.map((value) => (value - meanOf(part)) ** 2))
      expect(variance).toBeLessThan(1.15 * DEVIATION ** 2)
    }
  })

  it('gives the same for the same seed, leaves what it was given, and asks as often as it says', async () => {
    let asked = 0
    const run = (seed: number) => {
      const task = measurement(10, seed)
      const counted: Measurement['denoise'] = (x, at, stop) => {
        asked++
        return task.denoise(x, at, stop)
      }
      return outcome(make().reconstruct({ ...task, denoise: counted }, signal))
    }
    const before = y.slice()
    const first = await run(3)
    expect(asked).toBe(make().calls(measurement(10).legs))
    expect(await run(3)).toEqual(first)
    expect(await run(4)).not.toEqual(first)
    expect(y).toEqual(before)
  })

  it('shows an estimate after every step, and stops when it is told to', async () => {
    const controller = new AbortController()
    const steps: number[] = []
    const run = async () => {
      for await (const { step, state } of make().reconstruct(measurement(10), controller.signal)) {
        steps.push(step)
        expect(state.estimate).toHaveLength(truth.length)
        expect(state.estimate.every(Number.isFinite)).toBe(true)
        if (step === 3) controller.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
    expect(steps).toEqual([1, 2, 3])
  })

  it('refuses what does not fit', async () => {
    const run = (change: Partial<Measurement>) => outcome(make().reconstruct({ ...measurement(10), ...change }, signal))
    await expect(run({ y: y.subarray(1) })).rejects.toThrow(/operator gives/)
    await expect(run({ start: new Float64Array(3) })).rejects.toThrow(/operator takes/)
    await expect(run({ deviation: -1 })).rejects.toThrow(/deviation/)
    await expect(run({ legs: [] })).rejects.toThrow(/one step/)
    await expect(run({ denoise: async (x) => ({ x0: x, eps: x.map(() => Number.NaN) }) })).rejects.toThrow(/step 1/)
    const broken = y.slice()
    broken[7] = Number.NaN
    await expect(run({ y: broken })).rejects.toThrow(/place 7/)
  })
})
