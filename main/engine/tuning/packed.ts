import { z } from 'zod'

/** Numbers as they lie in memory, to the last bit, written as base64: JSON would make ten bytes of each. */
export const Packed = z.base64()

export const pack = (values: Float32Array | Float64Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

/** @throws RangeError where the bytes make no whole numbers of eight, or one is not finite. */
export function unpack64(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  const values = new Float64Array(bytes.buffer)
  if (!values.every(Number.isFinite)) throw new RangeError('Packed numbers are not finite.')
  return values
}

/** @throws RangeError where the bytes make no whole numbers of four, or one is not finite. */
export function unpack32(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  const values = new Float32Array(bytes.buffer)
  if (!values.every(Number.isFinite)) throw new RangeError('Packed numbers are not finite.')
  return values
}
