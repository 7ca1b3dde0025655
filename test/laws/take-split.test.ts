import { describe, expect, it } from 'vitest'
import { Refusal } from '../../main/algorithms/define.ts'
import { takeSplits } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import { matrix } from '../../main/math/matrix.ts'
import { flickeringTakes } from '../kit/takes.ts'

const { signal } = new AbortController()

describe.each(takeSplits.map((method) => [method.id, method] as const))('telling takes from marks by %s', (_, method) => {
  const make = (settings: Record<string, number> = {}) => method.make(method.params.parse(settings), {})
  const { takes } = flickeringTakes(8, 16, 0.1, 3)

  it('keeps every pixel that it did not replace, to the bit, and the takes themselves', async () => {
    const before = takes.values.data.slice()
    const { composite, replaced, clean } = await outcome(make().split(takes, signal))
    expect(takes.values.data).toEqual(before)
    expect(replaced.some((one) => one === 1) && replaced.some((one) => one === 0)).toBe(true)
    for (let i = 0; i < before.length; i++) expect(composite.data[i]).toBe(replaced[i] ? clean.data[i] : before[i])
  })

  it('follows the brightness of what it is given', async () => {
    const doubled = { ...takes, values: { ...takes.values, data: takes.values.data.map((value) => 2 * value) } }
    const one = await outcome(make().split(takes, signal))
    const two = await outcome(make().split(doubled, signal))
    for (const [i, value] of two.clean.data.entries()) expect(value).toBeCloseTo(2 * one.clean.data[i], 2)
  })

  it('does not look at what is known to be wrong', async () => {
    const known = new Uint8Array(takes.values.data.length).fill(1)
    known.set([0, 0, 0], 100)
    const spoiled = takes.values.data.slice()
    spoiled.set([9, -9, 9], 100)
    const split = (data: Float64Array) => outcome(make({ steps: 50 }).split({ ...takes, values: { ...takes.values, data }, known }, signal))
    // The unit of brightness is the median, which these three move by a hair.
    const [one, two] = [await split(takes.values.data), await split(spoiled)]
    expect(two.replaced.slice(100, 103)).toEqual(Uint8Array.of(1, 1, 1))
    for (const [i, value] of two.clean.data.entries()) expect(value).toBeCloseTo(one.clean.data[i], 1)
  })

  it('refuses what cannot be told apart, and parts that do not fit', async () => {
    const few = { ...takes, values: matrix(3, 256, takes.values.data.slice(0, 3 * 256)) }
    await expect(outcome(make().split(few, signal))).rejects.toBeInstanceOf(Refusal)
    await expect(outcome(make().split({ ...takes, width: 15 }, signal))).rejects.toBeInstanceOf(RangeError)
    const broken = { ...takes, values: { ...takes.values, data: takes.values.data.map((v, i) => (i === 7 ? Number.NaN : v)) } }
    await expect(outcome(make().split(broken, signal))).rejects.toBeInstanceOf(RangeError)
  })

  it('says where it was not given the time', async () => {
    expect((await outcome(make({ steps: 20 }).split(takes, signal))).warnings).toContainEqual(expect.stringMatching(/too few steps/))
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const { step } of make().split(takes, controller.signal)) if (step === 3) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
