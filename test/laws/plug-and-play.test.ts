import { describe, expect, it } from 'vitest'
import { plugAndPlays } from '../../main/algorithms/index.ts'
import type { Damage, PlugAndPlay, Proximal } from '../../main/algorithms/measurement.ts'
import { outcome } from '../../main/math/integrate.ts'
import { applyMatrix, combine, fromRows, identity, inverse, multiply, transpose } from '../../main/math/matrix.ts'
import { mix } from '../../main/math/mix.ts'
import { furthest, normals } from '../kit/generate.ts'
import { denseOperator } from '../kit/measurements.ts'

const { signal } = new AbortController()
const MATRIX = [
  [0.8, 0.3, 0, 0.1],
  [0.1, 0.5, -0.4, 0],
  [0, 0.2, 0.3, 0.6],
]
const mean = Float64Array.of(0.4, 0.6, 0.5, 0.3)
/** Variance of the noise over that of the pictures. */
const RATIO = 0.2

const operator = denseOperator(MATRIX)
const y = operator.apply(normals(4, 2).map((value, i) => mean[i] + 0.2 * value))
const damage: Damage = { operator, y, deviation: 0.1 }
const a = fromRows(MATRIX)
/** The most probable picture where pictures are N(mean, s²): (AᵀA + ratio) x = Aᵀy + ratio mean. */
const exact = applyMatrix(
  inverse(combine([1, multiply(transpose(a), a)], [RATIO, identity(4)])),
  mix([1, applyMatrix(transpose(a), y)], [RATIO, mean]),
)
/** The proximal operator of the log-prior of those pictures, `scale` times. */
const gaussian = (scale: number): Proximal => ({
  prox: async (v) => mix([1 / (1 + scale * RATIO), v], [(scale * RATIO) / (1 + scale * RATIO), mean]),
})

/** Settings of each method, and by how much they scale the regulariser. A new one cannot compile without. */
const settings: Readonly<Record<(typeof plugAndPlays)[number]['id'], readonly (readonly [params: object, scale: number])[]>> = {
  'learned-proximal': [
    [{ iterations: 400, step: 0.7, clip: false }, 0.7],
    [{ iterations: 400, form: 'splitting', rho: 2, tolerance: 1e-14, clip: false }, 1 / 2],
  ],
}

const variants = plugAndPlays.flatMap((method) =>
  settings[method.id].map(([params, scale]) => {
    const make = (): PlugAndPlay => method.make(method.params.parse(params), {})
    return [method.id, JSON.stringify(params), make, gaussian(scale)] as const
  }),
)

describe.each(variants)('the plug and play %s with %s', (_, __, make, prox) => {
  it('comes to rest at the most probable picture', async () => {
    expect(furthest(await outcome(make().reconstruct(damage, prox, signal)), exact)).toBeLessThan(1e-7)
  })

  it('rests where it rests: begun there it stays', async () => {
    for await (const { step, state } of make().reconstruct({ ...damage, start: exact }, prox, signal)) {
      if (step > 300) expect(furthest(state.estimate, exact)).toBeLessThan(1e-7)
    }
  })

  it('stops when it is told to, and leaves what it was given', async () => {
    const controller = new AbortController()
    const before = y.slice()
    const run = async () => {
      for await (const { step } of make().reconstruct(damage, prox, controller.signal)) if (step === 3) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
    expect(y).toEqual(before)
  })

  it('refuses what does not fit', async () => {
    const run = (change: Partial<Damage>, other = prox) => outcome(make().reconstruct({ ...damage, ...change }, other, signal))
    await expect(run({ y: y.subarray(1) })).rejects.toThrow(/operator gives/)
    await expect(run({ start: new Float64Array(9) })).rejects.toThrow(/operator takes/)
    await expect(run({}, { prox: async (v) => v.map(() => Number.NaN) })).rejects.toThrow(/step 1/)
  })
})
