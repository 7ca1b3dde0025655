import { harmonicCount } from './spherical-harmonics.ts'
import { MOST_SPLATS } from './splat-read.ts'
import type { Splats } from './splats.ts'
import { quantised, quaternionWord, SPZ_HEADER, SPZ_MAGIC, SPZ_PARTS } from './spz-quantities.ts'

const FRACTION_BITS = 12
const REACH = 2 ** 23

const byte = (value: number) => quantised(value, 0, 255)

/** Harmonics of degree 1 keep 5 bits, the others 4. */
function harmonicByte(value: number, harmonic: number): number {
  const step = harmonic < 4 ? 8 : 16
  return Math.min(255, Math.max(0, Math.floor((quantised(128 * value, -1e9, 1e9) + 128 + step / 2) / step) * step))
}

/**
 * The six arrays of an .spz file of version 4, not yet packed. Precision is lost: places beyond ±2048 are pulled in, to steps of
 * 2^-12; sizes to 1/16 of their logarithm, between e^-10 and e^5.9; colours and opacities to bytes.
 */
export function spzParts({ count, degree, position, logScale, rotation: q, opacity, harmonics }: Splats): Uint8Array[] {
  const terms = harmonicCount(degree)
  const rest = terms - 1
  const parts = [9, 1, 3, 3, 4, 3 * rest].map((width) => new Uint8Array(width * count))
  const [places, alphas, colours, scales, turns, others] = parts
  for (let i = 0; i < 3 * count; i++) {
    const place = quantised(position[i] * 2 ** FRACTION_BITS, -REACH, REACH - 1)
    for (let k = 0; k < 3; k++) places[3 * i + k] = place >> (8 * k)
    scales[i] = byte((logScale[i] + 10) * 16)
  }
  const words = new DataView(turns.buffer)
  for (let i = 0; i < count; i++) {
    alphas[i] = byte(255 / (1 + Math.exp(-opacity[i])))
    words.setUint32(4 * i, quaternionWord(q[4 * i], q[4 * i + 1], q[4 * i + 2], q[4 * i + 3]), true)
    const from = 3 * terms * i
    for (let k = 0; k < 3; k++) colours[3 * i + k] = byte((harmonics[from + k] * 0.15 + 0.5) * 255)
    for (let k = 0; k < 3 * rest; k++) others[3 * rest * i + k] = harmonicByte(harmonics[from + 3 + k], 1 + Math.floor(k / 3))
  }
  return parts
}

/**
 * Writes an .spz file of version 4; what is lost, `spzParts` says. Axes are those of the cloud.
 * @param pack Zstandard. @throws RangeError where there are more than 5 million splats.
 */
export function writeSpz(splats: Splats, pack: (plain: Uint8Array) => Uint8Array): Uint8Array {
  if (splats.count > MOST_SPLATS) throw new RangeError(`${splats.count} splats are too many for one file; 5 million are the most.`)
  const plain = spzParts(splats)
  const packed = plain.map((part) => pack(part))
  const table = SPZ_HEADER + 16 * SPZ_PARTS
  const bytes = new Uint8Array(packed.reduce((sum, part) => sum + part.length, table))
  const view = new DataView(bytes.buffer)
  for (const [k, value] of [SPZ_MAGIC, 4, splats.count].entries()) view.setUint32(4 * k, value, true)
  bytes.set([splats.degree, FRACTION_BITS, 0, SPZ_PARTS, SPZ_HEADER], 12)
  let at = table
  for (const [k, part] of packed.entries()) {
    view.setBigUint64(SPZ_HEADER + 16 * k, BigInt(part.length), true)
    view.setBigUint64(SPZ_HEADER + 16 * k + 8, BigInt(plain[k].length), true)
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
