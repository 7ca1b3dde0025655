import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type OpenedProject, openProject } from '../../main/store/open-project.ts'
import type { ProjectStore } from '../../main/store/project-file.ts'
import { FaultError } from '../../preload/contract/fault.ts'
import type { RevisionId } from '../../preload/contract/ids.ts'
import { decodeTileIndex } from '../../preload/contract/tile-index.ts'
import { temporaryFolder } from '../kit/project.ts'
import { commit, documentOf, emptyProject, faultOf, layerWith, noisyPixels } from './projects.ts'

/** A closed project of five revisions, on two branches, the photograph of the first in all of them. */
function painted(folder: string): string {
  const store = emptyProject(folder)
  const photo = layerWith('photo', noisyPixels(store, 1))
  const first = commit(store, documentOf([photo]), 'Open photo')
  commit(store, documentOf([photo, layerWith('paint', noisyPixels(store, 2))]), 'Brush')
  store.revisions.moveHead(first)
  commit(store, documentOf([photo, layerWith('other', noisyPixels(store, 3))]), 'Brush')
  commit(store, documentOf([photo, layerWith('other', noisyPixels(store, 4))]), 'Brush')
  store.revisions.nameVersion(3 as RevisionId, 'For the client')
  store[Symbol.dispose]()
  return store.path
}

/** Everything a project shows: rows, documents, tiles. */
function contents({ revisions, blobs }: ProjectStore): unknown {
  const tiles = new Set<string>()
  const documents = revisions.list().map(({ id }) => {
    const document = revisions.document(id)
    for (const { pixels } of document.layers)
      if (pixels) for (const tile of decodeTileIndex(blobs.get(pixels.index)).tiles.values()) if (blobs.get(tile)) tiles.add(tile)
    return document
  })
  const rows = revisions.list().map(({ id, parent, branch, label }) => ({ id, parent, branch, label }))
  return { rows, documents, head: revisions.head(), tiles: [...tiles].sort() }
}

async function opened<T>(path: string, folder: string, look: (project: OpenedProject) => T): Promise<T> {
  const rescue = join(folder, 'rescue')
  for (const end of ['', '-wal', '-shm', '-lock']) rmSync(rescue + end, { force: true })
  const project = await openProject(path, rescue)
  try {
    return look(project)
  } finally {
    project.store[Symbol.dispose]()
  }
}

describe('a damaged tile', () => {
  test('costs its square and nothing else; the file is left alone, and what is saved opens soundly', async () => {
    using folder = temporaryFolder()
    const path = painted(folder.path)
    const whole = readFileSync(path)
    const tile = await opened(path, folder.path, ({ store }) => {
      const index = decodeTileIndex(store.blobs.get(store.revisions.document(2 as RevisionId).layers[0].pixels!.index))
      return store.blobs.stored(index.tiles.get('1,1')!)!.zstd
    })
    const damaged = Buffer.from(whole)
    const at = whole.indexOf(Buffer.from(tile.subarray(8000, 8016)))
    damaged[at] = 255 - damaged[at]!
    writeFileSync(path, damaged)
    await opened(path, folder.path, ({ store, readOnly, notes }) => {
      expect(readOnly).toBe(true)
      expect(notes).toEqual([
        '"a.palimpsest" is damaged. It was left as it is, and 5 revisions could be read from it.',
        '1 piece of 256 × 256 pixels could not be read and is left empty, in "Layer photo".',
        'Save the project elsewhere to go on with it.',
      ])
      const { layers } = store.revisions.document(5 as RevisionId)
      expect([...decodeTileIndex(store.blobs.get(layers[0].pixels!.index)).tiles.keys()]).toEqual(['0,0', '1,0', '0,1'])
      expect(store.revisions.list().map(({ parent, version }) => [parent, version])).toEqual([
        [null, null],
        [1, null],
        [2, 'For the client'],
        [2, null],
        [4, null],
      ])
      contents(store)
    })
    expect(readFileSync(path).equals(damaged)).toBe(true)
    const again = await openProject(join(folder.path, 'rescue'), join(folder.path, 'rescue2'))
    expect(again).toMatchObject({ readOnly: false, notes: [] })
    again.store[Symbol.dispose]()
  })
})

test('bytes changed anywhere are told or do not matter; they never show as something else', { timeout: 300_000 }, async () => {
  using folder = temporaryFolder()
  const path = painted(folder.path)
  const whole = readFileSync(path)
  const sound = await opened(path, folder.path, ({ store }) => contents(store))
  const seen = { sound: 0, saved: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const damaged = Buffer.from(whole)
        for (const [at, change] of changes) damaged[at] = damaged[at]! ^ change
        writeFileSync(path, damaged)
        try {
          await opened(path, folder.path, ({ store, readOnly, notes }) => {
            if (readOnly) {
              expect(notes.length).toBeGreaterThan(0)
              contents(store)
              seen.saved++
            } else seeSound(store)
          })
        } catch (thrown) {
          if (!(thrown instanceof FaultError)) throw thrown
          expect(['damaged', 'unsupported', 'newer']).toContain(thrown.fault.kind)
          seen.refused++
        }
      },
    ),
    { numRuns: 30 },
  )
  function seeSound(store: ProjectStore) {
    try {
      expect(contents(store)).toEqual(sound)
      seen.sound++
    } catch (thrown) {
      // An older revision may be found damaged only when it is looked at; then it says so.
      if (!(thrown instanceof FaultError)) throw thrown
      expect(thrown).toEqual(faultOf('damaged'))
      seen.saved++
    }
  }
  expect(seen.saved).toBeGreaterThan(0)
})

test('a file cut short, or with its pages overwritten, gives back what is left or is refused', { timeout: 120_000 }, async () => {
  using folder = temporaryFolder()
  const path = painted(folder.path)
  const whole = readFileSync(path)
  for (const share of [0.05, 0.3, 0.6, 0.9, 0.99]) {
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length * share)))
    await expectTold(path, folder.path)
    const overwritten = Buffer.from(whole)
    const at = Math.floor((whole.length * share) / 4096) * 4096
    overwritten.fill(0, at, Math.min(at + 8192, whole.length))
    writeFileSync(path, overwritten)
    await expectTold(path, folder.path)
  }
})

async function expectTold(path: string, folder: string) {
  try {
    await opened(path, folder, ({ store, readOnly, notes }) => {
      contents(store)
      if (readOnly) expect(notes.at(-1)).toBe('Save the project elsewhere to go on with it.')
    })
  } catch (thrown) {
    expect(thrown).toEqual(faultOf('damaged'))
  }
}
