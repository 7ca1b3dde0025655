import { harmonicCount } from './spherical-harmonics.ts'
import { expectCount, logitOf, MOST_SPLATS, type SplatsRead, unreadable } from './splat-read.ts'
import { quaternionOf, SPZ_HEADER, SPZ_MAGIC, SPZ_PARTS } from './spz-quantities.ts'

/** How the parts of a file are unpacked, to so many bytes at most; whoever calls brings both. */
export interface Unpack {
  /** Files of version 4. */
  zstd(packed: Uint8Array, most: number): Uint8Array
  /** Files of versions 1 to 3. */
  gzip(packed: Uint8Array, most: number): Uint8Array
}

/** What stands in the arrays of a file, in their order: places, opacities, colours, sizes, turns, harmonics. */
interface Content {
  readonly version: number
  readonly count: number
  readonly degree: number
  /** Bits behind the point of a place. */
  readonly fraction: number
  readonly parts: readonly Uint8Array[]
}

/** Bytes a splat in each array. Places were half floats at first, and turns three bytes. */
const widthsOf = (version: number, degree: number) => [
  ...[version === 1 ? 6 : 9, 1, 3, 3, version < 3 ? 3 : 4],
  3 * (harmonicCount(degree) - 1),
]

/** @throws RangeError where the packed bytes are not such a part. */
function unpacked(unpack: Unpack['zstd'], packed: Uint8Array, size: number, what: string): Uint8Array {
  try {
    const plain = unpack(packed, Math.max(1, size))
    if (plain.length === size) return plain
  } catch {
    // Told below: what is wrong with it in detail helps nobody.
  }
  throw unreadable(`${what} does not hold ${size} bytes.`)
}

function expectDegree(degree: number): void {
  if (degree > 3) throw unreadable(`Its view-dependent colour is of degree ${degree}; 3 is the most.`)
}

function contentOf(bytes: Uint8Array, unpack: Unpack): Content {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [version, count, degree, fraction, parts] = [view.getUint32(4, true), view.getUint32(8, true), bytes[12], bytes[13], bytes[15]]
  const table = view.getUint32(16, true)
  if (version !== 4) throw unreadable(`It is of version ${version}; versions 1 to 4 can be read.`)
  expectCount(count)
  expectDegree(degree)
  if (parts !== SPZ_PARTS) throw unreadable(`It has ${parts} parts instead of ${SPZ_PARTS}.`)
  let at = table + 16 * parts
  if (table < SPZ_HEADER || bytes.length < at)
    throw unreadable(`Its table of parts at byte ${table} does not lie in its ${bytes.length} bytes.`)
  const arrays = widthsOf(version, degree).map((width, k) => {
    const from = at
    const [packed, size] = [view.getBigUint64(table + 16 * k, true), view.getBigUint64(table + 16 * k + 8, true)]
    if (packed > BigInt(bytes.length - from)) throw unreadable(`Its part at byte ${from} is cut off.`)
    if (size !== BigInt(width * count)) throw unreadable(`Its part at byte ${from} says that it holds ${size} bytes, not ${width * count}.`)
    at += Number(packed)
    return unpacked(unpack.zstd, bytes.subarray(from, at), width * count, `Its part at byte ${from}`)
  })
  return { version, count, degree, fraction, parts: arrays }
}

function oldContentOf(bytes: Uint8Array, unpack: Unpack): Content {
  // How many splats there are stands in the packed bytes. How many bytes they are stands at their end, and is not believed beyond the most.
  const says = bytes.length < 18 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true)
  const most = Math.min(says, 16 + MOST_SPLATS * widthsOf(3, 3).reduce((sum, width) => sum + width, 0))
  let plain: Uint8Array
  try {
    plain = unpack.gzip(bytes, Math.max(1, most))
  } catch {
    throw unreadable('It is no .spz file, or it is cut off.')
  }
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  if (plain.length < 16 || view.getUint32(0, true) !== SPZ_MAGIC) throw unreadable('Unpacked, it has no header of an .spz file at byte 0.')
  const [version, count, degree, fraction] = [view.getUint32(4, true), view.getUint32(8, true), plain[12], plain[13]]
  if (version < 1 || version > 3) throw unreadable(`It is of version ${version}; versions 1 to 4 can be read.`)
  expectCount(count)
  expectDegree(degree)
  let at = 16
  const parts = widthsOf(version, degree).map((width) => plain.subarray(at, (at += width * count)))
  if (plain.length < at) throw unreadable(`Unpacked, it ends at byte ${plain.length} instead of ${at}.`)
  return { version, count, degree, fraction, parts }
}

const halfFloat = (low: number, high: number): number => {
  const [exponent, rest] = [(high >> 2) & 31, ((high & 3) << 8) | low]
  const size = exponent === 0 ? rest * 2 ** -24 : exponent === 31 ? Number.NaN : (1 + rest / 1024) * 2 ** (exponent - 15)
  return high & 128 ? -size : size
}

function positionsOf({ version, count, fraction, parts: [places] }: Content): Float32Array {
  const position = new Float32Array(3 * count)
  for (let i = 0; i < position.length; i++) {
    if (version > 1) position[i] = ((places[3 * i] << 8) | (places[3 * i + 1] << 16) | (places[3 * i + 2] << 24)) / 2 ** (8 + fraction)
    else position[i] = halfFloat(places[2 * i], places[2 * i + 1])
    if (!Number.isFinite(position[i])) throw unreadable(`Splat ${Math.floor(i / 3)} has no place.`)
  }
  return position
}

/** Reads an .spz file of any version, of a degree up to 3. @throws RangeError where it is none. */
export function readSpz(bytes: Uint8Array, unpack: Unpack): SplatsRead {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isPacked && (bytes.length < SPZ_HEADER || view.getUint32(0, true) !== SPZ_MAGIC))
    throw unreadable('It has no header of an .spz file at byte 0.')
  const content = isPacked ? oldContentOf(bytes, unpack) : contentOf(bytes, unpack)
  const { version, count, degree, parts } = content
  const [, alphas, colours, scales, turns, others] = parts
  const rest = harmonicCount(degree) - 1
  const rotation = new Float32Array(4 * count)
  const harmonics = new Float32Array(3 * (rest + 1) * count)
  for (let i = 0; i < count; i++) {
    rotation.set(quaternionOf(turns, i, version), 4 * i)
    const to = 3 * (rest + 1) * i
    for (let k = 0; k < 3; k++) harmonics[to + k] = (colours[3 * i + k] / 255 - 0.5) / 0.15
    for (let k = 0; k < 3 * rest; k++) harmonics[to + 3 + k] = (others[3 * rest * i + k] - 128) / 128
  }
  return {
    ...{ count, degree, rotation, harmonics, mended: 0 },
    position: positionsOf(content),
    logScale: Float32Array.from(scales, (value) => value / 16 - 10),
    opacity: Float32Array.from(alphas, (value) => logitOf(value / 255, 1 / 255)),
  }
}
