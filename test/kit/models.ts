/** Just enough of ONNX's protobuf form to write tiny models: tensors, attributes, nodes, a graph with dynamic sides. */

export interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}
/** An integer, a list of them, or a tensor. */
export type Attribute = number | readonly number[] | Constant
export interface Constant {
  readonly name?: string
  readonly dims: readonly number[]
  readonly values: Float32Array | BigInt64Array
}
/** A float32 value of the graph; a named side is dynamic. */
export interface Port {
  readonly name: string
  readonly shape: readonly (number | string)[]
}
export interface Graph {
  readonly nodes: readonly Node[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  readonly constants?: readonly Constant[]
}

/** Bytes of an ONNX file (opset 17). */
export function encodeModel({ nodes, inputs, outputs, constants = [] }: Graph): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.map((node) => bytesField(1, encodeNode(node))),
    textField(2, 'tiny'),
    ...constants.map((constant) => bytesField(5, encodeTensor(constant))),
    ...inputs.map((port) => bytesField(11, encodePort(port))),
    ...outputs.map((port) => bytesField(12, encodePort(port))),
  ]
  const opset = [textField(1, ''), intField(2, 17)]
  return Uint8Array.from([intField(1, 8), bytesField(7, graph.flat()), bytesField(8, opset.flat())].flat())
}

function encodeNode({ op, inputs, outputs, attributes = {} }: Node): number[] {
  return [
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, encodeAttribute(name, value))),
  ].flat()
}

function encodeAttribute(name: string, value: Attribute): number[] {
  return [...textField(1, name), ...encodeValue(value)]
}

function encodeValue(value: Attribute): number[] {
  if (typeof value === 'number') return [...intField(3, value), ...intField(20, 2)]
  if ('dims' in value) return [...bytesField(5, encodeTensor(value)), ...intField(20, 4)]
  return [...value.flatMap((v) => intField(8, v)), ...intField(20, 7)]
}

function encodeTensor({ name = '', dims, values }: Constant): number[] {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const type = values instanceof Float32Array ? 1 : 7
  return [...dims.map((dim) => intField(1, dim)), intField(2, type), textField(8, name), bytesField(9, raw)].flat()
}

function encodePort({ name, shape }: Port): number[] {
  const dims = shape.flatMap((side) => bytesField(1, typeof side === 'number' ? intField(1, side) : textField(2, side)))
  const tensor = [...intField(1, 1), ...bytesField(2, dims)]
  return [...textField(1, name), ...bytesField(2, bytesField(1, tensor))]
}

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}
const intField = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)]
const bytesField = (field: number, bytes: ArrayLike<number>): number[] => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
]
const textField = (field: number, text: string): number[] => bytesField(field, new TextEncoder().encode(text))

const picture = (name: string): Port => ({ name, shape: ['n', 3, 'h', 'w'] })

/** y → x: the picture as it is. */
export const identityModel = () =>
  encodeModel({ nodes: [{ op: 'Identity', inputs: ['y'], outputs: ['x'] }], inputs: [picture('y')], outputs: [picture('x')] })

/** y → x: each pixel the mean of its 3 × 3 neighbours, per channel, zeros outside. */
export const boxModel = () =>
  encodeModel({
    nodes: [{ op: 'Conv', inputs: ['y', 'w'], outputs: ['x'], attributes: { pads: [1, 1, 1, 1], group: 3 } }],
    constants: [{ name: 'w', dims: [3, 1, 3, 3], values: new Float32Array(27).fill(1 / 9) }],
    inputs: [picture('y')],
    outputs: [picture('x')],
  })

/** z, t → v: v = factor · z, whatever t is. */
export const scaleModel = (factor: number) =>
  encodeModel({
    nodes: [
      { op: 'Mul', inputs: ['z', 'factor'], outputs: ['scaled'] },
      // The time takes part, as it must in a flow: its weight is zero.
      { op: 'Mul', inputs: ['t', 'zero'], outputs: ['nothing'] },
      { op: 'ReduceSum', inputs: ['nothing'], outputs: ['sum'] },
      { op: 'Add', inputs: ['scaled', 'sum'], outputs: ['v'] },
    ],
    constants: [
      { name: 'factor', dims: [1], values: Float32Array.of(factor) },
      { name: 'zero', dims: [1], values: Float32Array.of(0) },
    ],
    inputs: [picture('z'), { name: 't', shape: ['n'] }],
    outputs: [picture('v')],
  })

/** x → y: three convolutions of sixteen channels whose weights are all alike, for trying what a machine can do. */
export const trialModel = () =>
  encodeModel({
    nodes: [
      {
        op: 'ConstantOfShape',
        inputs: ['shape'],
        outputs: ['w'],
        attributes: { value: { dims: [1], values: Float32Array.of(1 / 144) } },
      },
      { op: 'Conv', inputs: ['x', 'w'], outputs: ['a'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Conv', inputs: ['a', 'w'], outputs: ['b'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Conv', inputs: ['b', 'w'], outputs: ['y'], attributes: { pads: [1, 1, 1, 1] } },
    ],
    constants: [{ name: 'shape', dims: [4], values: BigInt64Array.of(16n, 16n, 3n, 3n) }],
    inputs: [{ name: 'x', shape: [1, 16, 'h', 'w'] }],
    outputs: [{ name: 'y', shape: [1, 16, 'h', 'w'] }],
  })
