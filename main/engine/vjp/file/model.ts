import type { Field } from './protobuf.ts'

/** Element types by ONNX's numbers, as far as they matter here. */
export const FLOAT = 1
export const INT64 = 7
export const BOOL = 9

/** An ONNX model in memory. `rest` holds fields that nothing here looks at: they are written back as they were. */
export interface Model {
  readonly irVersion: number
  /** Domain → version; the standard operators have the domain ''. */
  readonly opsets: ReadonlyMap<string, number>
  readonly graph: Graph
  readonly rest: readonly Field[]
}

export interface Graph {
  readonly name: string
  /** Each after those whose outputs it uses. */
  readonly nodes: readonly Node[]
  readonly constants: readonly Constant[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** What the file says of values between the nodes. */
  readonly values: readonly Port[]
  readonly rest: readonly Field[]
}

/** An operator at work. An optional input that is not given has the name ''. */
export interface Node {
  readonly op: string
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly rest: readonly Field[]
}

/** The value of an attribute. What has no plain form here (graphs, sparse tensors…) stays bytes. */
export type Attribute =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'tensor'; readonly value: Constant }
  | { readonly type: 'graph'; readonly value: Uint8Array }
  | { readonly type: 'other'; readonly value: Uint8Array }

/** A tensor that is part of the file, or named by it in another one. `bytes` is its message. */
export interface Constant {
  readonly name: string
  readonly type: number
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** A value's name, element type and shape; a side is a number, a name, or null when nothing is known. */
export interface Port {
  readonly name: string
  readonly type: number
  readonly shape: readonly (number | string | null)[] | null
  /** Its message where it was read from a file. */
  readonly bytes?: Uint8Array
}

export const intsOf = (node: Node, name: string): readonly number[] | undefined => {
  const attribute = node.attributes[name]
  return attribute?.type === 'ints' ? attribute.value : undefined
}
export const numberOf = <T>(node: Node, name: string, otherwise: T): number | T => {
  const attribute = node.attributes[name]
  return attribute?.type === 'int' || attribute?.type === 'float' ? attribute.value : otherwise
}
export const stringOf = (node: Node, name: string, otherwise: string): string => {
  const attribute = node.attributes[name]
  return attribute?.type === 'string' ? attribute.value : otherwise
}
