import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spectralPaths } from '../../main/algorithms/index.ts'
import type { SpectralPath } from '../../main/algorithms/roles.ts'
import { furthest, normals } from '../kit/generate.ts'

type Id = (typeof spectralPaths)[number]['id']

/** Random settings of each path, gentle enough for float64. A new one cannot compile without. */
const settings: Readonly<Record<Id, fc.Arbitrary<{ readonly rows: number; readonly columns: number }>>> = {
  'shortest-path': fc.record({
    rows: fc.integer({ min: 1, max: 9 }),
    columns: fc.integer({ min: 1, max: 9 }),
    steps: fc.integer({ min: 3, max: 30 }),
    c1: fc.double({ min: 0.3, max: 2, noNaN: true }),
    c2: fc.double({ min: 0.3, max: 1, noNaN: true }),
    m: fc.double({ min: 0.2, max: 2, noNaN: true }),
  }),
}

describe.each(spectralPaths.map((method) => [method.id, method] as const))('the spectral path %s', (id, method) => {
  const law = (check: (path: SpectralPath, size: number, k: number, seed: number) => void) =>
    fc.assert(
      fc.property(settings[id], fc.nat(999), fc.double({ min: 0, max: 0.999, noNaN: true }), (params, seed, share) => {
        const path = method.make(method.params.parse(params), {})
        check(path, params.rows * params.columns, Math.floor(share * path.steps), seed + 1)
      }),
      { numRuns: 60 },
    )

  it('lets each frequency of the picture fade from step to step, as its betas say', () => {
    law((path, size) => {
      let before: Float64Array = new Float64Array(size).fill(1)
      for (let k = 0; k < path.steps; k++) {
        const [abar, beta] = [path.abar(k), path.beta(k)]
        const last = before
        expect(abar.every((kept, i) => kept > 0 && kept < last[i])).toBe(true)
        expect(
          furthest(
            abar,
            last.map((kept, i) => kept * (1 - beta[i])),
          ),
        ).toBeLessThan(1e-12)
        before = abar
      }
    })
  })

  it('goes back by one step to where it came from, if the noise is known', () => {
    law((path, size, k, seed) => {
      const [x0, z] = [normals(size, seed), normals(size, seed + 5000)]
      const before = k === 0 ? x0 : path.forward(x0, z, k - 1)
      expect(furthest(path.ddim(path.forward(x0, z, k), z, k), before)).toBeLessThan(1e-7)
      // Without noise in it and without any added, a step back by chance undoes the fading of one step.
      const none = new Float64Array(size)
      const faded = k === 0 ? x0 : path.forward(x0, none, k - 1)
      expect(furthest(path.ancestral(path.forward(x0, none, k), none, k, none), faded)).toBeLessThan(1e-7)
    })
  })

  it('knows the noise that is to be expected where data has its spectrum', () => {
    law((path, size, k, seed) => {
      // As filters of any signal d: Σ = A S + 1 - A is the covariance of x, √(1 - A) that of x with the noise, and the best guess
      // from x turns the first into the second. S and A come from the path's own textures and steps, applied twice.
      const d = normals(size, seed)
      const none = new Float64Array(size)
      const twice = (filter: (x: Float64Array) => Float64Array) => filter(filter(d))
      const ofData = path.forward(
        path.forward(
          twice((x) => path.texture(x, 1)),
          none,
          k,
        ),
        none,
        k,
      )
      const ofNoise = twice((x) => path.forward(none, x, k))
      const covariance = ofData.map((value, i) => value + ofNoise[i])
      const wanted = path.forward(none, d, k)
      expect(furthest(path.gaussianNoise(covariance, k), wanted)).toBeLessThan(1e-9 * Math.max(1, ...path.spectrum))
    })
  })

  it('begins a texture with the noise itself, and has no step beyond its last', () => {
    law((path, size, _, seed) => {
      const w = normals(size, seed)
      expect(furthest(path.texture(w, 0), w)).toBeLessThan(1e-10)
      expect(() => path.abar(path.steps)).toThrow(RangeError)
      expect(() => path.texture(w, 1.5)).toThrow(RangeError)
    })
  })
})
