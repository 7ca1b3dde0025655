import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProject } from '../../main/store/open-project.ts'
import type { ProjectStore } from '../../main/store/project-file.ts'
import { pack, type RevisionRow, sealOf } from '../../main/store/seal.ts'
import type { BlobId, Document, Mask, Pixels, Recipe, RevisionId } from '../../preload/contract/index.ts'
import { decodeTileIndex, encodeTileIndex } from '../../preload/contract/tile-index.ts'
import { temporaryFolder } from '../kit/project.ts'
import { commit, documentOf, emptyProject, layerWith, noisyPixels } from './projects.ts'

const recipe: Omit<Recipe, 'input' | 'objects'> = {
  ...{ method: 'fill', params: {}, seed: 1, models: [], provider: 'cpu', model: 'tiny', measures: {} },
}

function emptyMask(store: ProjectStore): Mask {
  const tile = store.blobs.put(new Uint8Array(256 * 256).fill(7))
  const index = store.blobs.put(encodeTileIndex({ format: 'r8', tiles: new Map([['0,0', tile]]) }))
  return { pixels: { index, x: 0, y: 0 }, rest: 0, enabled: true }
}

/** A layer made within another layer's shape, whose pixels lead to the blobs named by the recipe alone. */
function withRegion(store: ProjectStore): { input: Pixels; shape: Pixels; mask: Mask } {
  const [input, shape, mask] = [noisyPixels(store, 1), noisyPixels(store, 2), emptyMask(store)]
  const region = { from: 'pixels' as const, pixels: shape, mask }
  const made = { ...layerWith('made', noisyPixels(store, 3)), recipe: { ...recipe, input, objects: [{ region, becomes: 'a hat' }] } }
  const words = { ...layerWith('words', noisyPixels(store, 4)), recipe: { ...recipe, input: null, objects: [] } }
  commit(store, documentOf([made, words]), 'Fill')
  return { input, shape, mask }
}

test('what a recipe was given and where it worked are kept as long as it is', async () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const { input, shape, mask } = withRegion(store)
  const stray = store.blobs.put(Buffer.from('preview'))
  expect(store.collect()).toBe(1)
  expect(store.blobs.has(stray)).toBe(false)
  for (const { index } of [input, shape, mask.pixels])
    for (const id of [index, ...decodeTileIndex(store.blobs.get(index)).tiles.values()]) expect(store.blobs.has(id)).toBe(true)
})

/** The project with one byte of a blob changed, opened: what could be saved of it. */
async function saved(whole: Buffer, path: string, stored: Uint8Array): Promise<Document> {
  const damaged = Buffer.from(whole)
  // The file may still hold copies in pages that were given up.
  for (let at = whole.indexOf(stored); at >= 0; at = whole.indexOf(stored, at + 1)) damaged[at + 12] = damaged[at + 12]! ^ 255
  writeFileSync(path, damaged)
  const rescue = join(path, '..', 'rescue')
  for (const end of ['', '-wal', '-shm', '-lock']) rmSync(rescue + end, { force: true })
  const { store, readOnly } = await openProject(path, rescue)
  using _store = store
  expect(readOnly).toBe(true)
  return store.revisions.document(2 as RevisionId)
}

test('a damaged region costs the recipe that worked there, not its layer; one without a source is not touched', async () => {
  using folder = temporaryFolder()
  const store = emptyProject(folder.path)
  const { shape, input, mask } = withRegion(store)
  const zstd = (id: BlobId) => store.blobs.stored(id)!.zstd
  const indices = [shape.index, mask.pixels.index, input.index].map(zstd)
  const { path } = store
  store[Symbol.dispose]()
  const whole = readFileSync(path)
  for (const index of indices) {
    const { layers } = await saved(whole, path, index)
    expect(layers.map((layer) => [layer.pixels !== null, layer.recipe !== null])).toEqual([
      [true, false],
      [true, true],
    ])
  }
})

test('a document from before there were models to choose and regions opens', async () => {
  using folder = temporaryFolder()
  const store = emptyProject(folder.path)
  const pixels = noisyPixels(store, 1)
  const old = { method: 'pmrf', params: { steps: 2 }, seed: 3, models: [], provider: 'cpu', input: pixels, measures: {} }
  commit(store, documentOf([layerWith('a', pixels)]), 'Open photo')
  const row = store.database.get<RevisionRow>('SELECT * FROM revisions WHERE id = 2')!
  const written = { ...row, document: pack({ ...documentOf([]), layers: [{ ...layerWith('a', pixels), recipe: old }] }) }
  store.database.run('UPDATE revisions SET document = ?, seal = ? WHERE id = 2', written.document, sealOf(written))
  store[Symbol.dispose]()
  const opened = await openProject(store.path, join(folder.path, 'rescue'))
  using again = opened.store
  expect(opened).toMatchObject({ readOnly: false, notes: [] })
  expect(again.revisions.document(2 as RevisionId).layers[0].recipe).toEqual({ ...old, model: null, objects: [] })
})
