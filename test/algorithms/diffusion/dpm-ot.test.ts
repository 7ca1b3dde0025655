import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { dpmOt } from '../../../main/algorithms/diffusion/solvers/dpm-ot.ts'
import { atLevel, prepareBoard } from '../../../main/algorithms/diffusion/solvers/dpm-ot-board.ts'
import { lambdaOf, legsOf, nodeAt } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { bestTwo, energyOf } from '../../../main/math/semi-discrete.ts'
import { evenLambda, generate, normals, signal, smooth, toy } from '../../kit/generate.ts'

/** Pictures of the toy, twenty of each hundred by weight. */
const pictures = Array.from({ length: 40 }, (_, i) => {
  const k = i % 20 < 9 ? 0 : i % 20 < 16 ? 1 : 2
  const z = normals(2, 300 + i)
  return Float64Array.from(toy.means[k], (mean, j) => mean + toy.stds[k] * z[j])
})
const level = nodeAt(smooth, 0.25)
const targets = atLevel(
  pictures,
  pictures.map((_, i) => normals(2, 800 + i)),
  level,
)
const board = outcome(prepareBoard(targets, noiseOf(1), signal))
const tail = legsOf(
  Array.from({ length: 6 }, (_, i) => {
    const [first, last] = [lambdaOf(level), lambdaOf(nodeAt(smooth, smooth.tData))]
    return i === 0 ? level : nodeAt(smooth, smooth.tOfLambda(first + ((last - first) * i) / 5))
  }),
)
const solverOf = async (variety: 'exact' | 'noisy' | 'blend') => {
  const { targets: kept, heights } = await board
  return dpmOt.make(dpmOt.params.parse({ targets: kept.map((y) => [...y]), heights: [...heights], variety }), {})
}
/** Share of points farther than four deviations from every mode. */
const strays = (x: Float64Array): number => {
  let count = 0
  for (let at = 0; at < x.length; at += 2)
    if (toy.means.every(([a, b], k) => Math.hypot(x[at] - a, x[at + 1] - b) > 4 * toy.stds[k])) count++
  return count / (x.length / 2)
}

describe('DPM-OT', () => {
  it('gives every picture its share of fresh seeds', async () => {
    const { heights, targets: kept, shareError } = await board
    expect(shareError).toBeLessThan(0.05)
    const points = normals(80_000, 77)
    const scores = new Float64Array((points.length / 2) * kept.length)
    for (let j = 0; j < points.length / 2; j++)
      for (const [i, y] of kept.entries()) scores[j * kept.length + i] = points[2 * j] * y[0] + points[2 * j + 1] * y[1]
    const { mass } = energyOf({ scores, weights: new Float64Array(kept.length).fill(1 / kept.length) }, heights)
    // Three deviations of both counts, of these seeds and of the 25 000 it was solved with, on top of what solving left.
    const noise = 3 * Math.sqrt(kept.length / (points.length / 2) + kept.length / 25_000)
    for (const share of mass) expect(Math.abs(share * kept.length - 1)).toBeLessThan(0.05 + noise)
  })

  it('mixes no modes, where as many steps from pure noise do', async () => {
    const x = normals(4000, 5)
    const end = (await generate({ solver: await solverOf('exact'), legs: tail, x })).x
    const plain = (await generate({ solver: ddim.make({ eta: 0 }, {}), legs: evenLambda(smooth, 5), x })).x
    expect(strays(end)).toBe(0)
    expect(strays(plain)).toBeGreaterThan(0.005)
  })

  it('makes as many pictures as the board has, or endless ones', async () => {
    const x = normals(1000, 8)
    const distinct = async (variety: 'exact' | 'noisy' | 'blend') => {
      const end = (await generate({ solver: await solverOf(variety), legs: tail, x })).x
      return new Set(Array.from({ length: 500 }, (_, i) => `${end[2 * i].toFixed(9)},${end[2 * i + 1].toFixed(9)}`)).size
    }
    expect(await distinct('exact')).toBeLessThanOrEqual(40)
    expect(await distinct('noisy')).toBe(500)
    expect(await distinct('blend')).toBeGreaterThan(40)
  })

  it('moves seeds no more than any exchange of them would', async () => {
    const { heights, targets: kept } = await board
    const cellOf = (x: Float64Array) =>
      bestTwo(
        Float64Array.from(kept, (y) => y[0] * x[0] + y[1] * x[1]),
        0,
        heights,
      )[0]
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (seeds, turn) => {
          const xs = seeds.map((seed) => normals(2, seed))
          const ys = xs.map((x) => kept[cellOf(x)])
          const agreement = (shift: number) =>
            xs.reduce((sum, x, i) => sum + x[0] * ys[(i + shift) % ys.length][0] + x[1] * ys[(i + shift) % ys.length][1], 0)
          expect(agreement(0)).toBeGreaterThanOrEqual(agreement(turn) - 1e-9)
        },
      ),
    )
  })

  it('counts pictures that are alike together, and refuses too few', async () => {
    const twice = await outcome(prepareBoard([targets[0], targets[0].slice(), targets[1]], noiseOf(2), signal))
    expect(twice.counts).toEqual([2, 1])
    await expect(outcome(prepareBoard([targets[0]], noiseOf(1), signal))).rejects.toThrow(/every seed would lead to it/)
    expect(() => dpmOt.make(dpmOt.params.parse({ targets: [[1]], heights: [] }), {})).toThrow(RangeError)
  })
})
