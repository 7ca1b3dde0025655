import { createHash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { fault } from '../../preload/contract/fault.ts'

/** A revision as its row holds it. */
export interface RevisionRow {
  readonly id: number
  readonly parent: number | null
  readonly branch: number
  readonly kind: string
  readonly label: string
  readonly at: number
  /** JSON, compressed. */
  readonly command: Uint8Array
  /** JSON, compressed. */
  readonly document: Uint8Array
}

/** SHA-256 over everything a revision's row says, so that one changed bit of it is told. */
export function sealOf(row: RevisionRow): Uint8Array {
  const head = JSON.stringify([row.id, row.parent, row.branch, row.kind, row.label, row.at, row.command.length, row.document.length])
  return createHash('sha256').update(head).update('\n').update(row.command).update(row.document).digest()
}

export const isSealed = (row: RevisionRow & { readonly seal: Uint8Array }): boolean => Buffer.from(row.seal).equals(sealOf(row))

/** Compressed JSON: a long stroke or a deep stack shrinks tenfold. */
export const pack = (value: unknown): Uint8Array => zstdCompressSync(JSON.stringify(value))

/** @throws FaultError `damaged` */
export function unpack(packed: Uint8Array): unknown {
  try {
    return JSON.parse(zstdDecompressSync(packed).toString())
  } catch (cause) {
    throw fault('damaged', 'A revision cannot be read.', 'Its row in the project file is damaged.', 'Go to another one in the history.', {
      cause,
    })
  }
}
