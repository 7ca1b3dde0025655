import { describe, expect, it } from 'vitest'
import { poissonSolvers } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import { applyPoisson, guidedSide, imported, poissonGrid } from '../../main/math/poisson-grid.ts'
import { furthest, normals } from '../kit/generate.ts'
import { disc, full } from '../kit/masks.ts'

const { signal } = new AbortController()
const SIDE = 24

describe.each(poissonSolvers.map((method) => [method.id, method] as const))('the Poisson solver %s', (_, method) => {
  const solver = method.make(method.params.parse({ tolerance: 1e-10 }), {})
  const mask = disc(SIDE)
  const grid = poissonGrid(SIDE, SIDE, mask, 'natural')
  const target = normals(SIDE * SIDE, 4)
  const paste = async (source: Float64Array) => {
    const { value } = await outcome(solver.solve({ grid, b: guidedSide(grid, target, imported(source)) }, signal))
    return target.map((known, i) => (mask[i] ? value[i] : known))
  }

  it('pastes a picture into itself without a trace', async () => {
    expect(furthest(await paste(target), target)).toBeLessThan(1e-7)
  })

  it('does not see how bright what it pastes is', async () => {
    const source = normals(SIDE * SIDE, 5)
    const brighter = source.map((value) => value + 3)
    expect(furthest(await paste(source), await paste(brighter))).toBeLessThan(1e-7)
  })

  it('fills a hole with nothing beyond what surrounds it', async () => {
    const filled = await paste(new Float64Array(SIDE * SIDE))
    const [least, most] = [Math.min(...target), Math.max(...target)]
    expect(filled.every((value) => value > least - 1e-9 && value < most + 1e-9)).toBe(true)
  })

  it('keeps the level of what touches nothing known, and says so', async () => {
    const free = poissonGrid(SIDE, SIDE, full(SIDE), 'natural')
    const start = normals(SIDE * SIDE, 6).map((value) => value + 2)
    const b = applyPoisson(free, normals(SIDE * SIDE, 7))
    const { value, floating } = await outcome(solver.solve({ grid: free, b, start }, signal))
    expect(floating).toBe(1)
    const mean = (values: Float64Array) => values.reduce((sum, one) => sum + one, 0) / values.length
    expect(mean(value)).toBeCloseTo(mean(start), 9)
    expect(furthest(applyPoisson(free, value), b)).toBeLessThan(1e-6)
  })

  it('has nothing to do where nothing is asked', async () => {
    const none = poissonGrid(SIDE, SIDE, new Uint8Array(SIDE * SIDE), 'natural')
    const { value, status } = await outcome(solver.solve({ grid: none, b: new Float64Array(SIDE * SIDE) }, signal))
    expect(status).toBe('converged')
    expect(value.every((one) => one === 0)).toBe(true)
  })

  it('refuses what is no number, and parts that do not fit', async () => {
    const b = new Float64Array(SIDE * SIDE)
    await expect(outcome(solver.solve({ grid, b: b.slice(1) }, signal))).rejects.toBeInstanceOf(RangeError)
    b[40] = Number.NaN
    await expect(outcome(solver.solve({ grid, b }, signal))).rejects.toBeInstanceOf(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      const b = guidedSide(grid, target, imported(normals(SIDE * SIDE, 5)))
      for await (const _ of solver.solve({ grid, b }, controller.signal)) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
