import { describe, expect, it } from 'vitest'
import { constrainedMinimisers } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import { foldsOf, type MeshConstraint, meshWarp, restOf } from '../../main/math/mesh-warp.ts'
import { furthest } from '../kit/generate.ts'

const { signal } = new AbortController()
const [W, H] = [6, 5]
const rest = restOf(W, H)
const corners: readonly MeshConstraint[] = [
  { kind: 'pin', vertex: 0, at: [0, 0] },
  { kind: 'pin', vertex: 5, at: [5, 0.3] },
  { kind: 'pin', vertex: 24, at: [0, 4] },
]

describe.each(constrainedMinimisers.map((method) => [method.id, method] as const))('the constrained minimiser %s', (_, method) => {
  const make = (settings: Record<string, unknown> = {}) => method.make(method.params.parse(settings), {})
  const warp = (constraints: readonly MeshConstraint[], settings = {}) =>
    outcome(make(settings).minimise(meshWarp(W, H, constraints), { x: rest }, signal))

  it('leaves what is at rest as it is', async () => {
    expect(furthest((await warp([{ kind: 'pin', vertex: 7, at: [1, 1] }])).x, rest)).toBeLessThan(1e-9)
  })

  it.each([
    ['a line', { kind: 'line', vertices: [6, 7, 8, 9, 10, 11] }],
    ['a horizon', { kind: 'horizontal', vertices: [12, 13, 14, 15] }],
    ['an upright', { kind: 'vertical', vertices: [1, 7, 13] }],
    ['a length', { kind: 'length', from: 14, to: 16, length: 2.2 }],
    ['a right angle', { kind: 'right-angle', corner: 14, from: 8, to: 15 }],
  ] as const)('holds %s and its pins to rounding, without folding', async (_, constraint) => {
    const { status, worst, x } = await warp([...corners, constraint])
    expect(status).toBe('converged')
    expect(worst?.by).toBeLessThan(1e-9)
    expect(x[11]).toBeCloseTo(0.3, 9)
    expect(foldsOf(x, W, H)).toEqual([])
  })

  it('takes the same pin twice, and says which constraint cannot hold where two contradict', async () => {
    expect((await warp([...corners, corners[1]])).status).toBe('converged')
    const { status, worst } = await warp([...corners, { kind: 'pin', vertex: 5, at: [4, 0.3] }], { steps: 60 })
    expect(status).not.toBe('converged')
    expect(worst?.by).toBeGreaterThan(0.1)
    expect([2, 6]).toContain(worst?.index)
  })

  it('refuses more constraints than there are numbers, and no numbers', async () => {
    const many = Array.from({ length: 31 }, () => corners[0])
    await expect(warp(many)).rejects.toBeInstanceOf(RangeError)
    const start = { x: rest.map((value, i) => (i === 3 ? Number.NaN : value)) }
    await expect(outcome(make().minimise(meshWarp(W, H, corners), start, signal))).rejects.toBeInstanceOf(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const problem = meshWarp(W, H, [...corners, { kind: 'line', vertices: [6, 7, 8, 9, 10, 11] }])
    const run = async () => {
      for await (const _ of make().minimise(problem, { x: rest }, controller.signal)) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
