import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId } from '../../preload/contract/index.ts'
import { type TestStudio, temporaryFolder, testStudio } from '../kit/project.ts'
import { pixelAt } from '../kit/tiny-engine.ts'
import { faultOf } from '../store/projects.ts'

let folder: ReturnType<typeof temporaryFolder>
let studio: TestStudio

beforeEach(async () => {
  folder = temporaryFolder()
  studio = await testStudio(join(folder.path, 'data'), { samplesFolder: folder.path })
})
afterEach(async () => {
  await studio.stop()
  folder[Symbol.dispose]()
})

const at = (name: string) => join(folder.path, name)
const owned = () => readdirSync(at('data/projects')).filter((name) => name.endsWith('.palimpsest'))
const recents = async () => (await studio.client.catalog({})).recents
const bytes = async function* (...chunks: (string | Uint8Array)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

describe('a picture', () => {
  test('becomes a project of its size, its one layer named after the file', async () => {
    writeFileSync(at('cat.jpg'), 'tiny 40 30 1 2 3')
    const state = await studio.client.open({ from: 'path', path: at('cat.jpg') })
    expect(state.file).toMatchObject({ title: 'cat', path: null, readOnly: false, notes: [] })
    expect(state.document).toMatchObject({ width: 40, height: 30, layers: [{ name: 'cat' }] })
    expect(state.revisions).toMatchObject([{ command: 'project.create', label: 'Open cat', parent: null }])
    expect(pixelAt(studio.blobs(state.file.id), state.document, 0, 39, 29)).toEqual([1, 2, 3, 255])
  })
  test('that cannot be read is told, and leaves nothing behind', async () => {
    writeFileSync(at('cat.jpg'), 'a letter')
    await expect(studio.client.open({ from: 'path', path: at('cat.jpg') })).rejects.toThrow(faultOf('unsupported'))
    await expect(studio.client.open({ from: 'path', path: at('none.jpg') })).rejects.toThrow(faultOf('missing'))
    expect(readdirSync(at('data/projects'))).toEqual([])
    expect(await recents()).toEqual([])
  })
  test('that says how it was made has that on its layer, opened or placed', async () => {
    writeFileSync(at('made.png'), 'tiny 8 8 1 2 3 a red apple')
    const recipe = { method: 'generate', params: { prompt: 'a red apple' }, seed: 7, input: null, model: null, models: [] }
    const { file, document } = await studio.client.open({ from: 'path', path: at('made.png') })
    expect(document.layers[0].recipe).toMatchObject(recipe)
    const { blob } = await studio.handle.upload(bytes('tiny 8 8 1 2 3 a red apple'), { project: file.id, limit: 100 })
    const { revision } = await studio.run(file.id, { type: 'picture.place', blob: blob!, name: 'apple.png' })
    const state = await studio.state(file.id)
    expect(state.document.layers[1].recipe).toMatchObject(recipe)
    expect(state.revisions.at(-1)?.rerunnable).toBe(false)
    await expect(studio.run(file.id, { type: 'revision.rerun', revision: revision! })).rejects.toThrow(faultOf('invalid'))
  })

  test('from the samples opens by its id', async () => {
    writeFileSync(at('still-life.png'), 'tiny 8 8 1 2 3')
    writeFileSync(at('samples.json'), JSON.stringify([{ id: 'still', title: 'Still life', summary: 'Fruit.', file: 'still-life.png' }]))
    expect((await studio.client.catalog({})).samples).toEqual([{ id: 'still', title: 'Still life', summary: 'Fruit.' }])
    expect((await studio.client.open({ from: 'sample', sample: 'still' })).file.title).toBe('Still life')
    await expect(studio.client.open({ from: 'sample', sample: '../../etc' })).rejects.toThrow(faultOf('missing'))
  })
  test('that was dropped is opened from its bytes, once', async () => {
    const { upload, blob } = await studio.handle.upload(bytes('tiny 8 ', '9 1 2 3'), { project: null, limit: 100 })
    expect(blob).toBeNull()
    const { file, document } = await studio.client.open({ from: 'upload', upload, name: 'dog.png' })
    expect([file.title, document.width, document.height]).toEqual(['dog', 8, 9])
    await expect(studio.client.open({ from: 'upload', upload, name: 'dog.png' })).rejects.toThrow(faultOf('missing'))
    await expect(studio.client.open({ from: 'upload', upload: '../recents.json', name: 'x' })).rejects.toThrow(faultOf('missing'))
    expect(readdirSync(at('data/uploads'))).toEqual([])
  })
  test('placed into a project lies centred on a layer of its own', async () => {
    const { file } = await studio.size(100, 100)
    const { blob } = await studio.handle.upload(bytes('tiny 10 20 7 8 9'), { project: file.id, limit: 100 })
    await studio.run(file.id, { type: 'picture.place', blob: blob!, name: 'dog.png' })
    const { document, revisions } = await studio.state(file.id)
    expect(document.layers[1]).toMatchObject({ name: 'dog.png', pixels: { x: 45, y: 40 } })
    expect(revisions[1].label).toBe('Place dog.png')
  })
})

test('an upload beyond the limit is refused, and nothing of it stays', async () => {
  const upload = studio.handle.upload(bytes('12345', '67890'), { project: null, limit: 9 })
  await expect(upload).rejects.toThrow(faultOf('refused'))
  expect(readdirSync(at('data/uploads'))).toEqual([])
  const elsewhere = studio.handle.upload(bytes('1'), { project: crypto.randomUUID() as ProjectId, limit: 9 })
  await expect(elsewhere).rejects.toThrow(faultOf('missing'))
})

describe('a project', () => {
  test('that is open is joined', async () => {
    const { file } = await studio.size(10, 10)
    await studio.run(file.id, { type: 'project.save', path: at('mine') })
    await studio.run(file.id, { type: 'layer.add' })
    const joined = await studio.client.open({ from: 'path', path: at('mine.palimpsest') })
    expect(joined.file.id).toBe(file.id)
    expect(joined.head.revision).toBe(2)
    expect((await studio.client.open({ from: 'recent', project: file.id })).file.path).toBe(at('mine.palimpsest'))
  })

  test('open in another studio is refused there', async () => {
    const { file } = await studio.size(10, 10)
    await studio.run(file.id, { type: 'project.save', path: at('mine') })
    await using other = await testStudio(at('other'))
    await expect(other.client.open({ from: 'path', path: at('mine.palimpsest') })).rejects.toThrow(faultOf('refused'))
    await studio.client.close({ project: file.id })
    expect((await other.client.open({ from: 'path', path: at('mine.palimpsest') })).file.title).toBe('mine')
  })

  test('saved lives in the new file; the unsaved one is gone, and saving again changes nothing', async () => {
    const { file } = await studio.size(10, 10)
    expect(owned()).toEqual([`${file.id}.palimpsest`])
    await studio.run(file.id, { type: 'project.save', path: at('mine.palimpsest') })
    await studio.run(file.id, { type: 'project.save', path: at('mine.palimpsest') })
    expect(owned()).toEqual([])
    await studio.run(file.id, { type: 'layer.add' })
    expect((await studio.state(file.id)).file).toMatchObject({ path: at('mine.palimpsest'), title: 'mine' })
    await expect(studio.run(file.id, { type: 'project.save', path: at('none/mine') })).rejects.toThrow(faultOf('missing'))
    writeFileSync(at('taken.palimpsest'), 'a letter')
    await expect(studio.run(file.id, { type: 'project.save', path: at('taken') })).rejects.toThrow(faultOf('refused'))
    expect(readFileSync(at('taken.palimpsest'), 'utf8')).toBe('a letter')
    await studio.stop()
    studio = await testStudio(at('data'))
    expect((await studio.client.open({ from: 'recent', project: file.id })).revisions).toHaveLength(2)
    expect(readdirSync(folder.path).filter((name) => name.startsWith('mine'))).toContain('mine.palimpsest')
  })

  test('saved elsewhere while a restoration runs keeps its result', async () => {
    const { file, document } = await studio.size(64, 64, [1, 1, 1])
    const command = {
      type: 'layer.restore',
      layer: document.layers[0].id,
      method: 'invert',
      params: { steps: 20, pause: 10 },
      seed: 0,
    } as const
    const restoring = studio.run(file.id, command)
    while ((await studio.state(file.id)).jobs[0]?.progress?.label !== 'Inverting') await new Promise((resolve) => setTimeout(resolve, 5))
    await studio.run(file.id, { type: 'project.save', path: at('mine') })
    expect(owned()).toHaveLength(1)
    await restoring
    expect(owned()).toEqual([])
    const state = await studio.state(file.id)
    expect(pixelAt(studio.blobs(file.id), state.document, 2, 5, 5)).toEqual([254, 254, 254, 255])
    await studio.client.close({ project: file.id })
    expect(await studio.client.open({ from: 'path', path: at('mine.palimpsest') })).toMatchObject({ file: { readOnly: false, notes: [] } })
  })

  test('that is a copy of an open one is a project of its own', async () => {
    const { file } = await studio.size(10, 10)
    await studio.run(file.id, { type: 'project.save', path: at('mine') })
    await studio.client.close({ project: file.id })
    copyFileSync(at('mine.palimpsest'), at('copy.palimpsest'))
    await studio.client.open({ from: 'path', path: at('mine.palimpsest') })
    const copy = await studio.client.open({ from: 'path', path: at('copy.palimpsest') })
    expect(copy.file.id).not.toBe(file.id)
    expect((await recents()).map(({ path }) => path)).toEqual([at('copy.palimpsest'), at('mine.palimpsest')])
  })

  test('that was dropped becomes an unsaved project of its own', async () => {
    const { file } = await studio.size(10, 10)
    await studio.run(file.id, { type: 'project.save', path: at('mine') })
    await studio.client.close({ project: file.id })
    const { upload } = await studio.handle.upload(bytes(readFileSync(at('mine.palimpsest'))), { project: null, limit: 1e6 })
    const dropped = await studio.client.open({ from: 'upload', upload, name: 'other.palimpsest' })
    expect(dropped.file).toMatchObject({ title: 'other', path: null })
    expect(dropped.file.id).not.toBe(file.id)
  })

  test('that is damaged opens to be looked at, refuses changes, and goes on when it is saved elsewhere', async () => {
    const { file, document } = await studio.size(300, 300, [1, 2, 3])
    await studio.run(file.id, { type: 'project.save', path: at('mine') })
    await studio.run(file.id, { type: 'layer.add' })
    await studio.client.close({ project: file.id })
    const damaged = readFileSync(at('mine.palimpsest'))
    const seal = damaged.indexOf('Add layer')
    damaged[seal] = 0x42
    writeFileSync(at('mine.palimpsest'), damaged)
    const state = await studio.client.open({ from: 'path', path: at('mine.palimpsest') })
    expect(state.file).toMatchObject({ readOnly: true, path: at('mine.palimpsest') })
    expect(state.file.notes).toContain('Revision 2 could not be read.')
    expect(state.document).toEqual(document)
    await expect(studio.run(file.id, { type: 'layer.add' })).rejects.toThrow(faultOf('refused'))
    await studio.client.close({ project: file.id })
    expect(owned()).toEqual([])
    await studio.client.open({ from: 'path', path: at('mine.palimpsest') })
    await studio.run(file.id, { type: 'project.save', path: at('saved') })
    await studio.run(file.id, { type: 'layer.add' })
    expect((await studio.state(file.id)).file).toMatchObject({ readOnly: false, path: at('saved.palimpsest'), notes: [] })
    expect(readFileSync(at('mine.palimpsest')).equals(damaged)).toBe(true)
    expect(owned()).toEqual([])
  })
})

test('a project on a disk that may only be read opens as a copy', async ({ skip }) => {
  const disk = at('disk')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status !== 0) return skip('mounting a disk is not permitted here')
  using _disk = { [Symbol.dispose]: () => void spawnSync('umount', [disk]) }
  const { file } = await studio.size(10, 10)
  await studio.run(file.id, { type: 'project.save', path: join(disk, 'mine') })
  await studio.client.close({ project: file.id })
  spawnSync('mount', ['-o', 'remount,ro', disk])
  const path = join(disk, 'mine.palimpsest')
  const opened = await studio.client.open({ from: 'path', path })
  expect(opened.file).toMatchObject({
    readOnly: true,
    path,
    notes: ['"mine.palimpsest" may only be read here. Save it elsewhere to go on.'],
  })
  await studio.run(opened.file.id, { type: 'project.save', path: at('elsewhere') })
  await studio.run(opened.file.id, { type: 'layer.add' })
  await expect(studio.run(opened.file.id, { type: 'project.save', path: join(disk, 'again') })).rejects.toThrow(faultOf('refused'))
})

