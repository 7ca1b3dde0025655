import { describe, expect, it } from 'vitest'
import { Refusal } from '../../main/algorithms/define.ts'
import { completions } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import { matrix } from '../../main/math/matrix.ts'
import { facade, gappy } from '../kit/gaps.ts'

const { signal } = new AbortController()

describe.each(completions.map((method) => [method.id, method] as const))('filling by %s', (_, method) => {
  const completion = method.make(method.params.parse({}), {})
  const picture = facade(40, 8)

  it('keeps what is known, to the bit, and says the same of the same', async () => {
    const before = picture.values.data.slice()
    const [one, two] = [await outcome(completion.complete(picture, signal)), await outcome(completion.complete(picture, signal))]
    expect(one).toEqual(two)
    expect(picture.values.data).toEqual(before)
    for (const [i, value] of before.entries()) if (picture.known[i]) expect(one.values.data[i]).toBe(value)
  })

  it('does not look at what is not known', async () => {
    const spoiled = matrix(
      40,
      40,
      picture.values.data.map((value, i) => (picture.known[i] ? value : Number.NaN)),
    )
    const { values } = await outcome(completion.complete({ ...picture, values: spoiled }, signal))
    expect(values).toEqual((await outcome(completion.complete(picture, signal))).values)
  })

  it('says that noise is not regular, and that a front is', async () => {
    const noise = gappy(40, 40, 40, 0.7, 5)
    expect((await outcome(completion.complete(noise, signal))).warning).toMatch(/not regular enough/)
    expect((await outcome(completion.complete(picture, signal))).warning).toBeNull()
  })

  it('refuses a hole across the whole, and parts that do not fit', async () => {
    const known = picture.known.slice().fill(0, 5 * 40, 8 * 40)
    const across = outcome(completion.complete({ ...picture, known }, signal))
    await expect(across).rejects.toBeInstanceOf(Refusal)
    await expect(across).rejects.toThrow(/rows 5 to 7/)
    await expect(outcome(completion.complete({ ...picture, known: new Uint8Array(3) }, signal))).rejects.toBeInstanceOf(RangeError)
    await expect(outcome(completion.complete({ ...picture, channels: 3 }, signal))).rejects.toBeInstanceOf(RangeError)
    // Where nothing can be hidden on trial, the settings themselves have to fit.
    const diagonal = Uint8Array.from({ length: 100 }, (_, i) => Number(i % 11 === 0))
    const small = method.make(method.params.parse({ columns: 10 }), {})
    const few = { values: matrix(10, 10, new Float64Array(100).fill(0.5)), known: diagonal }
    await expect(outcome(small.complete(few, signal))).rejects.toThrow(/10 columns for 10 × 10/)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const { step } of completion.complete(picture, controller.signal)) if (step === 2) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
