import { halfOf } from '../../main/engine/sessions/elements.ts'
import type { Attribute, Constant, Graph, Node, Port } from '../../main/engine/vjp/file/model.ts'
import { Message } from '../../main/engine/vjp/file/protobuf.ts'
import { writeModel } from '../../main/engine/vjp/file/write.ts'
import { noiseOf, normalsInto } from '../../main/math/random.ts'

export const FLOAT32 = 1
export const INT32 = 6
export const INT64 = 7
export const FLOAT16 = 10

/** An ONNX file, and the file of weights beside it where there is one. */
export interface Written {
  readonly model: Uint8Array<ArrayBuffer>
  readonly weights: Uint8Array<ArrayBuffer>
}

/** A graph in the making, its weights drawn from a seed: in 16 or 32 bits, in the file or beside it. */
export class TinyGraph {
  readonly #type: number
  readonly #beside: string | null
  readonly #seed: number
  readonly #nodes: Node[] = []
  readonly #constants: Constant[] = []
  readonly #inputs: Port[] = []
  readonly #outputs: Port[] = []
  readonly #weights: Uint8Array[] = []

  constructor(seed: number, isHalf: boolean, beside: string | null) {
    this.#seed = seed
    this.#type = isHalf ? FLOAT16 : FLOAT32
    this.#beside = beside
  }

  input(name: string, shape: Port['shape'], type: number = this.#type): string {
    this.#inputs.push({ name, type, shape })
    return name
  }

  output(name: string, shape: Port['shape'], value: string): void {
    this.#nodes.push({ op: 'Identity', domain: '', name: '', inputs: [value], outputs: [name], attributes: {}, rest: [] })
    this.#outputs.push({ name, type: this.#type, shape })
  }

  /** The first result of an operator. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const name = `${op}${this.#nodes.length}`
    this.#nodes.push({ op, domain: '', name, inputs, outputs: [name], attributes, rest: [] })
    return name
  }

  /** In the graph's own type of floats. */
  cast(value: string): string {
    return this.node('Cast', [value], { to: { type: 'int', value: this.#type } })
  }

  /** Axes, for operators that take them as an input. */
  axes(...axes: readonly number[]): string {
    return this.#constant(INT64, [axes.length], BigInt64Array.from(axes, BigInt))
  }

  /** A number in the graph's own type. */
  number(value: number): string {
    return this.given([], Float32Array.of(value))
  }

  /** Weights of these values, row by row. */
  given(shape: readonly number[], values: Float32Array): string {
    return this.#constant(this.#type, shape, this.#type === FLOAT16 ? Uint16Array.from(values, halfOf) : values)
  }

  /** Normal weights of that deviation. */
  drawn(shape: readonly number[], deviation: number): string {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
    normalsInto(values, noiseOf(this.#seed * 1000 + this.#constants.length))
    return this.given(
      shape,
      values.map((value) => value * deviation),
    )
  }

  write(): Written {
    const graph: Graph = {
      name: 'tiny',
      nodes: this.#nodes,
      constants: this.#constants,
      inputs: this.#inputs,
      outputs: this.#outputs,
      values: [],
      rest: [],
    }
    const model = writeModel({ irVersion: 8, opsets: new Map([['', 17]]), graph, rest: [] })
    return { model, weights: Uint8Array.from(Buffer.concat(this.#weights)) }
  }

  #constant(type: number, shape: readonly number[], values: ArrayBufferView): string {
    const name = `w${this.#constants.length}`
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const message = new Message()
    for (const side of shape) message.integer(1, side)
    message.integer(2, type).text(8, name)
    if (this.#beside && type !== INT64) {
      const offset = this.#weights.reduce((sum, { length }) => sum + length, 0)
      for (const [key, value] of Object.entries({ location: this.#beside, offset, length: raw.length }))
        message.message(13, new Message().text(1, key).text(2, String(value)))
      message.integer(14, 1)
      this.#weights.push(raw)
    } else message.bytes(9, raw)
    this.#constants.push({ name, type, shape, bytes: message.encode() })
    return name
  }
}
