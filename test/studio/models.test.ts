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