describe('recent projects', () => {
  test('are listed newest first, as long as they are there', async () => {
    const first = await studio.client.open({ from: 'size', title: 'First', width: 5, height: 5, background: null })
    await studio.client.open({ from: 'size', title: 'Second', width: 5, height: 5, background: null })
    expect((await recents()).map(({ title }) => title)).toEqual(['Second', 'First'])
    await studio.run(first.file.id, { type: 'project.save', path: at('saved') })
    expect(await recents()).toMatchObject([
      { title: 'saved', path: at('saved.palimpsest') },
      { title: 'Second', path: null },
    ])
  })
  test('are found even when the list is lost', async () => {
    const { file } = await studio.client.open({ from: 'size', title: 'Precious', width: 5, height: 5, background: null })
    await studio.stop()
    writeFileSync(at('data/recents.json'), '{ broken')
    studio = await testStudio(at('data'))
    expect(await recents()).toMatchObject([{ id: file.id, title: 'Precious', path: null }])
    expect((await studio.client.open({ from: 'recent', project: file.id })).file.title).toBe('Precious')
  })
  test('that are gone are told', async () => {
    await expect(studio.client.open({ from: 'recent', project: crypto.randomUUID() as ProjectId })).rejects.toThrow(faultOf('missing'))
    expect(existsSync(at('data/recents.json'))).toBe(false)
  })
})

