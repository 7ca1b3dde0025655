import { createHash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { fault } from '../../preload/contract/fault.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { type Database, openDatabase } from './database.ts'

/** Bytes named by their SHA-256. What is put twice is stored once. */
export interface Blobs extends Disposable {
  /** Stores bytes (where they are not stored yet) and names them. @throws FaultError `full` */
  put(bytes: Uint8Array): BlobId
  /** The bytes, checked against their name. @throws FaultError `missing` or `damaged` */
  get(id: BlobId): Uint8Array
  has(id: BlobId): boolean
  /** As they are stored: compressed, unchecked. `bytes` is their length before compression. */
  stored(id: BlobId): { readonly zstd: Uint8Array; readonly bytes: number } | null
}

/** Blobs of the project file at `path`, through a connection of their own that waits for, and never blocks, the studio's. @throws FaultError */
export function openBlobs(path: string): Blobs {
  const database = openDatabase(path, { durable: false })
  const blobs = blobsOf(database)
  return { ...blobs, [Symbol.dispose]: () => database[Symbol.dispose]() }
}

/** Blobs through a connection somebody else owns. */
export function blobsOf(database: Database): Blobs {
  const stored = (id: BlobId) =>
    database.get<{ zstd: Uint8Array; bytes: number }>('SELECT zstd, bytes FROM blobs WHERE id = ?', blobKey(id)) ?? null
  const has = (id: BlobId) => database.get('SELECT 1 FROM blobs WHERE id = ?', blobKey(id)) !== undefined
  return {
    put(bytes) {
      const id = blobIdOf(bytes)
      if (!has(id))
        database.run('INSERT OR IGNORE INTO blobs (id, bytes, zstd) VALUES (?, ?, ?)', blobKey(id), bytes.byteLength, compressBlob(bytes))
      return id
    },
    get(id) {
      const row = stored(id)
      if (!row)
        throw fault('missing', 'A part of the picture is not there.', `The project holds no blob ${id}.`, 'Go back to an earlier revision.')
      const bytes = soundBytes(id, row)
      if (!bytes)
        throw fault(
          'damaged',
          'A part of the picture is damaged.',
          `Blob ${id} does not hold what its name says.`,
          'Go back to an earlier revision in the history.',
        )
      return bytes
    },
    has,
    stored,
    [Symbol.dispose]: () => {},
  }
}

/** The name of bytes. */
export const blobIdOf = (bytes: Uint8Array): BlobId => createHash('sha256').update(bytes).digest('hex') as BlobId

/** The name of a blob as its column holds it. */
export const blobKey = (id: BlobId): Uint8Array => Buffer.from(id, 'hex')
export const blobOfKey = (key: Uint8Array): BlobId => Buffer.from(key).toString('hex') as BlobId

/** The fastest level: tiles are written while the artist paints, and pixels gain little from higher ones. */
export const compressBlob = (bytes: Uint8Array): Uint8Array =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })

/** Decompressed and checked; null where the bytes are not what the name says. */
export function soundBytes(id: BlobId, row: { readonly zstd: Uint8Array; readonly bytes: number }): Uint8Array | null {
  try {
    const bytes = zstdDecompressSync(row.zstd, { maxOutputLength: Math.max(1, row.bytes) })
    return bytes.byteLength === row.bytes && blobIdOf(bytes) === id ? bytes : null
  } catch {
    return null
  }
}
