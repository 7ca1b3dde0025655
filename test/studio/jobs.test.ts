import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../main/store/database.ts'
import type { Job, JobId, LayerId, ProjectId, RevisionId } from '../../preload/contract/index.ts'
import { studio as contract } from '../../preload/contract/studio.ts'
import { connect, pair, serve, type Wire } from '../../preload/wire/index.ts'
import { outcome, type TestStudio, temporaryFolder, testStudio } from '../kit/project.ts'
import { pixelAt, startTinyEngine } from '../kit/tiny-engine.ts'
import { forkTinyEngine } from '../kit/tiny-engine-process.ts'
import { faultOf } from '../store/projects.ts'

let folder: ReturnType<typeof temporaryFolder>
let studio: TestStudio
let project: ProjectId
let layer: LayerId

beforeEach(async () => {
  folder = temporaryFolder()
  studio = await testStudio(folder.path)
  await begin()
})
afterEach(async () => {
  await studio.stop()
  folder[Symbol.dispose]()
})

async function begin() {
  const { file, document } = await studio.size(64, 64, [9, 9, 9])
  project = file.id
  layer = document.layers[0].id
}

type Params = { steps?: number; pause?: number; deaf?: boolean; die?: boolean }
const restoreCommand = (params: Params) => ({ type: 'layer.restore', layer, method: 'invert', params, seed: 3 }) as const
const restore = (params: Params, signal?: AbortSignal) => studio.client.run({ project, command: restoreCommand(params) }, signal)
const jobs = async () => (await studio.state(project)).jobs

/** Takes jobs from a run until one is running. */
async function running(work: AsyncGenerator<Job, unknown, void>): Promise<Job> {
  for (;;) {
    const next = await work.next()
    if (next.done) throw new Error('It ended before it ran.')
    if (next.value.status === 'running' && next.value.progress?.label === 'Inverting') return next.value
  }
}

describe('a restoration', () => {
  test('tells its progress and lands as layers above its source, with a recipe', async () => {
    const seen: Job[] = []
    const work = restore({ steps: 3, pause: 5 })
    let next = await work.next()
    for (; !next.done; next = await work.next()) seen.push(next.value)
    expect(seen[0]).toMatchObject({ label: 'Restoring "Background"', command: 'layer.restore' })
    expect(seen.at(-1)?.progress).toMatchObject({ step: 2, steps: 3 })
    const { document, jobs } = await studio.state(project)
    expect(jobs).toMatchObject([{ status: 'done', revision: next.value.revision, fault: null }])
    expect(document.layers[2]).toMatchObject({
      name: 'Background, realistic',
      visible: true,
      recipe: { method: 'invert', seed: 3, provider: 'cpu', input: document.layers[0].pixels, measures: { consistency: 1 } },
    })
  })

  test('works on the picture as it was when it was asked for, and lands on the one there is', async () => {
    const work = restore({ steps: 20, pause: 10 })
    await running(work)
    await studio.run(project, { type: 'layer.add', layer: 'new' as LayerId })
    await studio.run(project, { type: 'layer.remove', layer })
    await outcome(work)
    const { document } = await studio.state(project)
    expect(document.layers.map(({ name }) => name)).toEqual(['Layer 2', 'Background, faithful', 'Background, realistic'])
  })

  test('run again, gives the same bytes and says so', async () => {
    const { revision } = await outcome(restore({ steps: 2 }))
    const { notes, job } = await studio.run(project, { type: 'revision.rerun', revision: revision! })
    expect(notes).toContain('The result is the same as the first time, byte for byte.')
    const again = await studio.run(project, { type: 'revision.rerun', revision: (revision! + 1) as RevisionId })
    expect(again.notes).toContain('The result is the same as the first time, byte for byte.')
    const state = await studio.state(project)
    expect(state.revisions.slice(-2)).toMatchObject([
      { label: 'Restore again · Inverted', rerunnable: true },
      { label: 'Restore again · Inverted', rerunnable: true },
    ])
    expect(state.jobs.find(({ id }) => id === job)?.revision).toBe(3)
    await expect(studio.run(project, { type: 'revision.rerun', revision: 1 as RevisionId })).rejects.toThrow(faultOf('invalid'))
  })

  test('of nothing is refused before it becomes a job', async () => {
    await studio.run(project, { type: 'layer.add', layer: 'empty' as LayerId })
    const command = { ...restoreCommand({}), layer: 'empty' as LayerId }
    await expect(studio.run(project, command)).rejects.toThrow(faultOf('invalid'))
    expect(await jobs()).toEqual([])
  })
})

describe('cancelling', () => {
  test('by the job panel ends a running job', async () => {
    const work = restore({ steps: 1000, pause: 5 })
    const { id } = await running(work)
    await studio.run(project, { type: 'job.cancel', job: id })
    await expect(outcome(work)).rejects.toThrow(faultOf('cancelled'))
    expect(await jobs()).toMatchObject([{ status: 'cancelled', fault: null }])
    await expect(studio.run(project, { type: 'job.cancel', job: id })).rejects.toThrow(faultOf('refused'))
    await expect(studio.run(project, { type: 'job.cancel', job: 99 as JobId })).rejects.toThrow(faultOf('missing'))
    await studio.run(project, { type: 'job.dismiss', job: id })
    expect(await jobs()).toEqual([])
  })

  test('by leaving the loop ends it too', async () => {
    const work = restore({ steps: 1000, pause: 5 })
    await running(work)
    await work.return(undefined as never)
    while ((await jobs())[0].status === 'running') await pause(5)
    expect(await jobs()).toMatchObject([{ status: 'cancelled' }])
  })

  test('takes a waiting job out of the queue, and the others go on', async () => {
    const first = restore({ steps: 30, pause: 5 })
    await running(first)
    const second = restore({})
    const queued = (await second.next()).value as Job
    await studio.run(project, { type: 'job.cancel', job: queued.id })
    await expect(outcome(second)).rejects.toThrow(faultOf('cancelled'))
    await outcome(restore({}))
    expect((await jobs()).map(({ status }) => status)).toEqual(['done', 'cancelled', 'done'])
    await outcome(first)
  })

  test('does not happen because a page went away', async () => {
    const [near, far] = pair()
    serve(contract, studio.handle.service, far)
    const work = connect(contract, near).run({ project, command: restoreCommand({ steps: 10, pause: 5 }) })
    await running(work)
    near.close()
    await expect(outcome(work)).rejects.toThrow(faultOf('engine'))
    while ((await jobs())[0].status === 'running') await pause(5)
    expect(await jobs()).toMatchObject([{ status: 'done' }])
  })
})

