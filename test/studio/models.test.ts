import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ModelProgress } from '../../preload/contract/models.ts'
import { outcome, temporaryFolder, testStudio } from '../kit/project.ts'
import { forkTinyEngine } from '../kit/tiny-engine-process.ts'
import { tinyModel } from '../kit/tiny-models.ts'
import { faultOf } from '../store/projects.ts'

const tune = (params: Record<string, number | boolean>) => ({ do: 'tune', model: 'tiny', what: 'steps', params }) as const

test('the models of this machine are the engine’s to tell, and progress comes through', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  expect(await outcome(studio.client.models({ do: 'list' }))).toEqual({ models: [tinyModel], found: [], notes: [] })
  const seen: ModelProgress[] = []
  const work = studio.client.models({ do: 'download', repository: 'tiny/tiny' })
  let next = await work.next()
  for (; !next.done; next = await work.next()) seen.push(next.value)
  expect(seen.map(({ done, of, unit }) => [done, of, unit])).toEqual([
    [0, 2, 'bytes'],
    [1, 2, 'bytes'],
  ])
  expect(next.value.notes).toEqual(['"tiny/tiny" is here.'])
  await expect(outcome(studio.client.models({ do: 'verify', model: 'other' }))).rejects.toThrow(faultOf('missing'))
})

test('cancelling ends what is under way', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  const abort = new AbortController()
  const work = studio.client.models(tune({ steps: 1000, pause: 5 }), abort.signal)
  await work.next()
  abort.abort()
  await expect(outcome(work)).rejects.toThrow(faultOf('cancelled'))
})

test('an engine that dies over a model says why, and the next one answers; one that is deaf is killed', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path, { startEngine: forkTinyEngine })
  await expect(outcome(studio.client.models(tune({ die: true })))).rejects.toMatchObject({
    fault: { kind: 'engine', why: expect.stringContaining('SIGKILL') },
  })
  const abort = new AbortController()
  const work = studio.client.models(tune({ steps: 1, pause: 60_000, deaf: true }), abort.signal)
  await work.next()
  abort.abort()
  await expect(outcome(work)).rejects.toThrow()
  expect((await outcome(studio.client.models({ do: 'list' }))).models).toEqual([tinyModel])
})

test('a cancelled job that takes the engine with it does not end a download beside it', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path, { startEngine: forkTinyEngine })
  const { file, document } = await studio.size(8, 8, [1, 2, 3])
  const restore = { type: 'layer.restore', layer: document.layers[0].id, method: 'invert', seed: 1 } as const
  const work = studio.client.models(tune({ steps: 200, pause: 10 }))
  await work.next()
  const abort = new AbortController()
  const job = studio.run(file.id, { ...restore, params: { steps: 1, pause: 60_000, deaf: true } }, abort.signal)
  const ended = expect(job).rejects.toThrow(faultOf('cancelled'))
  while ((await studio.state(file.id)).jobs[0]?.progress?.label !== 'Inverting') await pause(5)
  abort.abort()
  await ended
  expect((await outcome(work)).models).toEqual([tinyModel])
})

test('a job is not killed with a deaf neighbour: that ends after it', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path, { startEngine: forkTinyEngine })
  const { file, document } = await studio.size(8, 8, [1, 2, 3])
  const params = { steps: 200, pause: 10 }
  const command = { type: 'layer.restore', layer: document.layers[0].id, method: 'invert', params, seed: 1 } as const
  const job = studio.run(file.id, command)
  const abort = new AbortController()
  const work = studio.client.models(tune({ steps: 1, pause: 60_000, deaf: true }), abort.signal)
  await work.next()
  abort.abort()
  const ended = expect(outcome(work)).rejects.toThrow()
  expect((await job).notes).toEqual(['Inverted.'])
  await ended
})
