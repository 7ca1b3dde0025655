import { type Constant, FLOAT, INT64 } from './model.ts'
import { bytesOf, floatsOf, integerOf, integersOf, readFields } from './protobuf.ts'

const INT32 = 6
const DOUBLE = 11

/**
 * The numbers of a small constant (float32, float64, int32 or int64; int64 beyond 2⁵³ lose their last digits, which only
 * "to the end" marks do). Undefined for other types, for many values, and for values in another file.
 */
export function numbersOf({ type, shape, bytes }: Constant, most = 4096): number[] | undefined {
  if (shape.reduce((size, side) => size * side, 1) > most) return undefined
  const fields = readFields(bytes)
  if (integerOf(fields, 14) === 1) return undefined
  const raw = bytesOf(fields, 9)[0]
  const buffer = raw && Uint8Array.from(raw).buffer
  switch (type) {
    case FLOAT:
      return buffer ? Array.from(new Float32Array(buffer)) : floatsOf(fields, 4)
    case DOUBLE:
      return buffer ? Array.from(new Float64Array(buffer)) : undefined
    case INT32:
      return buffer ? Array.from(new Int32Array(buffer)) : integersOf(fields, 5).map(Number)
    case INT64:
      return buffer ? Array.from(new BigInt64Array(buffer), Number) : integersOf(fields, 7).map(Number)
    default:
      return undefined
  }
}

/** The name of the other file that holds a constant's values, beside the model's; undefined where they are in the model. */
export function externalFileOf({ bytes }: Constant): string | undefined {
  const fields = readFields(bytes)
  if (integerOf(fields, 14) !== 1) return undefined
  for (const entry of bytesOf(fields, 13)) {
    const pair = readFields(entry)
    const [key, value] = [bytesOf(pair, 1)[0], bytesOf(pair, 2)[0]].map((text) => new TextDecoder().decode(text))
    if (key === 'location') return value
  }
  return undefined
}
