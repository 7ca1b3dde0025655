import type { Floats } from './picture.ts'

/** Side of a block. */
export const BLOCK = 8

/** Orthonormal DCT-II of 8 points: coefficient k is Σ_n basis[8 k + n] x_n. */
const basis = Float64Array.from({ length: BLOCK * BLOCK }, (_, at) => {
  const k = Math.floor(at / BLOCK)
  const n = at % BLOCK
  return Math.sqrt((k === 0 ? 1 : 2) / BLOCK) * Math.cos(((2 * n + 1) * k * Math.PI) / (2 * BLOCK))
})

/** Orthonormal 8 × 8 DCT-II of a block of `source` at `from`, rows `stride` apart, into 64 coefficients, vertical frequency first. */
export function blockDctInto(out: Float64Array, source: Floats, from: number, stride: number): void {
  const half = new Float64Array(BLOCK * BLOCK)
  for (let i = 0; i < BLOCK; i++)
    for (let k = 0; k < BLOCK; k++) {
      let sum = 0
      for (let n = 0; n < BLOCK; n++) sum += basis[BLOCK * k + n] * source[from + i * stride + n]
      half[BLOCK * i + k] = sum
    }
  for (let k = 0; k < BLOCK; k++)
    for (let l = 0; l < BLOCK; l++) {
      let sum = 0
      for (let n = 0; n < BLOCK; n++) sum += basis[BLOCK * k + n] * half[BLOCK * n + l]
      out[BLOCK * k + l] = sum
    }
}

/** The inverse, which is the transpose: 64 coefficients into a block of `target` at `to`, rows `stride` apart. */
export function blockInverseDctInto(target: Floats, to: number, stride: number, coefficients: Float64Array): void {
  const half = new Float64Array(BLOCK * BLOCK)
  for (let k = 0; k < BLOCK; k++)
    for (let n = 0; n < BLOCK; n++) {
      let sum = 0
      for (let l = 0; l < BLOCK; l++) sum += basis[BLOCK * l + n] * coefficients[BLOCK * k + l]
      half[BLOCK * k + n] = sum
    }
  for (let i = 0; i < BLOCK; i++)
    for (let n = 0; n < BLOCK; n++) {
      let sum = 0
      for (let k = 0; k < BLOCK; k++) sum += basis[BLOCK * k + i] * half[BLOCK * k + n]
      target[to + i * stride + n] = sum
    }
}
