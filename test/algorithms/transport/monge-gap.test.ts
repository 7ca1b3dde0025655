import { describe, expect, it } from 'vitest'
import { exactGap, mongeGapMatch } from '../../../main/algorithms/transport/monge-gap.ts'
import { divergence, type MongeTask, mongeGap, selfCost } from '../../../main/algorithms/transport/monge-loss.ts'
import { sinkhornNewtonSparse } from '../../../main/algorithms/transport/sinkhorn-newton-sparse.ts'
import { applyCube, cubeOf } from '../../../main/math/colour-cube.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { paletteOf } from '../../../main/math/palette.ts'
import { inPieces } from '../../../main/math/pause.ts'
import type { Cloud } from '../../../main/math/point-cost.ts'
import { normals, uniforms } from '../../kit/generate.ts'

const { signal } = new AbortController()
const solver = sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse({}), {})
const quick = sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse({ tolerance: 1e-4 }), {})
const cloud = (points: Float64Array, width: number): Cloud => {
  const count = points.length / width
  return { points, weights: new Float64Array(count).fill(1 / count) }
}

describe('the gap of a map', () => {
  it('is nothing for the slope of a convex function, and what is known for a turn', async () => {
    const from = cloud(normals(2 * 300, 1), 2)
    const stretched = from.points.map((_, i) => {
      const [x, y] = [from.points[i - (i % 2)], from.points[i - (i % 2) + 1]]
      return i % 2 ? 0.3 * x + 0.7 * y : 1.4 * x + 0.3 * y
    })
    expect(await exactGap('square', from, stretched, solver, signal)).toBeCloseTo(0, 3)
    const angle = 0.9
    const turned = from.points.map((_, i) => {
      const [x, y] = [from.points[i - (i % 2)], from.points[i - (i % 2) + 1]]
      return i % 2 ? Math.sin(angle) * x + Math.cos(angle) * y : Math.cos(angle) * x - Math.sin(angle) * y
    })
    const gap = await exactGap('square', from, turned, solver, signal)
    expect(gap / (4 * (1 - Math.cos(angle)))).toBeGreaterThan(0.8)
    expect(gap / (4 * (1 - Math.cos(angle)))).toBeLessThan(1.2)
  })

  it.each(['square', 'distance'] as const)('and the divergence have the slopes that differences show: %s', async (cost) => {
    const [x, z, y] = [cloud(uniforms(24, 3), 3), cloud(uniforms(18, 4), 3), cloud(uniforms(24, 5), 3)]
    const sharp = sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse({ tolerance: 1e-13 }), {})
    const task: MongeTask = {
      ...{ cost, reference: z, rho: x, sourceWeights: x.weights, epsilonFit: 0.05, epsilonGap: 0.02, lambda: 1 },
      ...{ tolerance: 1e-13, solver: sharp },
    }
    const direction = normals(24, 6)
    const at = (t: number): Cloud => ({ ...y, points: y.points.map((value, i) => value + t * direction[i]) })
    const self = await selfCost(task, signal)
    const h = 1e-5
    for (const of of [(c: Cloud) => divergence(task, c, self, {}, signal), (c: Cloud) => mongeGap(task, c, {}, signal)]) {
      const [up, down] = [await of(at(h)), await of(at(-h))]
      const slope = (await of(y)).slope.reduce((sum, value, i) => sum + value * direction[i], 0)
      expect((up.value - down.value) / (2 * h) / slope).toBeCloseTo(1, 5)
    }
    expect(
      (await divergence({ ...task, reference: y }, y, (await divergence(task, y, 0, {}, signal)).self.relative, {}, signal)).value,
    ).toBeCloseTo(0, 9)
    expect((await divergence(task, y, self, {}, signal)).value).toBeGreaterThan(0)
  })
})

describe('a matched look', () => {
  // Two looks that differ in warmth and contrast, with a hue that is rare in one.
  const source = uniforms(3 * 600, 11).map((value, i) => [0.2 + 0.6 * value, 0.25 + 0.4 * value * value, 0.1 + 0.5 * value][i % 3])
  const reference = uniforms(3 * 500, 12).map((value, i) => [0.5 + 0.45 * value, 0.3 + 0.5 * value, 0.05 + 0.3 * value][i % 3])
  const match = (lambda: number) =>
    outcome(
      mongeGapMatch
        .make(mongeGapMatch.params.parse({ colours: 40, steps: 120, width: 20, rate: 5e-3, lambda }), {})
        .match(source, reference, quick, 7, signal),
    )

  it('is near the reference, turns no colour inside out, and goes less far than without moderation', async () => {
    const [moderate, wild] = [await match(1), await match(0)]
    const wanted = await inPieces(paletteOf(reference, 40, 8), signal)
    const reach = async (points: Float64Array) => {
      const [from, to] = [
        { points, weights: moderate.palette.weights },
        { points: wanted.colours, weights: wanted.weights },
      ]
      const task: MongeTask = {
        ...{ cost: 'square', reference: to, rho: from, sourceWeights: from.weights, epsilonFit: 0.02, epsilonGap: 0.02, lambda: 1 },
        ...{ tolerance: 1e-6, solver },
      }
      return (await divergence(task, from, await selfCost(task, signal), {}, signal)).value
    }
    const { colours } = moderate.palette
    expect((await reach(moderate.apply(colours))) / (await reach(colours))).toBeLessThan(0.15)
    expect(moderate.folded()).toBe(0)
    expect(moderate.measures.gap).toBeLessThan(wild.measures.gap)
  })

  it('is told by a table of 33 nodes a side within two steps of 255', async () => {
    const { apply, palette } = await match(1)
    const looked = applyCube(cubeOf(apply, 33, 'look'), palette.colours)
    const direct = apply(palette.colours).map((value) => Math.min(1, Math.max(0, value)))
    expect(Math.max(...looked.map((value, i) => Math.abs(value - direct[i])))).toBeLessThan(2 / 255)
  })
})
