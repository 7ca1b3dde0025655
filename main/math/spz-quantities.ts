/** "NGSP". */
export const SPZ_MAGIC = 0x5053474e
export const SPZ_HEADER = 32
export const SPZ_PARTS = 6

/** To the nearest whole number, exact halves away from 0 as in C, within bounds. */
export const quantised = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value < 0 ? -Math.round(-value) : Math.round(value)))

/**
 * The turn of splat i, (w, x, y, z), as long as 1. Up to version 2 three bytes x, y, z; then which part of x, y, z, w is the largest,
 * two bits, and the others in 10 bits each: a sign, and how large of √½.
 */
export function quaternionOf(bytes: Uint8Array, i: number, version: number): readonly [number, number, number, number] {
  const parts = [0, 0, 0, 0]
  let squares = 0
  const put = (k: number, value: number) => {
    parts[k] = value
    squares += value * value
  }
  let largest = 3
  if (version < 3) for (let k = 0; k < 3; k++) put(k, bytes[3 * i + k] / 127.5 - 1)
  else {
    const word = (bytes[4 * i] | (bytes[4 * i + 1] << 8) | (bytes[4 * i + 2] << 16) | (bytes[4 * i + 3] << 24)) >>> 0
    largest = word >>> 30
    let shift = 20
    for (let k = 0; k < 4; k++) {
      if (k === largest) continue
      const bits = (word >>> shift) & 1023
      put(k, ((bits & 512 ? -1 : 1) * (bits & 511) * Math.SQRT1_2) / 511)
      shift -= 10
    }
  }
  // Rounded parts may be longer than 1 together: then nothing is left for the last.
  const length = Math.max(1, Math.sqrt(squares))
  parts[largest] = Math.sqrt(Math.max(0, 1 - squares))
  return [parts[3] / length, parts[0] / length, parts[1] / length, parts[2] / length]
}

/** The word of 32 bits of version 3 and 4 for a turn (w, x, y, z) of any length but 0. */
export function quaternionWord(w: number, x: number, y: number, z: number): number {
  const length = Math.hypot(w, x, y, z)
  const parts = [x / length, y / length, z / length, w / length]
  let largest = 0
  for (let k = 1; k < 4; k++) if (Math.abs(parts[k]) > Math.abs(parts[largest])) largest = k
  const turned = parts[largest] < 0
  let word = largest
  for (let k = 0; k < 4; k++) {
    if (k === largest) continue
    const size = Math.min(511, Math.floor(511 * Math.SQRT2 * Math.abs(parts[k]) + 0.5))
    word = (word << 10) | (parts[k] < 0 !== turned ? 512 : 0) | size
  }
  return word >>> 0
}
