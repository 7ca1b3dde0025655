import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kineticOptimal } from '../../../main/algorithms/diffusion/paths/kinetic-optimal.ts'
import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { trig } from '../../../main/algorithms/diffusion/paths/trig.ts'
import { kineticSpacing } from '../../../main/algorithms/diffusion/schedules/kinetic-spacing.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { rungeKutta } from '../../../main/algorithms/diffusion/solvers/runge-kutta.ts'
import { separationCurve, separationOfPoints } from '../../../main/math/data-separation.ts'
import { legsOf, nodeAt, type Path, retime } from '../../../main/math/gaussian-path.ts'
import { kineticEnergy, kineticPath } from '../../../main/math/kinetic-path.ts'
import { isotonic, monotoneCubic } from '../../../main/math/monotone.ts'
import { retimed } from '../../../main/math/prediction.ts'
import { apart, discrete, exactEnd, furthest, generate, normals } from '../../kit/generate.ts'
import { type Mixture, mixtureDenoiser, unknownOf } from '../../kit/mixture.ts'

/** Two modes in one dimension, of mean 0 and mean square 1. */
const data: Mixture = { weights: [0.5, 0.5], means: [[-0.9797958971], [0.9797958971]], stds: [0.2, 0.2] }
const unknownAt = (theta: number) => unknownOf(data, { t: 0, alpha: Math.sin(theta), sigma: Math.cos(theta) })
const separation = Array.from({ length: 30 }, (_, i) => {
  const s = 0.05 * 1000 ** (i / 29)
  return { s, unknown: unknownAt(Math.atan(s)) }
})
const unknown = separationCurve(separation)
const found = kineticPath(unknown)

describe('kinetic-optimal paths', () => {
  it('cost what the closed form says, and no path costs less', () => {
    expect(Math.abs(kineticEnergy(found.path, unknown) - found.energy)).toBeLessThan(1e-3)
    expect(kineticEnergy(rectifiedFlow.make({}, {}), unknown)).toBeGreaterThan(found.energy)
    expect(kineticEnergy(trig.make({}, {}), unknown)).toBeGreaterThan(found.energy)
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.double({ min: 0.5, max: 2, noNaN: true }), (p, q) => {
        // Any other pair of curves with the same ends.
        const bent: Path = {
          ...rectifiedFlow.make({}, {}),
          alpha: (t) => t ** p,
          sigma: (t) => (1 - t) ** q,
          dAlpha: (t) => p * t ** (p - 1),
          dSigma: (t) => -q * (1 - t) ** (q - 1),
        }
        expect(kineticEnergy(bent, unknown, 1000)).toBeGreaterThan(found.energy - 1e-3)
      }),
      { numRuns: 25 },
    )
  })

  it('are straight where data is far apart, and free where it is Gaussian', () => {
    const straight = kineticOptimal.make({ separation: [] }, {})
    for (const t of [0, 0.2, 0.5, 0.77, 1]) {
      expect(Math.abs(straight.alpha(t) - t)).toBeLessThan(1e-6)
      expect(Math.abs(straight.sigma(t) - (1 - t))).toBeLessThan(1e-6)
    }
    expect(kineticPath((theta) => Math.cos(theta) ** 2).energy).toBeLessThan(1e-6)
  })

  it('lead where the model’s own path leads, up to scale', async () => {
    const { path } = found
    const { denoise } = mixtureDenoiser(data)
    const legs = legsOf(Array.from({ length: 301 }, (_, i) => nodeAt(path, 0.3 + (0.65 * i) / 300)))
    const [first, last] = [legs[0].from, legs[299].to]
    const [start, end] = [retime(discrete, first), retime(discrete, last)]
    const x = normals(20, 4).map((value) => value * first.sigma)
    const there = (await generate({ solver: rungeKutta.make({}, {}), legs, x, path, denoise: retimed(denoise, discrete) })).x
    const own = await exactEnd({ x: x.map((value) => value / start.k), path: discrete, mixture: data, from: start.tau, to: end.tau })
    expect(
      furthest(
        there,
        own.map((value) => value * end.k),
      ),
    ).toBeLessThan(1e-4)
  })

  it('place few first-order steps better than even time does', async () => {
    const continuous = { ...discrete, table: null }
    const x = normals(200, 12)
    const exact = await exactEnd({ x, path: continuous, mixture: data })
    const errorOf = async (legs: Parameters<typeof generate>[0]['legs']) =>
      apart((await generate({ solver: ddim.make({ eta: 0 }, {}), legs, x, path: continuous, mixture: data })).x, exact)
    for (const steps of [4, 8])
      expect(await errorOf(kineticSpacing.make({ separation }, {}).legs(continuous, steps))).toBeLessThan(
        await errorOf(uniform.make(uniform.params.parse({}), {}).legs(continuous, steps)),
      )
  })
})

describe('the separation of data', () => {
  it('of points is what their mixture says', () => {
    const points = [-1, 1].map((value) => Float64Array.of(value))
    const draws = Array.from({ length: 20_000 }, (_, i) => i % 2)
    const noise = normals(20_000, 6)
    for (const s of [0.5, 1, 2]) {
      const counted = separationOfPoints(
        points,
        draws,
        [...noise].map((z) => Float64Array.of(z)),
        s,
      )
      const theta = Math.atan(s)
      const known =
        1 - unknownOf({ weights: [0.5, 0.5], means: [[-1], [1]], stds: [0, 0] }, { t: 0, alpha: Math.sin(theta), sigma: Math.cos(theta) })
      expect(Math.abs(counted - known)).toBeLessThan(0.02)
    }
  })

  it('is drawn through measurements, and never says more is known or unknown than can be', () => {
    for (const { s, unknown: value } of separation) expect(Math.abs(unknown(Math.atan(s)) - value)).toBeLessThan(1e-9)
    for (let i = 0; i <= 50; i++) {
      const theta = (i / 50) * (Math.PI / 2)
      expect(unknown(theta)).toBeGreaterThanOrEqual(0)
      expect(unknown(theta)).toBeLessThanOrEqual(Math.cos(theta) ** 2 + 1e-12)
    }
  })

  it('pools what falls and keeps curves from swinging', () => {
    expect([...isotonic([1, 3, 2, 2, 5, 4])]).toEqual([1, 7 / 3, 7 / 3, 7 / 3, 4.5, 4.5])
    const curve = monotoneCubic([0, 1, 2, 3], [0, 0, 1, 1])
    let before = -1
    for (let x = 0; x <= 3; x += 0.01) {
      expect(curve(x)).toBeGreaterThanOrEqual(before - 1e-12)
      before = curve(x)
    }
    expect(() => monotoneCubic([0, 0], [1, 2])).toThrow(RangeError)
  })
})
