/**
 * The protobuf wire format, as far as ONNX files use it. Nested messages stay slices of the bytes they came in, so that a
 * file with gigabytes of weights is read and written again without copying them; fields nobody asks for are kept.
 */
export interface Field {
  readonly number: number
  /** A varint as an unsigned 64-bit integer; anything else as its bytes. */
  readonly value: bigint | Uint8Array
  /** 0 varint, 1 eight bytes, 2 a length and bytes, 5 four bytes. */
  readonly wire: 0 | 1 | 2 | 5
}

/** The fields of a message, in the order they lie in. @throws RangeError when the bytes are no message. */
export function readFields(bytes: Uint8Array): Field[] {
  const reader = { bytes, at: 0 }
  const fields: Field[] = []
  while (reader.at < bytes.length) {
    const tag = Number(readVarint(reader))
    const number = Math.floor(tag / 8)
    const wire = tag % 8
    if (wire === 0) fields.push({ number, wire, value: readVarint(reader) })
    else if (wire === 2) fields.push({ number, wire, value: take(reader, Number(readVarint(reader))) })
    else if (wire === 1 || wire === 5) fields.push({ number, wire, value: take(reader, wire === 1 ? 8 : 4) })
    else throw new RangeError(`There is no wire type ${wire}.`)
  }
  return fields
}

interface Reader {
  readonly bytes: Uint8Array
  at: number
}

function readVarint(reader: Reader): bigint {
  let low = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = take(reader, 1)[0] as number
    low += (byte & 127) * 2 ** shift
    if (byte < 128) return BigInt(low)
  }
  let value = BigInt(low)
  for (let shift = 28n; shift < 70n; shift += 7n) {
    const byte = take(reader, 1)[0] as number
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return BigInt.asUintN(64, value)
  }
  throw new RangeError('A number has more than ten bytes.')
}

function take(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length
  if (end > reader.bytes.length) throw new RangeError('The bytes end too early.')
  const part = reader.bytes.subarray(reader.at, end)
  reader.at = end
  return part
}

/** A message in the making: pieces of bytes, joined once at the end. */
export class Message {
  readonly #pieces: Uint8Array[] = []
  #length = 0

  /** A varint field; negative integers as 64-bit two's complement. */
  integer(number: number, value: number | bigint): this {
    return this.#varint(number * 8).#varint(value)
  }

  bytes(number: number, value: Uint8Array): this {
    this.#varint(number * 8 + 2).#varint(value.length)
    return this.#piece(value)
  }

  text(number: number, value: string): this {
    return this.bytes(number, new TextEncoder().encode(value))
  }

  float(number: number, value: number): this {
    return this.#varint(number * 8 + 5).#piece(new Uint8Array(Float32Array.of(value).buffer))
  }

  message(number: number, value: Message): this {
    this.#varint(number * 8 + 2).#varint(value.#length)
    for (const piece of value.#pieces) this.#piece(piece)
    return this
  }

  /** Fields that were read, as they were. */
  fields(fields: readonly Field[]): this {
    for (const { number, wire, value } of fields) {
      if (typeof value === 'bigint') this.integer(number, value)
      else if (wire === 2) this.bytes(number, value)
      else this.#varint(number * 8 + wire).#piece(value)
    }
    return this
  }

  encode(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length)
    let at = 0
    for (const piece of this.#pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }

  #varint(value: number | bigint): this {
    const bytes: number[] = []
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) + 128)
    return this.#piece(Uint8Array.from([...bytes, Number(rest)]))
  }

  #piece(bytes: Uint8Array): this {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    return this
  }
}

/** All values of a field that lies in the message once for each, or several in one run of bytes ("packed"). */
export function integersOf(fields: readonly Field[], number: number): bigint[] {
  return fields
    .filter((field) => field.number === number)
    .flatMap(({ value }) => {
      if (typeof value === 'bigint') return [value]
      const reader = { bytes: value, at: 0 }
      const run: bigint[] = []
      while (reader.at < value.length) run.push(readVarint(reader))
      return run
    })
    .map((value) => BigInt.asIntN(64, value))
}

/** All float32 values of a field, packed or not. */
export function floatsOf(fields: readonly Field[], number: number): number[] {
  return bytesOf(fields, number).flatMap((bytes) => Array.from(new Float32Array(Uint8Array.from(bytes).buffer)))
}

export const integerOf = (fields: readonly Field[], number: number): number | undefined => {
  const last = integersOf(fields, number).at(-1)
  return last === undefined ? undefined : Number(last)
}
export const bytesOf = (fields: readonly Field[], number: number): Uint8Array[] =>
  fields.filter((field) => field.number === number).map(({ value }) => value as Uint8Array)
export const textsOf = (fields: readonly Field[], number: number): string[] =>
  bytesOf(fields, number).map((bytes) => new TextDecoder().decode(bytes))
export const textOf = (fields: readonly Field[], number: number): string => textsOf(fields, number).at(-1) ?? ''
