import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Models } from '../../main/engine/models/models.ts'
import { memoryBudget, Sessions } from '../../main/engine/sessions/sessions.ts'
import { tensor } from '../../main/math/tensor.ts'
import type { EngineState } from '../../preload/contract/catalog.ts'
import { FaultError } from '../../preload/contract/fault.ts'
import { boxModel, scaleModel } from '../kit/models.ts'
import { writeTinyModels } from './workshop.ts'

process.env.PALIMPSEST_PROVIDER = 'cpu'
const folder = mkdtempSync(join(tmpdir(), 'palimpsest-models-'))
const entry = pathToFileURL(join(import.meta.dirname, '../../main/engine/index.ts'))
const { signal } = new AbortController()
beforeAll(() => writeTinyModels(folder))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function open(budget: number) {
  let memory: EngineState['memory'] = { used: 0, budget: 0 }
  const tell = (change: Partial<EngineState>) => {
    memory = change.memory ?? memory
  }
  const sessions = new Sessions({ entry, models: new Models(folder), budget, tell })
  return { sessions, used: () => memory.used, [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose]() }
}
const picture = tensor([1, 3, 8, 8], new Float32Array(192).fill(0.5))
const BOX = 2 * boxModel().length
const SCALE = 2 * scaleModel(-0.1).length

test('two models that fit stay loaded; where only one fits, the idle one makes way and comes back when it is wanted', async () => {
  await using roomy = open(BOX + SCALE)
  for (const role of ['posterior-mean', 'rectified-flow']) (await roomy.sessions.lease(role, signal))[Symbol.dispose]()
  expect(roomy.used()).toBe(BOX + SCALE)

  await using tight = open(Math.max(BOX, SCALE))
  for (const [role, bytes] of [
    ['posterior-mean', BOX],
    ['rectified-flow', SCALE],
    ['posterior-mean', BOX],
  ] as const) {
    using network = await tight.sessions.lease(role, signal)
    const time = tensor([1])
    const outputs = await network.run(role === 'posterior-mean' ? { y: picture } : { z: picture, t: time }, signal)
    const [value] = Object.values(outputs)
    expect(value?.data[27]).toBeCloseTo(role === 'posterior-mean' ? 0.5 : -0.05, 6)
    expect(tight.used()).toBe(bytes)
  }
})

test('a caller keeps its tensors, and a wrong input is a fault in words', async () => {
  await using shop = open(2 ** 30)
  using network = await shop.sessions.lease('posterior-mean', signal)
  await network.run({ y: picture }, signal)
  expect(picture.data).toHaveLength(192)
  await expect(network.run({ y: tensor([1, 5, 8, 8]) }, signal)).rejects.toMatchObject({ fault: { kind: 'engine' } })
  await expect(network.run({ wrong: picture }, signal)).rejects.toBeInstanceOf(FaultError)
})

test('an abort stops the waiting at once; the session is as good as before', async () => {
  await using shop = open(2 ** 30)
  using network = await shop.sessions.lease('posterior-mean', signal)
  const controller = new AbortController()
  const running = network.run({ y: tensor([1, 3, 512, 512]) }, controller.signal)
  controller.abort()
  await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  await expect(network.run({ y: picture }, controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
  expect((await network.run({ y: picture }, signal)).x?.shape).toEqual([1, 3, 8, 8])
})

test('a role that nobody plays is told', async () => {
  await using shop = open(2 ** 30)
  await expect(shop.sessions.lease('juggler', signal)).rejects.toMatchObject({ fault: { kind: 'missing' } })
})

test('the budget is what was asked for, or half of the memory there is', () => {
  expect(memoryBudget('12345')).toBe(12_345)
  for (const nonsense of [undefined, '', '-1', 'much']) expect(memoryBudget(nonsense)).toBeGreaterThan(2 ** 20)
})
