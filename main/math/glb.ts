import { unreadable } from './splat-read.ts'

/** Node and every browser have both. */
declare class TextDecoder {
  constructor(label: 'utf-8', options: { readonly fatal: boolean })
  decode(bytes: Uint8Array | undefined): string
}
declare class TextEncoder {
  encode(text: string): Uint8Array
}

const MAGIC = 0x46546c67
const JSON_CHUNK = 0x4e4f534a
const BINARY_CHUNK = 0x004e4942

/** A part of a glTF description, as JSON gives it. */
export type Part = Readonly<Record<string, unknown>>

/** Is it an object of JSON, neither list nor null? */
export const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The entries of a list of parts; none where there is no such list. */
export const partsOf = (value: unknown): readonly Part[] => (Array.isArray(value) ? value.filter(isPart) : [])

/** The two chunks of a binary glTF 2 file: its description, and the numbers. */
export interface Glb {
  readonly description: Part
  readonly binary: Uint8Array
}

/** @throws RangeError where it is none, or is cut off. */
export function readGlb(bytes: Uint8Array): Glb {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 20 || view.getUint32(0, true) !== MAGIC) throw unreadable('It has no header of a .glb file at byte 0.')
  if (view.getUint32(4, true) !== 2) throw unreadable(`It is of version ${view.getUint32(4, true)} of glTF; 2 can be read.`)
  const end = view.getUint32(8, true)
  if (end > bytes.length) throw unreadable(`It ends at byte ${bytes.length} instead of ${end}.`)
  const chunks = new Map<number, Uint8Array>()
  for (let at = 12; at + 8 <= end; ) {
    const [size, kind] = [view.getUint32(at, true), view.getUint32(at + 4, true)]
    if (at + 8 + size > end) throw unreadable(`Its part at byte ${at} is cut off.`)
    if (!chunks.has(kind)) chunks.set(kind, bytes.subarray(at + 8, at + 8 + size))
    at += 8 + size
  }
  let description: unknown
  try {
    description = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(chunks.get(JSON_CHUNK)))
  } catch {
    throw unreadable('Its description at byte 20 is no JSON.')
  }
  if (!isPart(description)) throw unreadable('Its description at byte 20 describes nothing.')
  return { description, binary: chunks.get(BINARY_CHUNK) ?? new Uint8Array(0) }
}

/** Writes both chunks, each filled up to four bytes. */
export function writeGlb({ description, binary }: Glb): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(description))
  const [first, second] = [text.length, binary.length].map((size) => 4 * Math.ceil(size / 4))
  const bytes = new Uint8Array(28 + first + second).fill(32, 20, 20 + first)
  const view = new DataView(bytes.buffer)
  for (const [k, word] of [MAGIC, 2, bytes.length, first, JSON_CHUNK].entries()) view.setUint32(4 * k, word, true)
  bytes.set(text, 20)
  view.setUint32(20 + first, second, true)
  view.setUint32(24 + first, BINARY_CHUNK, true)
  bytes.set(binary, 28 + first)
  return bytes
}

type Reader = readonly [bytes: number, read: (view: DataView, at: number) => number, whole: number]
/** By the codes of component types; `whole` is what integers of a normalised accessor are divided by. */
const READERS: Readonly<Record<string, Reader>> = {
  5120: [1, (view, at) => view.getInt8(at), 127],
  5121: [1, (view, at) => view.getUint8(at), 255],
  5122: [2, (view, at) => view.getInt16(at, true), 32767],
  5123: [2, (view, at) => view.getUint16(at, true), 65535],
  5126: [4, (view, at) => view.getFloat32(at, true), 1],
}
const WIDTHS: Readonly<Record<string, number>> = { SCALAR: 1, VEC3: 3, VEC4: 4 }

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0

/** The numbers of an accessor, [entry, component]. @throws RangeError where it lies outside the file, or is of another kind. */
export function accessed({ description, binary }: Glb, index: unknown, width: number, name: string): Float32Array {
  const accessor = isCount(index) ? partsOf(description.accessors)[index] : undefined
  const place = isCount(accessor?.bufferView) ? partsOf(description.bufferViews)[accessor.bufferView] : undefined
  if (!accessor || !place) throw unreadable(`It lacks the numbers of ${name}.`)
  const reader = READERS[String(accessor.componentType)]
  const isFloat = accessor.componentType === 5126
  if (!reader || WIDTHS[String(accessor.type)] !== width || accessor.sparse || !(isFloat || accessor.normalized === true))
    throw unreadable(`The numbers of ${name} are of a kind that is not read.`)
  const [size, read, whole] = reader
  const { count } = accessor
  const stride = place.byteStride ?? size * width
  const [first, own, length] = [place.byteOffset ?? 0, accessor.byteOffset ?? 0, place.byteLength]
  if (![count, stride, first, own, length].every(isCount) || (place.buffer ?? 0) !== 0)
    throw unreadable(`The numbers of ${name} lie nowhere.`)
  const [rows, step, from, within, most] = [count, stride, first, own, length] as number[]
  const end = from + within + (rows > 0 ? step * (rows - 1) + size * width : 0)
  if (end > from + most || end > binary.length) throw unreadable(`The numbers of ${name} end at byte ${end}, behind their part.`)
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength)
  const out = new Float32Array(rows * width)
  for (let i = 0; i < out.length; i++) {
    const at = from + within + step * Math.floor(i / width) + size * (i % width)
    out[i] = isFloat ? read(view, at) : Math.max(-1, read(view, at) / whole)
    if (!Number.isFinite(out[i])) throw unreadable(`Entry ${Math.floor(i / width)} of ${name} is no number.`)
  }
  return out
}
