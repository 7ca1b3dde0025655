import { fault } from '../../../../preload/contract/fault.ts'
import { type Constant, type Graph, type Model, type Node, numberOf } from '../file/model.ts'
import { numbersOf } from '../file/tensor-data.ts'
import { contentsRules } from './contents.ts'
import { type Dim, type Dims, isUnknown } from './dim.ts'
import { shapeRules } from './shape-rules.ts'

/** What a rule may ask of its node. */
export interface Inputs {
  readonly node: Node
  readonly opset: number
  /** Shape of the input at a place, if it is known. */
  shape(place: number): Dims | undefined
  /** Contents of an integer scalar or vector, if they are known; some sides by name only. */
  contents(place: number): Dims | undefined
  /** Numbers of a constant input. */
  numbers(place: number): readonly number[] | undefined
}

/** What can be said of the values of a graph before it runs. */
export class Facts {
  readonly opset: number
  readonly #shapes = new Map<string, Dims>()
  readonly #contents = new Map<string, Dims>()
  readonly #constants = new Map<string, Constant>()
  readonly #origins = new Map<Dim, { readonly name: string; readonly axis: number }>()
  readonly #makers = new Map<string, Node>()
  readonly #types = new Map<string, number>()

  constructor({ graph, opsets }: Model) {
    this.opset = opsets.get('') ?? 0
    for (const constant of graph.constants) this.#hold(constant.name, constant)
    for (const { name, type } of [...graph.inputs, ...graph.outputs, ...graph.values]) this.#types.set(name, type)
    for (const { name, shape } of graph.inputs) {
      const sides = shape?.map((side, axis) => side ?? `${name}:${axis}`)
      if (sides && !this.#shapes.has(name)) this.#setShape(name, sides)
    }
    const declared = new Map([...graph.values, ...graph.outputs].map((port) => [port.name, port.shape]))
    for (const node of graph.nodes) {
      for (const name of node.outputs) this.#makers.set(name, node)
      this.#learn(node, declared)
    }
  }

  shape(name: string): Dims | undefined {
    return this.#shapes.get(name)
  }
  contents(name: string): Dims | undefined {
    return this.#contents.get(name)
  }
  constant(name: string): Constant | undefined {
    return this.#constants.get(name)
  }
  /** The first value, and its axis, that is known to have a side: what came first is there anyhow. */
  origin(side: Dim): { readonly name: string; readonly axis: number } | undefined {
    return this.#origins.get(side)
  }
  /** The node that a value comes out of. */
  maker(name: string): Node | undefined {
    return this.#makers.get(name)
  }
  /** Element type, where the file tells it. */
  type(name: string): number | undefined {
    return this.#types.get(name) ?? this.#constants.get(name)?.type
  }
  numbers(name: string): readonly number[] | undefined {
    const constant = this.#constants.get(name)
    if (constant) return numbersOf(constant)
    const contents = this.#contents.get(name)
    return contents?.every((side) => typeof side === 'number') ? (contents as readonly number[]) : undefined
  }
  /** The rank of a value. @throws FaultError `unsupported` where it is not known. */
  rank(name: string): number {
    const shape = this.#shapes.get(name)
    if (shape) return shape.length
    throw fault(
      'unsupported',
      'The gradient of this model cannot be built.',
      `It is not known how many axes its value "${name}" has.`,
      'Export the model again with shapes written into the file.',
    )
  }

  #setShape(name: string, shape: Dims): void {
    this.#shapes.set(name, shape)
    for (const [axis, side] of shape.entries()) if (!this.#origins.has(side)) this.#origins.set(side, { name, axis })
  }

  #hold(name: string, constant: Constant): void {
    this.#constants.set(name, constant)
    this.#shapes.set(name, constant.shape)
    if (constant.type !== 1 && constant.shape.length <= 1) {
      const numbers = numbersOf(constant)
      if (numbers) this.#contents.set(name, numbers)
    }
  }

  #learn(node: Node, declared: ReadonlyMap<string, Graph['values'][number]['shape']>): void {
    const inputs: Inputs = {
      node,
      opset: this.opset,
      shape: (place) => this.#shapes.get(node.inputs[place] ?? ''),
      contents: (place) => this.#contents.get(node.inputs[place] ?? ''),
      numbers: (place) => this.numbers(node.inputs[place] ?? ''),
    }
    const [first = ''] = node.outputs
    if (node.op === 'Constant') {
      this.#holdNode(node, first)
      return
    }
    const known = node.domain === '' ? shapeRules[node.op]?.(inputs) : undefined
    const shapes = known && (Array.isArray(known[0]) ? (known as readonly Dims[]) : node.outputs.map(() => known as Dims))
    node.outputs.forEach((name, place) => {
      const told = declared.get(name)
      const found = shapes?.[place]
      const sides =
        found?.map((side, axis) => (typeof told?.[axis] === 'number' || isUnknown(side) ? (told?.[axis] ?? side) : side)) ?? told
      const shape = sides?.map((side, axis) => (side === null || isUnknown(side) ? `${name}:${axis}` : side))
      if (name && shape) this.#setShape(name, shape)
    })
    const contents = contentsRules[node.op]?.(inputs)
    if (contents && (this.#shapes.get(first)?.length ?? 2) <= 1) this.#contents.set(first, contents)
  }

  #holdNode(node: Node, name: string): void {
    const value = node.attributes.value
    const ints = node.attributes.value_ints
    if (value?.type === 'tensor') this.#hold(name, value.value)
    else if (ints?.type === 'ints') {
      this.#shapes.set(name, [ints.value.length])
      this.#contents.set(name, ints.value)
    } else if (node.attributes.value_int) {
      this.#shapes.set(name, [])
      this.#contents.set(name, [numberOf(node, 'value_int', 0)])
    } else if (node.attributes.value_float) this.#shapes.set(name, [])
  }
}

/** An axis counted from the front. */
export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
export type ShapeRule = (inputs: Inputs) => Dims | readonly Dims[] | undefined
export type ContentsRule = (inputs: Inputs) => readonly Dim[] | undefined
