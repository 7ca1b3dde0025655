import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openBlobs } from '../../main/store/blobs.ts'
import { openDatabase } from '../../main/store/database.ts'
import { lockProject } from '../../main/store/lock.ts'
import { openProject } from '../../main/store/open-project.ts'
import { recognise } from '../../main/store/recognise.ts'
import { saveProjectAs } from '../../main/store/save-as.ts'
import { temporaryFolder } from '../kit/project.ts'
import { commit, documentOf, emptyProject, faultOf, layerWith, noisyPixels } from './projects.ts'

const rescue = (folder: string) => join(folder, 'rescue')

test('a project is recognised by what it holds', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'a.palimpsest')
  emptyProject(folder.path)[Symbol.dispose]()
  expect(recognise(path)).toBe('project')
  const other = join(folder.path, 'other.palimpsest')
  writeFileSync(other, '')
  expect(recognise(other)).toBe('empty')
  await expect(openProject(other, rescue(folder.path))).rejects.toThrow(faultOf('damaged'))
  writeFileSync(other, 'a letter to a friend')
  expect(recognise(other)).toBe('other')
  await expect(openProject(other, rescue(folder.path))).rejects.toThrow(faultOf('damaged'))
  await expect(openProject(join(folder.path, 'none'), rescue(folder.path))).rejects.toThrow(faultOf('missing'))
})

test("another program's database is not a project", async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'bookmarks.palimpsest')
  openDatabase(path, { create: true, durable: true }).script('CREATE TABLE bookmarks (address TEXT)')
  await expect(openProject(path, rescue(folder.path))).rejects.toThrow(faultOf('unsupported'))
})

test('a file of a later version is refused as such, and left alone', async () => {
  using folder = temporaryFolder()
  const store = emptyProject(folder.path)
  store.database.script('PRAGMA user_version = 99')
  store[Symbol.dispose]()
  await expect(openProject(store.path, rescue(folder.path))).rejects.toThrow(faultOf('newer'))
  expect(readdirSync(folder.path)).toEqual(['a.palimpsest'])
})

test('the second opener is told, and the third may once the first has closed', async () => {
  using folder = temporaryFolder()
  const store = emptyProject(folder.path, true)
  await expect(openProject(store.path, rescue(folder.path))).rejects.toThrow(faultOf('refused'))
  store[Symbol.dispose]()
  const again = await openProject(store.path, rescue(folder.path))
  expect(again).toMatchObject({ readOnly: false, notes: [] })
  again.store[Symbol.dispose]()
  expect(existsSync(`${store.path}-lock`)).toBe(false)
})

test('a lock dies with the process that held it', async ({ onTestFinished }) => {
  using folder = temporaryFolder()
  const store = emptyProject(folder.path)
  store[Symbol.dispose]()
  const lock = fileURLToPath(new URL('../../main/store/lock.ts', import.meta.url))
  const script = `const { lockProject } = await import(${JSON.stringify(lock)})
    globalThis.held = lockProject(${JSON.stringify(store.path)}); console.log('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  expect(() => lockProject(store.path)).toThrow(faultOf('refused'))
  holder.kill('SIGKILL')
  await once(holder, 'close')
  expect(existsSync(`${store.path}-lock`)).toBe(true)
  lockProject(store.path)[Symbol.dispose]()
})

test.each([
  ['in one go', Number.POSITIVE_INFINITY],
  ['bit by bit', 0],
])('"Save as" %s leaves one whole file under the new name, and the old one as it was', async (_, atOnce) => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path, true)
  const pixels = noisyPixels(store, 1)
  commit(store, documentOf([layerWith('a', pixels)]), 'Paint')
  const path = join(folder.path, 'Still life.palimpsest')
  const { signal } = new AbortController()
  const save = (to: string, overwrite = false) => saveProjectAs(store, to, { title: 'Still life', overwrite, atOnce }, signal)
  {
    using saved = await save(path)
    expect(saved.title()).toBe('Still life')
    expect(saved.id()).toBe(store.id())
    expect(saved.revisions.list()).toEqual(store.revisions.list())
    expect(saved.blobs.get(pixels.index)).toEqual(store.blobs.get(pixels.index))
    expect(recognise(join(folder.path, 'a.palimpsest'))).toBe('project')
    await expect(save(path, true)).rejects.toThrow(faultOf('refused'))
  }
  await expect(save(path)).rejects.toThrow(faultOf('refused'))
  await expect(save(join(folder.path, 'none', 'x.palimpsest'))).rejects.toThrow(faultOf('missing'))
  const over = await save(path, true)
  over[Symbol.dispose]()
  expect(readdirSync(folder.path).filter((name) => name.startsWith('Still') || name.startsWith('.'))).toEqual(['Still life.palimpsest'])
})

test('a long "Save as" keeps what was there when it began, whoever writes meanwhile; stopped, it leaves nothing', async () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  for (let seed = 1; seed <= 8; seed++) commit(store, documentOf([layerWith('a', noisyPixels(store, seed))]), `Paint ${seed}`)
  const path = join(folder.path, 'b.palimpsest')
  const before = store.revisions.list()
  using engine = openBlobs(store.path)
  const abort = new AbortController()
  const saving = saveProjectAs(store, path, { title: 'B', overwrite: false, atOnce: 0 }, abort.signal)
  const strays = [engine.put(Buffer.from('by the engine')), store.blobs.put(Buffer.from('by the studio'))]
  using saved = await saving
  expect(saved.revisions.list()).toEqual(before)
  for (const { id } of before.slice(1)) expect(saved.blobs.has(saved.revisions.document(id).layers[0].pixels!.index)).toBe(true)
  expect(strays.map(saved.blobs.has)).toEqual([false, false])
  abort.abort()
  const stopped = saveProjectAs(store, join(folder.path, 'c.palimpsest'), { title: 'C', overwrite: false, atOnce: 0 }, abort.signal)
  await expect(stopped).rejects.toThrow('aborted')
  expect(readdirSync(folder.path).filter((name) => name.includes('c.palimpsest'))).toEqual([])
})

test('jobs that were told meanwhile are told in the new file', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const [kept, gone] = [1, 2].map((at) => store.jobs.add({ label: 'Restoring', kind: 'layer.restore', plan: {}, at }))
  store.jobs.keepOnly([{ ...kept!, status: 'cancelled', endedAt: 9 }])
  expect(store.jobs.list()).toEqual([{ ...kept, status: 'cancelled', endedAt: 9 }])
  expect(store.jobs.plan(gone!.id)).toBeNull()
})