describe('an engine in a process of its own', () => {
  beforeEach(async () => {
    await studio.stop()
    studio = await testStudio(folder.path, { startEngine: forkTinyEngine })
    await begin()
  })

  test('that does not answer a cancel is killed, and the next job runs', async () => {
    const work = restore({ steps: 1, pause: 60_000, deaf: true })
    const { id } = await running(work)
    await studio.run(project, { type: 'job.cancel', job: id })
    await expect(outcome(work)).rejects.toThrow(faultOf('cancelled'))
    await outcome(restore({}))
    expect((await jobs()).map(({ status }) => status)).toEqual(['cancelled', 'done'])
  })

  test('that dies fails the job with the reason, leaves the picture alone, and is there again', async () => {
    const before = (await studio.state(project)).document
    await expect(outcome(restore({ die: true }))).rejects.toThrow(faultOf('engine'))
    const [job] = await jobs()
    expect(job).toMatchObject({ status: 'failed', fault: { kind: 'engine', why: expect.stringContaining('SIGKILL') } })
    expect((await studio.state(project)).document).toEqual(before)
    await outcome(restore({}))
  })
})

test('a stroke whose engine dies under it is tried once more on the next engine', async () => {
  await studio.stop()
  let [engines, paints] = [0, 0]
  const startEngine = () => {
    const started = startTinyEngine()
    const isFirst = ++engines === 1
    const send: Wire['send'] = (message) => {
      const isPaint = JSON.stringify(message).includes('"paint"')
      if (isPaint) paints++
      if (isPaint && isFirst) void started.stop()
      else started.wire.send(message)
    }
    return { ...started, wire: { ...started.wire, send } }
  }
  studio = await testStudio(folder.path, { startEngine })
  await begin()
  const brush = { size: 1, hardness: 1, opacity: 1, color: [1, 2, 3] as [number, number, number], erase: false }
  await studio.run(project, { type: 'stroke.paint', layer, target: 'pixels', brush, points: [[3, 3, 1]] })
  expect([engines, paints]).toEqual([2, 2])
  const { document } = await studio.state(project)
  expect(pixelAt(studio.blobs(project), document, 0, 3, 3)).toEqual([1, 2, 3, 255])
})

test('a job that ran when the studio was killed is interrupted, and says so', async () => {
  const { job } = await outcome(restore({}))
  await studio.stop()
  const path = join(folder.path, 'projects', `${project}.palimpsest`)
  {
    // What a killed studio leaves behind.
    using database = openDatabase(path, { durable: true })
    database.run("UPDATE jobs SET status = 'running', ended_at = NULL, revision = NULL WHERE id = ?", job)
  }
  studio = await testStudio(folder.path)
  const { jobs: found } = await studio.client.open({ from: 'recent', project })
  expect(found).toMatchObject([{ status: 'interrupted', fault: { kind: 'engine', why: 'The studio was closed or stopped while it ran.' } }])
})

test('a restoration asked for before there was anything else to ask for runs', async () => {
  const { document } = await studio.state(project)
  await studio.stop()
  const path = join(folder.path, 'projects', `${project}.palimpsest`)
  {
    using database = openDatabase(path, { durable: true })
    const { pixels, mask } = document.layers[0]
    const plan = { command: restoreCommand({}), source: layer, name: 'Background', pixels, mask, width: 64, height: 64, expected: null }
    const stored = JSON.stringify({ ...plan, method: 'invert', params: {}, seed: 3 })
    const insert = "INSERT INTO jobs (label, kind, plan, status, created_at) VALUES ('Restoring', 'layer.restore', ?, 'queued', 1)"
    database.run(insert, stored)
  }
  studio = await testStudio(folder.path)
  await studio.client.open({ from: 'recent', project })
  while ((await jobs())[0].status !== 'done') await pause(5)
  const { layers } = (await studio.state(project)).document
  expect(layers.map(({ name }) => name)).toEqual(['Background', 'Background, faithful', 'Background, realistic'])
})

describe('closing the studio', () => {
  test('interrupts what ran, and what waited runs when the project is opened again', async () => {
    const work = restore({ steps: 1000, pause: 5 })
    await running(work)
    const queued = restore({ steps: 2 })
    await queued.next()
    const ended = [expect(outcome(work)).rejects.toThrow(faultOf('engine')), expect(outcome(queued)).rejects.toThrow(faultOf('cancelled'))]
    await studio.stop()
    await Promise.all(ended)
    studio = await testStudio(folder.path)
    const { jobs: found } = await studio.client.open({ from: 'recent', project })
    expect(found.map(({ status }) => status)).toEqual(['interrupted', 'queued'])
    expect(found[0].fault?.what).toBe('The job did not finish.')
    while ((await jobs())[1].status !== 'done') await pause(5)
    expect((await studio.state(project)).document.layers).toHaveLength(3)
  })
})
