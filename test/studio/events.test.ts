import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Audience } from '../../main/studio/audience.ts'
import type { BlobId, LayerId, ProjectState, RevisionId, StudioEvent } from '../../preload/contract/index.ts'
import { temporaryFolder, testStudio } from '../kit/project.ts'
import { faultOf } from '../store/projects.ts'

const brush = { size: 1, hardness: 1, opacity: 1, color: [1, 2, 3] as [number, number, number], erase: false }

test('whoever watches is told the state first, then everything that happens', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  const { file } = await studio.size(10, 10)
  const events: StudioEvent[] = []
  const watching = (async () => {
    for await (const event of studio.client.watch({ project: file.id })) events.push(event)
  })()
  await studio.run(file.id, { type: 'layer.add', name: 'Ink' })
  await studio.run(file.id, { type: 'history.undo' })
  await studio.run(file.id, { type: 'version.name', revision: 2 as RevisionId, name: 'Inked' })
  await studio.run(file.id, { type: 'branch.name', branch: 1 as never, name: 'Trunk' })
  await studio.run(file.id, { type: 'project.save', path: join(folder.path, 'mine') })
  await studio.client.close({ project: file.id })
  await watching
  const told = events.filter(({ type }) => type !== 'engine.changed')
  expect(told.map(({ type }) => type)).toEqual([
    'project.opened',
    'head.moved',
    'head.moved',
    'revision.changed',
    'branches.changed',
    'file.changed',
    'project.closed',
  ])
  expect(told[1]).toMatchObject({ added: { label: 'Add Ink', thumbnail: null }, head: { revision: 2, canUndo: true, canRedo: false } })
  expect(told[2]).toMatchObject({ added: null, head: { revision: 1, canUndo: false, canRedo: true } })
  expect(told[3]).toMatchObject({ revision: { version: 'Inked' } })
  await expect(studio.client.watch({ project: file.id }).next()).rejects.toThrow(faultOf('missing'))
})

test('a slow listener gets the state instead of a thousand events', async () => {
  const audience = new Audience()
  let opened = 0
  const state = () => ({ type: 'project.opened', state: { ...({} as ProjectState), opened: ++opened } }) as StudioEvent
  const listening = audience.listen(state, new AbortController().signal)
  await listening.next()
  for (let i = 0; i < 1000; i++) audience.publish({ type: 'branches.changed', branches: [] })
  expect((await listening.next()).value).toMatchObject({ type: 'project.opened', state: { opened: 2 } })
  audience.publish({ type: 'branches.changed', branches: [] })
  expect((await listening.next()).value).toMatchObject({ type: 'branches.changed' })
  const job = (progress: number) => ({ type: 'job.changed', job: { id: 7, progress } }) as unknown as StudioEvent
  for (let i = 0; i < 1000; i++) audience.publish(job(i))
  expect((await listening.next()).value).toMatchObject({ job: { progress: 999 } })
  audience.close()
  expect((await listening.next()).value).toEqual({ type: 'project.closed' })
  expect((await listening.next()).done).toBe(true)
})

test('thumbnails are made when it is quiet, and told', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  const { file } = await studio.size(10, 10)
  await studio.run(file.id, { type: 'layer.add' })
  const thumbnails = new Map<number, BlobId>()
  for await (const event of studio.client.watch({ project: file.id })) {
    if (event.type === 'revision.changed' && event.revision.thumbnail) thumbnails.set(event.revision.id, event.revision.thumbnail)
    if (thumbnails.size === 2) break
  }
  expect([...thumbnails.keys()].sort()).toEqual([1, 2])
  expect(Buffer.from(studio.blobs(file.id).get(thumbnails.get(2)!)).toString()).toContain('thumbnail of')
})

test('an export names a blob to fetch; the file of the project is no place for it', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  const { file } = await studio.client.open({ from: 'size', title: 'Pear', width: 5, height: 5, background: [1, 1, 1] })
  await studio.run(file.id, { type: 'project.save', path: join(folder.path, 'Pear') })
  const exported = await studio.run(file.id, { type: 'picture.export', format: 'jpeg' })
  expect(exported.file).toMatchObject({ name: 'Pear.jpg', type: 'image/jpeg', path: null })
  expect(studio.blobs(file.id).get(exported.file!.blob!).length).toBe(exported.file?.bytes)
  const path = join(folder.path, 'Pear.palimpsest')
  await expect(studio.run(file.id, { type: 'picture.export', format: 'png', path })).rejects.toThrow(faultOf('refused'))
  const layer = 'none' as LayerId
  await expect(studio.run(file.id, { type: 'picture.export', format: 'png', layer })).rejects.toThrow(faultOf('missing'))
})

test('a change to what is so already makes no revision', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  const { file, document } = await studio.size(5, 5)
  const same = await studio.run(file.id, { type: 'layer.set', layer: document.layers[0].id, change: { opacity: 1 } })
  expect(same.revision).toBe(1)
  expect((await studio.state(file.id)).revisions).toHaveLength(1)
})

test('strokes asked for together are laid down in their order, one revision each', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  const { file, document } = await studio.size(50, 5)
  const layer = document.layers[0].id
  const strokes = Array.from({ length: 20 }, (_, x) =>
    studio.run(file.id, { type: 'stroke.paint', layer, target: 'pixels', brush, points: [[x, 0, 1]] }),
  )
  expect((await Promise.all(strokes)).map(({ revision }) => revision)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2))
})

test('closing collects what no revision leads to', async () => {
  using folder = temporaryFolder()
  await using studio = await testStudio(folder.path)
  const { file } = await studio.size(5, 5, [1, 1, 1])
  const exported = await studio.run(file.id, { type: 'picture.export', format: 'png' })
  await studio.client.close({ project: file.id })
  const { document } = await studio.client.open({ from: 'recent', project: file.id })
  expect(studio.handle.blob(file.id, exported.file!.blob!)).toBeNull()
  expect(studio.handle.blob(file.id, document.layers[0].pixels!.index)).not.toBeNull()
})

test('a full disk refuses the command it cannot keep, and nothing else is lost', async ({ skip }) => {
  using folder = temporaryFolder()
  const data = join(folder.path, 'data')
  mkdirSync(data)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', data]).status !== 0)
    return skip('mounting a small disk is not permitted here')
  using _disk = { [Symbol.dispose]: () => void spawnSync('umount', [data]) }
  await using studio = await testStudio(data)
  const { file, document } = await studio.size(300, 300)
  const layer = document.layers[0].id
  // A long stroke is mostly its points: each takes room of its own.
  const stroke = (n: number) => {
    const points = Array.from({ length: 9000 }, (_, i): [number, number, number] => [(i * 7.31 + n) % 300, (i * n * 3.77) % 300, 0.5])
    return studio.run(file.id, { type: 'stroke.paint', layer, target: 'pixels', brush, points })
  }
  let kept = 1
  const stopped = await (async () => {
    for (let n = 1; n < 100; n++) kept = (await stroke(n)).revision!
  })().catch((thrown) => thrown)
  expect(stopped).toEqual(faultOf('full'))
  expect((await studio.state(file.id)).head.revision).toBe(kept)
  await studio.client.close({ project: file.id })
  const reopened = await studio.client.open({ from: 'recent', project: file.id })
  expect(reopened.head.revision).toBe(kept)
  expect(reopened.file).toMatchObject({ readOnly: false, notes: [] })
})
