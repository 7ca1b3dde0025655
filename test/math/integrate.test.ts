import { describe, expect, it } from 'vitest'
import { type Advance, integrate, outcome, uniformTimes } from '../../main/math/integrate.ts'

const { signal } = new AbortController()
const euler: Advance<number> = async function* (x, from, to) {
  yield 0.5
  return x + (to - from) * x
}

describe('the loop', () => {
  it('takes the times in order and tells each step', async () => {
    const seen: (readonly [number, number])[] = []
    const step: Advance<string> = async function* (state, from, to) {
      seen.push([from, to])
      yield 0.25
      yield 1
      return `${state}.`
    }
    const ticks: unknown[] = []
    const loop = integrate('', uniformTimes(2), step, signal)
    let next = await loop.next()
    for (; !next.done; next = await loop.next()) ticks.push(next.value)
    expect(seen).toEqual([
      [0, 0.5],
      [0.5, 1],
    ])
    expect(ticks).toEqual([
      { step: 0.25, steps: 2, state: '' },
      { step: 1, steps: 2, state: '.' },
      { step: 1.25, steps: 2, state: '.' },
      { step: 2, steps: 2, state: '..' },
    ])
    expect(next.value).toBe('..')
  })

  it('halves an Euler step’s error when the steps are doubled', async () => {
    const error = async (n: number) => Math.E - (await outcome(integrate(1, uniformTimes(n), euler, signal)))
    expect((await error(200)) / (await error(400))).toBeCloseTo(2, 1)
  })

  it('stops before the next step once it is cancelled', async () => {
    const controller = new AbortController()
    const loop = integrate(1, uniformTimes(5), euler, controller.signal)
    await loop.next()
    await loop.next()
    controller.abort()
    await expect(loop.next()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
