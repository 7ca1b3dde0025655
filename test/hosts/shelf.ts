import { createHash } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import type { StudioHandle } from '../../main/studio/handle.ts'
import type { Service } from '../../preload/contract/call.ts'
import { fault } from '../../preload/contract/fault.ts'
import type { BlobId, ProjectId } from '../../preload/contract/ids.ts'
import type { Studio } from '../../preload/contract/studio.ts'

export const PROJECT = '0b6f3c1e-8a54-4d0e-9b7a-3f2c5d6e7a81' as ProjectId

/** The smallest studio a host can stand in front of: one open project on a shelf in memory, and a catalogue. */
export function shelf(): StudioHandle & { readonly open: Set<ProjectId>; put(bytes: Uint8Array): BlobId; readonly uploads: number[] } {
  const blobs = new Map<string, Uint8Array>()
  const open = new Set([PROJECT])
  const uploads: number[] = []
  const put = (bytes: Uint8Array) => {
    const id = createHash('sha256').update(bytes).digest('hex') as BlobId
    blobs.set(id, bytes)
    return id
  }
  const nothing = () => Promise.reject(fault('unsupported', 'Not on this shelf.', 'It holds blobs alone.', 'Use a studio.'))
  const service: Service<Studio> = {
    catalog: async () => ({
      version: '0',
      methods: [],
      models: [],
      formats: ['png'],
      recents: [],
      samples: [],
      engine: { status: 'ready', provider: null, why: '', memory: { used: 0, budget: 0 } },
      host: 'web',
    }),
    open: nothing,
    close: nothing,
    revision: nothing,
    async *run() {
      yield* []
      return await nothing()
    },
    async *models() {
      yield* []
      return await nothing()
    },
    async *watch(_input, signal) {
      yield { type: 'project.closed' }
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      return {}
    },
  }
  return {
    service,
    open,
    uploads,
    put,
    blob(project, id) {
      const bytes = open.has(project) ? blobs.get(id) : undefined
      return bytes ? { zstd: zstdCompressSync(bytes), bytes: bytes.length } : null
    },
    async upload(source, { project, limit }) {
      const parts: Uint8Array[] = []
      let size = 0
      for await (const part of source) {
        size += part.length
        if (size > limit) throw fault('refused', 'Too large.', 'It is over the limit.', 'Choose another.')
        parts.push(part)
      }
      if (project && !open.has(project)) throw fault('missing', 'No such project.', 'It is not open.', 'Open it.')
      uploads.push(size)
      return { upload: 'first', blob: project ? put(Buffer.concat(parts)) : null }
    },
    async [Symbol.asyncDispose]() {},
  }
}
