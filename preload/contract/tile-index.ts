import type { PixelFormat } from './document.ts'
import { fault } from './fault.ts'
import type { BlobId } from './ids.ts'

/**
 * A tile index names the tiles of a layer: a sparse grid whose missing tiles are transparent (`rgba8`) or the mask's rest (`r8`).
 *
 * Bytes: `PTI1`, format (u8: 0 rgba8, 1 r8), three zero bytes, count (u32 LE), then count entries of
 * column (i16 LE), row (i16 LE), SHA-256 of the tile's bytes (32 bytes), sorted by row then column,
 * so that equal pictures have equal indices and therefore equal ids.
 */
export interface TileIndex {
  readonly format: PixelFormat
  /** Key `column,row` → blob of the tile. */
  readonly tiles: ReadonlyMap<string, BlobId>
}

const HEADER = 12
const ENTRY = 36
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const FORMATS: readonly PixelFormat[] = ['rgba8', 'r8']

export const tileKey = (column: number, row: number): string => `${column},${row}`

export function parseTileKey(key: string): { column: number; row: number } {
  const [column, row] = key.split(',')
  return { column: Number(column), row: Number(row) }
}

/** Bytes of an index, canonical. */
export function encodeTileIndex(index: TileIndex): Uint8Array<ArrayBuffer> {
  const entries = [...index.tiles].map(([key, id]) => ({ ...parseTileKey(key), id }))
  entries.sort((a, b) => a.row - b.row || a.column - b.column)
  const bytes = new Uint8Array(HEADER + ENTRY * entries.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x50, 0x54, 0x49, 0x31, FORMATS.indexOf(index.format)])
  view.setUint32(8, entries.length, true)
  entries.forEach(({ column, row, id }, i) => {
    const at = HEADER + ENTRY * i
    view.setInt16(at, column, true)
    view.setInt16(at + 2, row, true)
    for (let b = 0; b < 32; b++) bytes[at + 4 + b] = Number.parseInt(id.slice(2 * b, 2 * b + 2), 16)
  })
  return bytes
}

/** @throws FaultError `damaged` when the bytes are not an index. */
export function decodeTileIndex(bytes: Uint8Array): TileIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const format = FORMATS[bytes[4] ?? 255]
  const count = bytes.length >= HEADER ? view.getUint32(8, true) : -1
  const magic = bytes.length >= HEADER && view.getUint32(0, true) === 0x31495450
  if (!magic || format === undefined || bytes.length !== HEADER + ENTRY * count)
    throw fault(
      'damaged',
      'A layer cannot be read.',
      'Its list of tiles is not in a form this studio knows.',
      'Go back to an earlier revision in the history.',
    )
  const tiles = new Map<string, BlobId>()
  for (let i = 0; i < count; i++) {
    const at = HEADER + ENTRY * i
    let id = ''
    for (let b = 0; b < 32; b++) id += HEX[bytes[at + 4 + b] as number]
    tiles.set(tileKey(view.getInt16(at, true), view.getInt16(at + 2, true)), id as BlobId)
  }
  return { format, tiles }
}
