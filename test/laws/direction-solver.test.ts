import { describe, expect, it } from 'vitest'
import { directionSolvers } from '../../main/algorithms/index.ts'
import type { Direction } from '../../main/algorithms/poisson.ts'
import { dotOf } from '../../main/math/conjugate-gradient.ts'
import { outcome } from '../../main/math/integrate.ts'
import { mix } from '../../main/math/mix.ts'
import { applyPoisson, poissonGrid } from '../../main/math/poisson-grid.ts'
import { furthest, normals } from '../kit/generate.ts'
import { disc, full } from '../kit/masks.ts'

const { signal } = new AbortController()
const SIDE = 16
const mask = disc(SIDE)
const grid = poissonGrid(SIDE, SIDE, mask, 'zero')
const x = normals(SIDE * SIDE, 3).map((value, i) => (mask[i] ? value : 0))
const b = applyPoisson(grid, x)
const itself: Direction = async (r) => r
/** A network that says the residual, and as much of anything besides. */
const noisy = (): Direction => {
  let seed = 0
  return async (r) => mix([0.07, normals(r.length, ++seed).map((value, i) => (mask[i] ? value : 0))], [1, r])
}

describe.each(directionSolvers.map((method) => [method.id, method] as const))('the direction solver %s', (_, method) => {
  const make = (settings = {}) => method.make(method.params.parse({ iterations: 2000, tolerance: 1e-9, ...settings }), {})

  it.each([
    ['the residual itself', () => itself],
    ['half nonsense', noisy],
  ])('never loses ground, and arrives, by %s', async (_, directionOf) => {
    let before = Number.POSITIVE_INFINITY
    const run = make().solve({ grid, b }, directionOf(), signal)
    for (let next = await run.next(); ; next = await run.next()) {
      const off = mix([1, next.value.value], [-1, x])
      const error = dotOf(off, applyPoisson(grid, off))
      expect(error).toBeLessThanOrEqual(before * (1 + 1e-9) + 1e-18)
      before = error
      if (!next.done) continue
      expect(next.value.status).toBe('converged')
      expect(next.value.fallbacks).toBe(0)
      expect(furthest(next.value.value, x)).toBeLessThan(1e-7)
      return
    }
  })

  it.each([
    ['nothing', async (r) => r.map(() => 0)],
    ['no numbers', async (r) => r.map(() => Number.NaN)],
  ] as [string, Direction][])('does without a network that says %s, and no longer asks', async (_, direction) => {
    let asked = 0
    const counting: Direction = (r, s) => {
      asked++
      return direction(r, s)
    }
    const { value, fallbacks } = await outcome(make().solve({ grid, b }, counting, signal))
    expect(furthest(value, x)).toBeLessThan(1e-7)
    expect(fallbacks).toBe(3)
    expect(asked).toBe(3)
  })

  it('leaves a good start as it is, and keeps the level of what touches nothing known', async () => {
    expect((await outcome(make().solve({ grid, b, start: x }, itself, signal))).value).toEqual(x)
    const free = poissonGrid(SIDE, SIDE, full(SIDE), 'natural')
    const start = new Float64Array(SIDE * SIDE).fill(2)
    const side = applyPoisson(free, normals(SIDE * SIDE, 8))
    const { value, floating } = await outcome(make().solve({ grid: free, b: side, start }, itself, signal))
    expect(floating).toBe(1)
    expect(value.reduce((sum, one) => sum + one, 0) / value.length).toBeCloseTo(2, 9)
    expect(furthest(applyPoisson(free, value), side)).toBeLessThan(1e-6)
  })

  it('refuses an empty mask, and what is no number', async () => {
    const none = poissonGrid(SIDE, SIDE, new Uint8Array(SIDE * SIDE), 'zero')
    await expect(outcome(make().solve({ grid: none, b }, itself, signal))).rejects.toBeInstanceOf(RangeError)
    const broken = b.map((value, i) => (i === 40 ? Number.NaN : value))
    await expect(outcome(make().solve({ grid, b: broken }, itself, signal))).rejects.toBeInstanceOf(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const _ of make().solve({ grid, b }, itself, controller.signal)) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
