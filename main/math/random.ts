/**
 * Randomness as a value: the same seed and counter give the same numbers, in any order and in any pieces.
 * Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
 */
export interface Noise {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number
  /** How many numbers of the stream lie behind. */
  readonly counter: number
}

/** The stream from its start. */
export const noiseOf = (seed: number): Noise => ({ seed, counter: 0 })

/** The stream `count` numbers further on. */
export const advance = (noise: Noise, count: number): Noise => ({ seed: noise.seed, counter: noise.counter + count })

/** Upper half of the 64-bit product of two unsigned 32-bit numbers. */
function highProduct(a: number, b: number): number {
  const al = a & 0xffff
  const ah = a >>> 16
  const bl = b & 0xffff
  const bh = b >>> 16
  const middle = ah * bl + ((al * bl) >>> 16)
  return (ah * bh + Math.floor(middle / 0x10000) + (((middle & 0xffff) + al * bh) >>> 16)) >>> 0
}

/** One block: four unsigned 32-bit numbers from a 128-bit counter and a 64-bit key. */
export function philoxInto(out: Uint32Array, counter: readonly [number, number, number, number], key: readonly [number, number]): void {
  blockInto(out, counter[0], counter[1], counter[2], counter[3], key[0], key[1])
}

/** The same without lists: a picture takes millions of blocks. */
function blockInto(out: Uint32Array, a: number, b: number, c: number, d: number, keyLow: number, keyHigh: number): void {
  let [c0, c1, c2, c3, k0, k1] = [a, b, c, d, keyLow, keyHigh]
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0)
    const high1 = highProduct(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2)
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1 >>> 0
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0 >>> 0
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}

type Floats = Float32Array | Float64Array

/** Fills `target[from, to)` with numbers `counter + from` … of the stream that `fill` makes of each block of four. */
function streamInto(target: Floats, noise: Noise, from: number, to: number, fill: (four: Float64Array, words: Uint32Array) => void): void {
  const words = new Uint32Array(4)
  const four = new Float64Array(4)
  const keyLow = noise.seed >>> 0
  const keyHigh = Math.floor(noise.seed / 2 ** 32) >>> 0
  for (let i = from; i < to; ) {
    const block = Math.floor((noise.counter + i) / 4)
    blockInto(words, block >>> 0, Math.floor(block / 2 ** 32) >>> 0, 0, 0, keyLow, keyHigh)
    fill(four, words)
    const end = Math.min(to, 4 * (block + 1) - noise.counter)
    for (let k = noise.counter + i - 4 * block; i < end; i++, k++) target[i] = four[k]
  }
}

/** To (0, 1), both ends left out. */
const open = (word: number): number => (word + 0.5) * 2 ** -32

/** Uniform numbers in (0, 1) into `target[from, to)`: place i takes number `noise.counter + i` of the stream. */
export function uniformsInto(target: Floats, noise: Noise, from = 0, to = target.length): void {
  streamInto(target, noise, from, to, (four, words) => {
    for (let k = 0; k < 4; k++) four[k] = open(words[k])
  })
}

/** Standard normal numbers into `target[from, to)`, two from each pair of uniform ones (Box and Muller). Pieces as in `uniformsInto`. */
export function normalsInto(target: Floats, noise: Noise, from = 0, to = target.length): void {
  streamInto(target, noise, from, to, (four, words) => {
    for (let k = 0; k < 4; k += 2) {
      const radius = Math.sqrt(-2 * Math.log(open(words[k])))
      const angle = 2 * Math.PI * open(words[k + 1])
      four[k] = radius * Math.cos(angle)
      four[k + 1] = radius * Math.sin(angle)
    }
  })
}
