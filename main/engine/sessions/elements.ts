import { fault } from '../../../preload/contract/fault.ts'
import { roundHalfEven } from '../../math/rounding.ts'

/**
 * Float32 values as the elements that a graph declares; whole numbers round halves to even, and what is not 0 is true.
 * @throws FaultError `unsupported`.
 */
export function elementsOf(type: string, data: Float32Array): Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array {
  switch (type) {
    case 'float32':
      return data
    case 'float16':
      return Uint16Array.from(data, halfOf)
    case 'int64':
      return BigInt64Array.from(Array.from(data, (value) => BigInt(roundHalfEven(value))))
    case 'int32':
      return Int32Array.from(data, roundHalfEven)
    case 'bool':
      return Uint8Array.from(data, (value) => Number(value !== 0))
    default:
      throw fault('unsupported', 'A model could not be run.', `It wants numbers of the type ${type}.`, 'Use an export with 16 or 32 bits.')
  }
}

/**
 * A session's answer as float32, in memory of its own. Where the language has no 16-bit floats they come as their bits.
 * @throws FaultError `unsupported` where it is no numbers.
 */
export function floatsOf(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data.slice()
  if (data instanceof Uint16Array) return Float32Array.from(data, floatOfHalf)
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number)
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) return Float32Array.from(data as Float32Array)
  throw fault('unsupported', 'A model could not be run.', 'It answers something other than numbers.', 'Use another export of the model.')
}

const word = new Uint32Array(1)
const real = new Float32Array(word.buffer)

/** The bits of the nearest 16-bit float, halves to even; what is too large is infinite. */
export function halfOf(value: number): number {
  real[0] = value
  const bits = word[0] as number
  const sign = (bits >>> 16) & 0x8000
  const size = bits & 0x7fffffff
  if (size > 0x7f800000) return sign | 0x7e00
  if (size >= 0x47800000) return sign | 0x7c00
  // Below 2^-14 the steps are even, 2^-24 each.
  if (size < 0x38800000) return sign | roundHalfEven(Math.abs(value) * 2 ** 24)
  return sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13)
}

/** The value of the bits of a 16-bit float. */
export function floatOfHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
