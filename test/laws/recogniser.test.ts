import { describe, expect, it } from 'vitest'
import { Refusal } from '../../main/algorithms/define.ts'
import { recognisers } from '../../main/algorithms/index.ts'
import type { Lesson } from '../../main/algorithms/recogniser.ts'
import { outcome } from '../../main/math/integrate.ts'
import { signal } from '../kit/generate.ts'
import { drawn, lessonOf } from '../kit/strokes.ts'

const lesson = lessonOf(2, 4, 3)

describe.each(recognisers.map((method) => [method.id, method] as const))('the recogniser %s', (_, method) => {
  const make = (settings = {}) => method.make(method.params.parse({ width: 16, last: 8, steps: 60, batch: 8, ...settings }), {})

  it('tells apart what it was shown, and knows what it does not know', async () => {
    const recogniser = make()
    const knowledge = await outcome(recogniser.learn(lesson, signal))
    for (const label of [0, 1]) {
      const p = recogniser.probabilities(knowledge, drawn(label, 800 + label))
      expect(p[0] + p[1]).toBeCloseTo(1, 12)
      expect(recogniser.recognise(knowledge, drawn(label, 800 + label))).toBe(label)
    }
    expect(make({ sure: 1 }).recognise(knowledge, drawn(0, 900))).toBeNull()
  })

  it('learns, and the same again from its start', async () => {
    const losses: number[] = []
    let first: unknown
    for await (const { loss, knowledge } of make().learn(lesson, signal)) {
      first ??= knowledge
      losses.push(loss)
    }
    expect((await make().learn(lesson, signal).next()).value).toMatchObject({ knowledge: first })
    expect(losses).toHaveLength(60)
    expect(losses[59]).toBeLessThan(0.5 * losses[0])
  })

  it('refuses a class that was shown too rarely, and what does not fit', async () => {
    const first = (one: Lesson) => make().learn(one, signal).next()
    await expect(first({ ...lesson, shown: lesson.shown.slice(0, 5) })).rejects.toThrow(Refusal)
    await expect(first({ ...lesson, classes: 1 })).rejects.toThrow(RangeError)
    const torn = lesson.shown.map((one) => ({ ...one, features: one.features.map(() => Number.NaN) }))
    await expect(first({ ...lesson, shown: torn })).rejects.toThrow(RangeError)
  })

  it('stops when it is told', async () => {
    const stop = new AbortController()
    const run = make().learn(lesson, stop.signal)
    await run.next()
    stop.abort(new Error('enough'))
    await expect(run.next()).rejects.toThrow('enough')
  })

  it('lets a cancel in while it works', async () => {
    const stop = new AbortController()
    setImmediate(() => stop.abort(new Error('enough')))
    await expect(outcome(make({ steps: 10_000 }).learn(lesson, stop.signal))).rejects.toThrow('enough')
  })
})
