import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { blobIdOf, openBlobs } from '../../main/store/blobs.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { temporaryFolder } from '../kit/project.ts'
import { emptyProject } from './projects.ts'

test('bytes come back by their SHA-256, and are stored once', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const bytes = randomBytes(100_000)
  const id = store.blobs.put(bytes)
  expect(store.blobs.put(bytes)).toBe(id)
  expect(id).toBe(blobIdOf(bytes))
  expect(Buffer.from(store.blobs.get(id)).equals(bytes)).toBe(true)
  expect(store.blobs.has(id)).toBe(true)
  expect(store.blobs.stored(id)?.bytes).toBe(100_000)
  expect(store.database.get('SELECT count(*) AS n FROM blobs')).toEqual({ n: 1 })
})

test('no bytes at all are a blob too', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  expect(store.blobs.get(store.blobs.put(new Uint8Array()))).toHaveLength(0)
})

test('a blob that is not there is missing; one that holds something else is damaged', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const unknown = 'ab'.repeat(32) as BlobId
  expect(() => store.blobs.get(unknown)).toThrow(expect.objectContaining({ fault: expect.objectContaining({ kind: 'missing' }) }))
  expect(store.blobs.stored(unknown)).toBeNull()
  const id = store.blobs.put(Buffer.from('what it was'))
  const other = store.blobs.put(Buffer.from('what it is!'))
  store.database.run('UPDATE blobs SET zstd = ? WHERE id = ?', store.blobs.stored(other)!.zstd, Buffer.from(id, 'hex'))
  expect(() => store.blobs.get(id)).toThrow(expect.objectContaining({ fault: expect.objectContaining({ kind: 'damaged' }) }))
})

test('a connection of its own sees what the other wrote, and is not kept out by the lock', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path, true)
  using engine = openBlobs(join(folder.path, 'a.palimpsest'))
  const mine = store.blobs.put(Buffer.from('studio'))
  const theirs = engine.put(Buffer.from('engine'))
  expect(Buffer.from(engine.get(mine)).toString()).toBe('studio')
  expect(Buffer.from(store.blobs.get(theirs)).toString()).toBe('engine')
})

test('the studio commits fully to the disk, the engine in order', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  expect(store.database.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
  expect(store.database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
  using relaxed = openDatabase(join(folder.path, 'a.palimpsest'), { durable: false })
  expect(relaxed.get('PRAGMA synchronous')).toEqual({ synchronous: 1 })
})
