import { fault } from '../../../../preload/contract/fault.ts'
import type { Attribute, Constant, Graph, Model, Node, Port } from './model.ts'
import { bytesOf, type Field, floatsOf, integerOf, integersOf, readFields, textOf, textsOf } from './protobuf.ts'

/** Reads an ONNX file. Weights stay slices of `bytes`. @throws FaultError `damaged`. */
export function readModel(bytes: Uint8Array): Model {
  try {
    const fields = readFields(bytes)
    const graph = bytesOf(fields, 7)[0]
    if (!graph) throw new RangeError('It holds no graph.')
    const opsets = bytesOf(fields, 8).map((set): [string, number] => {
      const parts = readFields(set)
      const domain = textOf(parts, 1)
      return [domain === 'ai.onnx' ? '' : domain, integerOf(parts, 2) ?? 1]
    })
    return { irVersion: integerOf(fields, 1) ?? 1, opsets: new Map(opsets), graph: readGraph(graph), rest: without(fields, 1, 7, 8) }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    throw fault('damaged', 'That model cannot be read.', `It is not an ONNX file: ${thrown.message}`, 'Fetch the model again.', {
      cause: thrown,
    })
  }
}

export function readGraph(bytes: Uint8Array): Graph {
  const fields = readFields(bytes)
  return {
    name: textOf(fields, 2),
    nodes: bytesOf(fields, 1).map(readNode),
    constants: bytesOf(fields, 5).map(readConstant),
    inputs: bytesOf(fields, 11).map(readPort),
    outputs: bytesOf(fields, 12).map(readPort),
    values: bytesOf(fields, 13).map(readPort),
    rest: without(fields, 1, 2, 5, 11, 12, 13),
  }
}

function readNode(bytes: Uint8Array): Node {
  const fields = readFields(bytes)
  const domain = textOf(fields, 7)
  return {
    op: textOf(fields, 4),
    domain: domain === 'ai.onnx' ? '' : domain,
    name: textOf(fields, 3),
    inputs: textsOf(fields, 1),
    outputs: textsOf(fields, 2),
    attributes: Object.fromEntries(bytesOf(fields, 5).map(readAttribute)),
    rest: without(fields, 1, 2, 3, 4, 5, 7),
  }
}

function readAttribute(bytes: Uint8Array): [string, Attribute] {
  const fields = readFields(bytes)
  return [textOf(fields, 1), attributeOf(fields, bytes)]
}

function attributeOf(fields: readonly Field[], bytes: Uint8Array): Attribute {
  const [tensor] = bytesOf(fields, 5)
  const [graph] = bytesOf(fields, 6)
  switch (integerOf(fields, 20)) {
    case 1:
      return { type: 'float', value: floatsOf(fields, 2)[0] ?? 0 }
    case 2:
      return { type: 'int', value: integerOf(fields, 3) ?? 0 }
    case 3:
      return { type: 'string', value: textOf(fields, 4) }
    case 4:
      if (tensor) return { type: 'tensor', value: readConstant(tensor) }
      break
    case 5:
      if (graph) return { type: 'graph', value: graph }
      break
    case 6:
      return { type: 'floats', value: floatsOf(fields, 7) }
    case 7:
      return { type: 'ints', value: integersOf(fields, 8).map(Number) }
  }
  return { type: 'other', value: bytes }
}

function readConstant(bytes: Uint8Array): Constant {
  const fields = readFields(bytes)
  return { name: textOf(fields, 8), type: integerOf(fields, 2) ?? 0, shape: integersOf(fields, 1).map(Number), bytes }
}

function readPort(bytes: Uint8Array): Port {
  const fields = readFields(bytes)
  const [type] = bytesOf(fields, 2)
  const [tensor] = type ? bytesOf(readFields(type), 1) : []
  const parts = tensor ? readFields(tensor) : []
  const [shape] = bytesOf(parts, 2)
  const sides = shape && bytesOf(readFields(shape), 1).map(readSide)
  return { name: textOf(fields, 1), type: integerOf(parts, 1) ?? 0, shape: sides ?? null, bytes }
}

function readSide(bytes: Uint8Array): number | string | null {
  const fields = readFields(bytes)
  return integerOf(fields, 1) ?? (textOf(fields, 2) || null)
}

const without = (fields: readonly Field[], ...numbers: number[]): Field[] => fields.filter(({ number }) => !numbers.includes(number))
