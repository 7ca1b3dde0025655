import { harmonicCount } from './spherical-harmonics.ts'
import type { Splats } from './splats.ts'

const MAGIC = 0x5053474e
const VERSION = 4
const HEADER = 32
const STREAMS = 6
const MOST = 5_000_000
/** Quaternions keep three of four parts, none longer than this. */
const PART = Math.SQRT1_2

const unreadable = (why: string) => new RangeError(`The splat file cannot be read. ${why}`)

/** The three smaller parts, 10 bits each, and which is the largest; x, y, z, w. */
function rotationOf(word: number): [number, number, number, number] {
  const largest = word >>> 30
  const parts = [0, 0, 0, 0]
  let [shift, squares] = [20, 0]
  for (let k = 0; k < 4; k++) {
    if (k === largest) continue
    const bits = (word >>> shift) & 1023
    const value = ((bits & 511) / 511) * PART
    parts[k] = bits & 512 ? -value : value
    squares += value * value
    shift -= 10
  }
  parts[largest] = Math.sqrt(Math.max(0, 1 - squares))
  return [parts[0], parts[1], parts[2], parts[3]]
}

/**
 * Reads an .spz file of version 4, of a degree up to 3.
 * @param unpack undoes Zstandard, to so many bytes at most. @throws RangeError where it is none.
 */
export function readSpz(bytes: Uint8Array, unpack: (packed: Uint8Array, most: number) => Uint8Array): Splats {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC) throw unreadable('It has no header of an .spz file at byte 0.')
  if (view.getUint32(4, true) !== VERSION) throw unreadable(`It is of version ${view.getUint32(4, true)}; version ${VERSION} can be read.`)
  const [count, degree, fraction, streams, table] = [view.getUint32(8, true), bytes[12], bytes[13], bytes[15], view.getUint32(16, true)]
  if (count > MOST || degree > 3 || streams !== STREAMS)
    throw unreadable(`It says that it holds ${count} splats of degree ${degree} in ${streams} parts.`)
  const rest = harmonicCount(degree) - 1
  let at = table + 16 * streams
  if (bytes.length < at) throw unreadable(`It ends at byte ${bytes.length}, before its parts begin.`)
  const parts = [9, 1, 3, 3, 4, 3 * rest].map((width, k) => {
    const size = Number(view.getBigUint64(table + 16 * k, true))
    const packed = bytes.subarray(at, at + size)
    at += size
    try {
      const plain = unpack(packed, Math.max(1, width * count))
      if (plain.length === width * count) return plain
    } catch {
      // Told below: what is wrong with it in detail helps nobody.
    }
    throw unreadable(`Its part before byte ${at} does not hold ${count} splats.`)
  })
  const [places, alphas, colours, scales, turns, others] = parts
  const position = Float32Array.from(
    { length: 3 * count },
    (_, i) => (((places[3 * i] | (places[3 * i + 1] << 8) | (places[3 * i + 2] << 16)) << 8) >> 8) / 2 ** fraction,
  )
  const logScale = Float32Array.from(scales, (value) => value / 16 - 10)
  const opacity = Float32Array.from(alphas, (value) => {
    const share = Math.min(254.5, Math.max(0.5, value)) / 255
    return Math.log(share / (1 - share))
  })
  const rotation = new Float32Array(4 * count)
  const harmonics = new Float32Array(3 * (rest + 1) * count)
  for (let i = 0; i < count; i++) {
    const [x, y, z, w] = rotationOf((turns[4 * i] | (turns[4 * i + 1] << 8) | (turns[4 * i + 2] << 16) | (turns[4 * i + 3] << 24)) >>> 0)
    rotation.set([w, x, y, z], 4 * i)
    const to = 3 * (rest + 1) * i
    for (let k = 0; k < 3; k++) harmonics[to + k] = (colours[3 * i + k] / 255 - 0.5) / 0.15
    for (let k = 0; k < 3 * rest; k++) harmonics[to + 3 + k] = (others[3 * rest * i + k] - 128) / 128
  }
  return { count, degree, position, logScale, rotation, opacity, harmonics }
}
