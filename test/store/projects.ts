import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'vitest'
import { blobsOf } from '../../main/store/blobs.ts'
import { lockProject } from '../../main/store/lock.ts'
import { createProject, type ProjectStore } from '../../main/store/project-file.ts'
import type { Document, FaultKind, Layer, LayerId, Pixels, ProjectId } from '../../preload/contract/index.ts'
import { encodeTileIndex, tileKey } from '../../preload/contract/tile-index.ts'

/** A project file `a.palimpsest` in a folder, with an empty picture as its first revision. */
export function emptyProject(folder: string, locked = false): ProjectStore {
  const path = join(folder, 'a.palimpsest')
  const store = createProject(path, { id: randomUUID() as ProjectId, title: 'A' }, locked ? lockProject(path) : null)
  commit(store, documentOf([]), 'New picture')
  return store
}

export const documentOf = (layers: Layer[]): Document => ({ width: 512, height: 512, layers, profile: null, exif: null })

export function layerWith(id: string, pixels: Pixels | null): Layer {
  const name = `Layer ${id}`
  return {
    id: id as LayerId,
    kind: 'raster',
    name,
    visible: true,
    locked: false,
    opacity: 1,
    blend: 'normal',
    pixels,
    mask: null,
    recipe: null,
  }
}

/** Four tiles whose first sixteenth does not compress, different for every seed. */
export function noisyPixels(store: ProjectStore, seed: number): Pixels {
  const blobs = blobsOf(store.database)
  const tiles = new Map(
    [0, 1, 2, 3].map((n) => {
      const bytes = new Uint8Array(256 * 256 * 4)
      let state = seed * 4 + n + 1
      for (let i = 0; i < bytes.length / 16; i++) bytes[i] = (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24
      return [tileKey(n % 2, n >> 1), blobs.put(bytes)] as const
    }),
  )
  return { index: blobs.put(encodeTileIndex({ format: 'rgba8', tiles })), x: 0, y: 0 }
}

export function commit(store: ProjectStore, document: Document, label: string) {
  return store.revisions.commit({ document, command: { type: 'layer.add' }, label, at: 1, variation: 'Variation' })
}

/** Matches what is thrown as a fault of a kind. */
export const faultOf = (kind: FaultKind) => expect.objectContaining({ fault: expect.objectContaining({ kind }) })
