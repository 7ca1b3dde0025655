import type { Attribute, Constant, Graph, Model, Node, Port } from './model.ts'
import { Message } from './protobuf.ts'

/** The bytes of an ONNX file. Slices of weights are copied once, into the result. */
export function writeModel({ irVersion, opsets, graph, rest }: Model): Uint8Array<ArrayBuffer> {
  const model = new Message().integer(1, irVersion).message(7, graphMessage(graph))
  for (const [domain, version] of opsets) model.message(8, new Message().text(1, domain).integer(2, version))
  return model.fields(rest).encode()
}

function graphMessage({ name, nodes, constants, inputs, outputs, values, rest }: Graph): Message {
  const graph = new Message().text(2, name)
  for (const node of nodes) graph.message(1, nodeMessage(node))
  for (const { bytes } of constants) graph.bytes(5, bytes)
  for (const port of inputs) graph.bytes(11, portBytes(port))
  for (const port of outputs) graph.bytes(12, portBytes(port))
  for (const port of values) graph.bytes(13, portBytes(port))
  return graph.fields(rest)
}

function nodeMessage({ op, domain, name, inputs, outputs, attributes, rest }: Node): Message {
  const node = new Message()
  for (const input of inputs) node.text(1, input)
  for (const output of outputs) node.text(2, output)
  node.text(3, name).text(4, op)
  if (domain) node.text(7, domain)
  for (const [key, value] of Object.entries(attributes)) {
    if (value.type === 'other') node.bytes(5, value.value)
    else node.message(5, attributeMessage(key, value))
  }
  return node.fields(rest)
}

function attributeMessage(name: string, attribute: Exclude<Attribute, { type: 'other' }>): Message {
  const message = new Message().text(1, name)
  switch (attribute.type) {
    case 'float':
      return message.float(2, attribute.value).integer(20, 1)
    case 'int':
      return message.integer(3, attribute.value).integer(20, 2)
    case 'string':
      return message.text(4, attribute.value).integer(20, 3)
    case 'tensor':
      return message.bytes(5, attribute.value.bytes).integer(20, 4)
    case 'graph':
      return message.bytes(6, attribute.value).integer(20, 5)
    case 'floats':
      for (const value of attribute.value) message.float(7, value)
      return message.integer(20, 6)
    case 'ints':
      for (const value of attribute.value) message.integer(8, value)
      return message.integer(20, 7)
    default:
      return attribute satisfies never
  }
}

function portBytes({ name, type, shape, bytes }: Port): Uint8Array {
  if (bytes) return bytes
  const tensor = new Message().integer(1, type)
  if (shape) {
    const sides = new Message()
    for (const side of shape) {
      const dimension = new Message()
      if (typeof side === 'number') dimension.integer(1, side)
      else if (side !== null) dimension.text(2, side)
      sides.message(1, dimension)
    }
    tensor.message(2, sides)
  }
  return new Message().text(1, name).message(2, new Message().message(1, tensor)).encode()
}

/** A tensor with its values in the file. */
export function makeConstant(name: string, shape: readonly number[], values: Float32Array | BigInt64Array): Constant {
  const type = values instanceof Float32Array ? 1 : 7
  const message = new Message()
  for (const side of shape) message.integer(1, side)
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  message.integer(2, type).text(8, name).bytes(9, raw)
  return { name, type, shape, bytes: message.encode() }
}
