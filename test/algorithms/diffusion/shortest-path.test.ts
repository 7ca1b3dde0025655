import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortestPath } from '../../../main/algorithms/diffusion/paths/shortest-path.ts'
import { fitPowerLaw, frequencies, measureSpectrum, powerLaw } from '../../../main/math/spectrum.ts'
import { furthest, normals } from '../../kit/generate.ts'

const make = (params: object) => shortestPath.make(shortestPath.params.parse(params), {})
const sizes = fc.record({
  rows: fc.integer({ min: 2, max: 12 }),
  columns: fc.integer({ min: 2, max: 12 }),
  steps: fc.integer({ min: 3, max: 60 }),
})
const gentle = { c1: 0.9, c2: 0.6, m: 1.4 }

describe('Shortest Path Diffusion', () => {
  it('passes through S to the tau at every step', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (size, share) => {
        const path = make({ ...size, ...gentle })
        const k = Math.floor(share * (size.steps - 1))
        const tau = (size.steps - 1 - (k * (size.steps - 2)) / (size.steps - 1)) / size.steps
        for (const [i, abar] of path.abar(k).entries())
          expect(Math.abs((abar * path.spectrum[i] + 1 - abar) / path.spectrum[i] ** tau - 1)).toBeLessThan(1e-10)
      }),
    )
  })

  it('fades white data evenly', () => {
    const path = make({ rows: 6, columns: 5, steps: 20, measured: new Array(30).fill(1) })
    expect([...path.abar(7)].every((abar) => Math.abs(abar - (19 - (7 * 18) / 19) / 20) < 1e-12)).toBe(true)
  })

  it('goes back the way it came where the noise is known', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1e6 }), (size, seed) => {
        const path = make({ ...size, ...gentle })
        const [x0, z] = [normals(3 * size.rows * size.columns, seed), normals(3 * size.rows * size.columns, seed + 1)]
        for (let k = size.steps - 1; k >= 0; k--) {
          const before = k === 0 ? x0 : path.forward(x0, z, k - 1)
          expect(furthest(path.ddim(path.forward(x0, z, k), z, k), before)).toBeLessThan(1e-7)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('tends to the texture’s closed form as the chain gets finer', () => {
    const errorOf = (steps: number) => {
      const path = make({ rows: 8, columns: 8, steps, ...gentle })
      const w = normals(64, 3)
      let x = w
      for (let k = steps - 1; k >= 0; k--) x = path.ddim(x, path.gaussianNoise(x, k), k)
      const limit = path.texture(w, 1 - 1 / steps)
      return furthest(x, limit) / Math.max(...limit.map(Math.abs))
    }
    const [coarse, fine] = [errorOf(50), errorOf(400)]
    expect(fine).toBeLessThan(0.02)
    expect(fine).toBeLessThan(coarse / 3)
  })

  it('makes textures of the spectrum it was given, that tile, from noise to swatch', () => {
    const path = make({ rows: 32, columns: 32, steps: 10, c1: 1.59, c2: 0.0086, m: 2 })
    const patches = Array.from({ length: 400 }, (_, i) => path.texture(normals(1024, i + 1), 1))
    const measured = measureSpectrum(patches, 32, 32, true)
    const radius = frequencies(32, 32)
    for (let ring = 2; ring < 14; ring++) {
      const inside = [...radius.keys()].filter((i) => Math.round(radius[i]) === ring)
      const ratio = inside.reduce((sum, i) => sum + measured[i] / path.spectrum[i], 0) / inside.length
      expect(Math.abs(ratio - 1)).toBeLessThan(0.06)
    }
    const w = normals(1024, 9)
    expect(furthest(path.texture(w, 0), w)).toBeLessThan(1e-10)
    const fitted = fitPowerLaw(powerLaw(32, 32, 1.2, 0.05, 1.7), 32, 32)
    expect(Math.abs(fitted.m - 1.7)).toBeLessThan(0.05)
    expect(Math.abs(fitted.c1 / 1.2 - 1)).toBeLessThan(0.1)
  })

  it('refuses what is no spectrum and no step', () => {
    expect(() => make({ rows: 2, columns: 2, steps: 5, measured: [1, 2, 3] })).toThrow(/does not fit/)
    expect(() => make({ rows: 2, columns: 2, steps: 2 })).toThrow()
    expect(() => make({ rows: 4, columns: 4, steps: 5 }).abar(5)).toThrow(RangeError)
    const lopsided = Array.from({ length: 16 }, (_, i) => 1 + i)
    expect(() => make({ rows: 4, columns: 4, steps: 5, measured: lopsided }).texture(normals(16, 1), 1)).toThrow(/not symmetric/)
  })
})
