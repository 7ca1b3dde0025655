import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Layer, Recipe } from '../../preload/contract/document.ts'
import type { Job } from '../../preload/contract/event.ts'
import type { JobId } from '../../preload/contract/ids.ts'
import { workOf } from '../../renderer/panels/imagine/cost.ts'
import { expectJob, forecastOf, learn, measuredCosts } from '../../renderer/panels/knobs/forecast.ts'
import { photo } from './kit/tool-events.ts'

const method = {
  id: 'from-words',
  params: z.toJSONSchema(
    z.object({
      prompt: z.string().default(''),
      steps: z.int().min(1).max(150).default(20),
      strength: z.number().min(0).max(1).default(1),
      guidance: z.number().min(1).max(20).default(7),
      solver: z.enum(['plain', 'twice']).default('plain'),
    }),
    { io: 'input' },
  ),
}
const work = (params: Record<string, unknown> = {}, objects = 0) => workOf(method, 'painter', params, objects)

describe('how much work a run is, by its schema', () => {
  test('grows with the steps, the share of the way that is gone, and the pixels', () => {
    expect(work().amount).toBe(20)
    expect(work({ steps: 10, strength: 0.5 }).amount).toBe(5)
    expect(work({ steps: 10, width: 1024, height: 512 }).amount).toBe(20)
  })

  test('is other work with other choices, with a knob turned off, and with more objects; not with other words', () => {
    const { settings } = work()
    expect(work({ prompt: 'a cat', steps: 3, guidance: 9 }).settings).toBe(settings)
    for (const other of [work({ solver: 'twice' }), work({ guidance: 1 }), work({}, 2)]) expect(other.settings).not.toBe(settings)
  })
})

describe('what a run will cost', () => {
  const job = (id: number, status: Job['status'], endedAt: number | null): Job => ({
    id: id as JobId,
    label: '',
    command: 'picture.imagine',
    status,
    progress: null,
    fault: null,
    revision: null,
    createdAt: 0,
    endedAt,
  })
  const made = (seed: number, calls?: number): Layer => ({
    ...photo,
    recipe: { method: 'from-words', seed, measures: calls === undefined ? {} : { calls } } as unknown as Recipe,
  })
  /** A run that took so many seconds after a minute in the queue. */
  const ran = (id: number, of: ReturnType<typeof work>, seconds: number, calls?: number) => {
    expectJob(id as JobId, of, id)
    const layers = [made(id, calls)]
    learn([job(id, 'queued', null)], { layers: [] }, 'cpu', 0)
    learn([job(id, 'running', null)], { layers: [] }, 'cpu', 60_000)
    learn([job(id, 'done', 60_000 + seconds * 1000)], { layers }, 'cpu', 99_000)
  }
  const forecast = (of: ReturnType<typeof work>, provider: string | null = 'cpu') => forecastOf(measuredCosts(), of, provider)

  beforeAll(() => {
    // A page has a storage; here there is none to keep anything in.
    Object.assign(globalThis, { localStorage: { getItem: () => null, setItem: () => {} } })
  })

  test('nothing is known before the first run', () => expect(forecast(work())).toBeNull())

  test('as much as it took, for each unit of work; waiting in the queue costs nothing', () => {
    ran(1, work({ steps: 10 }), 5, 31)
    expect(forecast(work({ steps: 10, prompt: 'a dog' }))).toEqual({ seconds: 5, calls: 31, isRough: false })
    expect(forecast(work({ steps: 40 }))).toEqual({ seconds: 20, calls: 124, isRough: false })
  })

  test('other settings are judged roughly, until they have run themselves', () => {
    expect(forecast(work({ steps: 10, guidance: 1 }))).toEqual({ seconds: 5, calls: 31, isRough: true })
    ran(2, work({ steps: 10, guidance: 1 }), 2)
    expect(forecast(work({ steps: 10, guidance: 1 }))).toEqual({ seconds: 2, calls: null, isRough: false })
    expect(forecast(work({ steps: 10 }))).toEqual({ seconds: 5, calls: 31, isRough: false })
  })

  test('another provider has another pace; before one is chosen any will do', () => {
    expect(forecast(work(), 'cuda')).toBeNull()
    expect(forecast(work(), null)?.seconds).toBe(10)
  })

  test('what failed teaches nothing', () => {
    const other = workOf(method, 'other', {}, 0)
    expectJob(9 as JobId, other, 9)
    learn([job(9, 'running', null)], { layers: [] }, 'cpu', 0)
    learn([job(9, 'failed', 5000)], { layers: [] }, 'cpu', 5000)
    expect(forecastOf(measuredCosts(), other, 'cpu')).toBeNull()
  })
})