test('names that no file can have are told, and long ones are cut', async () => {
  const { file } = await studio.size(10, 10)
  await expect(studio.run(file.id, { type: 'project.save', path: at('a\0b') })).rejects.toThrow(faultOf('invalid'))
  await expect(studio.run(file.id, { type: 'project.save', path: at('a'.repeat(300)) })).rejects.toThrow(faultOf('invalid'))
  await expect(studio.client.open({ from: 'path', path: at('a\0b') })).rejects.toThrow(faultOf('missing'))
  await expect(studio.client.open({ from: 'path', path: folder.path })).rejects.toThrow(faultOf('invalid'))
  writeFileSync(at(`${'b'.repeat(230)}.png`), 'tiny 4 4 1 2 3')
  const long = await studio.client.open({ from: 'path', path: at(`${'b'.repeat(230)}.png`) })
  expect(long.document.layers[0].name).toBe('b'.repeat(200))
})

test('of commands that meet a close, those acknowledged are in the file and the others are told', async () => {
  const { file } = await studio.size(10, 10)
  const add = () =>
    studio.run(file.id, { type: 'layer.add' }).then(
      ({ revision }) => revision,
      (thrown) => thrown.fault.kind,
    )
  const before = [add(), add()]
  const closing = studio.client.close({ project: file.id })
  const during = [add(), add()]
  await closing
  const answers = [...(await Promise.all([...before, ...during])), await add()]
  const { revisions } = await studio.client.open({ from: 'recent', project: file.id })
  const acknowledged = answers.filter((answer) => typeof answer === 'number')
  expect(acknowledged.slice(0, 2)).toEqual([2, 3])
  expect(revisions.map(({ id }) => id)).toEqual([1, ...acknowledged])
  expect(answers.filter((answer) => typeof answer !== 'number').every((kind) => kind === 'missing')).toBe(true)
  expect(answers.at(-1)).toBe('missing')
})
