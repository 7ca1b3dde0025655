import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { readFields, textOf } from '../vjp/file/protobuf.ts'
import { readGraph } from '../vjp/file/read.ts'

/** Element types that inputs and outputs may have. */
export type ElementType = 'float32' | 'float16' | 'int32' | 'int64' | 'other'

/** An input or output as the graph declares it; a side is a number, a name, or null when nothing is known. */
export interface GraphPort {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly (number | string | null)[]
}

/** What an ONNX file says of itself before its weights are looked at. */
export interface GraphHead {
  readonly inputs: readonly GraphPort[]
  readonly outputs: readonly GraphPort[]
  /** Files that hold its weights, as the graph names them, relative to its folder. */
  readonly externals: readonly string[]
}

const TYPES: Readonly<Record<number, ElementType>> = { 1: 'float32', 6: 'int32', 7: 'int64', 10: 'float16' }

/** Reads the head of an ONNX file, seeking past the weights: gigabytes stay on the disk. @throws FaultError `missing`, `damaged`. */
export function readGraphHead(path: string): GraphHead {
  const file = openFile(path)
  try {
    const graph = [...fieldsIn(file, 0, statSync(path).size)].find(({ number, wire }) => number === 7 && wire === 2)
    if (!graph) throw new RangeError('it holds no graph')
    const ports: Uint8Array[] = []
    const constants = new Set<string>()
    const externals = new Set<string>()
    for (const field of fieldsIn(file, graph.at, graph.at + graph.length)) {
      if (field.number === 11 || field.number === 12) ports.push(bytesAt(file, field.start, field.at + field.length - field.start))
      if (field.number !== 5) continue
      for (const part of fieldsIn(file, field.at, field.at + field.length)) {
        if (part.number === 8) constants.add(new TextDecoder().decode(bytesAt(file, part.at, part.length)))
        if (part.number !== 13) continue
        const pair = readFields(bytesAt(file, part.at, part.length))
        if (textOf(pair, 1) === 'location') externals.add(textOf(pair, 2))
      }
    }
    const { inputs, outputs } = readGraph(Buffer.concat(ports))
    const portOf = ({ name, type, shape }: (typeof inputs)[number]) => ({ name, type: TYPES[type] ?? 'other', shape: shape ?? [] })
    // Old files list their weights among the inputs.
    const given = inputs.filter(({ name }) => !constants.has(name))
    return { inputs: given.map(portOf), outputs: outputs.map(portOf), externals: [...externals] }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    const why = `${basename(path)} is not an ONNX file: ${thrown.message}.`
    throw fault('damaged', 'That model cannot be read.', why, 'Fetch the model again.', { cause: thrown })
  } finally {
    closeSync(file)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (thrown) {
    throw fault('missing', 'That model cannot be read.', `${path} is not there or may not be read.`, 'Fetch the model again.', {
      cause: thrown,
    })
  }
}

interface Span {
  readonly number: number
  readonly wire: number
  /** Where the field begins, its tag included. */
  readonly start: number
  /** Where its value begins. */
  readonly at: number
  readonly length: number
}

/** The longest tag and length: two numbers of ten bytes. */
const HEAD = 20
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 }

/** The fields of a message that lies in the file from `from` to `to`, none of their values read. @throws RangeError */
function* fieldsIn(file: number, from: number, to: number): Generator<Span> {
  for (let start = from; start < to; ) {
    const head = bytesAt(file, start, Math.min(HEAD, to - start))
    const [tag, afterTag] = varintAt(head, 0)
    const number = Math.floor(tag / 8)
    const wire = tag % 8
    const [value, afterValue] = wire === 0 || wire === 2 ? varintAt(head, afterTag) : [FIXED[wire] ?? -1, afterTag]
    const length = wire === 0 ? 0 : value
    const at = start + afterValue
    if (length < 0 || at + length > to) throw new RangeError('it ends too early or is something else')
    yield { number, wire, start, at, length }
    start = at + length
  }
}

function varintAt(bytes: Uint8Array, from: number): [value: number, after: number] {
  let value = 0
  for (let i = from; i < Math.min(bytes.length, from + 10); i++) {
    const byte = bytes[i] as number
    value += (byte & 127) * 2 ** (7 * (i - from))
    if (byte < 128) return [value, i + 1]
  }
  throw new RangeError('a number in it has no end')
}

function bytesAt(file: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  if (readSync(file, bytes, 0, length, at) < length) throw new RangeError('it ends too early')
  return bytes
}
