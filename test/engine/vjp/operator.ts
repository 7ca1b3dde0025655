import { Tensor } from 'onnxruntime-node'
import { type Attribute, BOOL, type Constant, FLOAT, INT64, type Model, type Node, type Port } from '../../../main/engine/vjp/file/model.ts'
import { makeConstant, writeModel } from '../../../main/engine/vjp/file/write.ts'
import { type Comparison, chance, compareModel } from './differences.ts'

/** What an operator is given. Ranges keep away from kinks: `apart` from zero, `distinct` from each other. */
export type Operand =
  | { readonly shape: readonly number[]; readonly range?: Range; readonly isWeight?: boolean }
  /** A vector of integers (a scalar where `shape` says so); `isLive` where it may come in when the model runs. */
  | { readonly ints: readonly number[]; readonly shape?: readonly number[]; readonly isLive?: boolean }
  | { readonly floats: readonly number[]; readonly shape?: readonly number[] }
  | { readonly choices: readonly number[] }
  | null
export type Range = 'any' | 'positive' | 'apart' | 'distinct' | 'inside'

/** One operator at work, small enough for finite differences. */
export interface Operator {
  readonly op: string
  readonly operands: readonly Operand[]
  readonly attributes?: Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>
  readonly outputs?: number
  readonly opset?: number
  /** Whether sides are names and live integers come in when the model runs. */
  readonly isDynamic?: boolean
  readonly seed: number
}

interface Built {
  readonly model: Model
  readonly feeds: Readonly<Record<string, Tensor>>
  readonly free: readonly string[]
}

function fill(shape: readonly number[], range: Range, next: () => number): Float32Array {
  const size = shape.reduce((all, side) => all * side, 1)
  if (range === 'distinct') {
    const order = Array.from({ length: size }, (_, i) => ({ i, key: next() })).sort((a, b) => a.key - b.key)
    return Float32Array.from(order, ({ i }) => (i - Math.floor(size / 2)) * 0.11 + 0.03)
  }
  return Float32Array.from({ length: size }, () => {
    const value = next()
    if (range === 'positive') return 0.5 + value
    if (range === 'inside') return value * 1.6 - 0.8
    const wide = value * 3 - 1.5
    return range === 'apart' ? wide + Math.sign(wide) * 0.15 : wide
  })
}

/** A model of one node, and what to feed it. */
export function build({ op, operands, attributes = {}, outputs = 1, opset = 17, isDynamic = false, seed }: Operator): Built {
  const next = chance(seed)
  const constants: Constant[] = []
  const inputs: Port[] = []
  const feeds: Record<string, Tensor> = {}
  const free: string[] = []
  const given = operands.slice(0, operands.findLastIndex((operand) => operand !== null) + 1)
  const names = given.map((operand, place) => {
    if (operand === null) return ''
    const name = `x${place}`
    const enter = (type: number, shape: readonly number[], tensor: Tensor) => {
      inputs.push({ name, type, shape: isDynamic && type !== INT64 ? shape.map((_, axis) => `${name}_${axis}`) : shape })
      feeds[name] = tensor
    }
    if ('ints' in operand) {
      const values = BigInt64Array.from(operand.ints, BigInt)
      const shape = operand.shape ?? [values.length]
      if (isDynamic && operand.isLive) enter(INT64, shape, new Tensor('int64', values, shape))
      else constants.push(makeConstant(name, shape, values))
    } else if ('floats' in operand) {
      constants.push(makeConstant(name, operand.shape ?? [operand.floats.length], Float32Array.from(operand.floats)))
    } else if ('choices' in operand) {
      const shape = operand.choices
      const values = Uint8Array.from(fill(shape, 'any', next), (value) => Number(value > 0))
      enter(BOOL, shape, new Tensor('bool', values, shape))
    } else {
      const values = fill(operand.shape, operand.range ?? 'any', next)
      free.push(name)
      if (operand.isWeight) constants.push(makeConstant(name, operand.shape, values))
      else enter(FLOAT, operand.shape, new Tensor('float32', values, operand.shape))
    }
    return name
  })
  const heads = Array.from({ length: outputs }, (_, i) => `y${i}`)
  const node: Node = { op, domain: '', name: 'node', inputs: names, outputs: heads, attributes: attributesOf(attributes), rest: [] }
  const graph = {
    name: 'one',
    nodes: [node],
    constants,
    inputs,
    outputs: heads.map((name) => ({ name, type: FLOAT, shape: null })),
    values: [],
    rest: [],
  }
  return { model: { irVersion: 8, opsets: new Map([['', opset]]), graph, rest: [] }, feeds, free }
}

const attributesOf = (plain: NonNullable<Operator['attributes']>): Record<string, Attribute> =>
  Object.fromEntries(
    Object.entries(plain).map(([name, value]): [string, Attribute] => {
      if (typeof value === 'number') return [name, { type: 'int', value }]
      if (typeof value === 'string') return [name, { type: 'string', value }]
      return [name, 'float' in value ? { type: 'float', value: value.float } : { type: 'ints', value }]
    }),
  )

/** Compares an operator's gradients with differences at a random place. */
export async function compare(operator: Operator): Promise<Comparison> {
  const { model, feeds, free } = build(operator)
  const moved = free.filter((name) => feeds[name])
  const weights = free.filter((name) => !feeds[name])
  return await compareModel(writeModel(model), feeds, Object.fromEntries(moved.map((name) => [name, 1])), weights, operator.seed + 1)
}
