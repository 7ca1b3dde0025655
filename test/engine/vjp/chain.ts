import { type Attribute, type Constant, FLOAT, type Model, type Node } from '../../../main/engine/vjp/file/model.ts'
import { makeConstant } from '../../../main/engine/vjp/file/write.ts'
import { chance } from './differences.ts'

/** A value by its name, '$' for the last result that was called so; or a constant. */
type Operand =
  | string
  | readonly number[]
  | { readonly random: readonly number[] }
  | { readonly ones: readonly number[] }
  | { readonly zeros: readonly number[] }
  | { readonly scalar: number }
  | { readonly index: number }
/** Operator, operands, name or names of what comes out ('$' to go on with it), attributes. */
export type Step = readonly [
  op: string,
  operands: readonly Operand[],
  results: string | readonly string[],
  attributes?: Readonly<Record<string, number | string | readonly number[]>>,
]

/** A model from `x` [n, 3, h, w] to `y`, step by step; names of values may be used again. */
export function chain(steps: readonly Step[], opset: number): Model {
  const nodes: Node[] = []
  const constants: Constant[] = []
  const names = new Map([['$', 'x']])
  const next = chance(steps.length)
  const resolve = (operand: Operand): string => {
    if (typeof operand === 'string') return names.get(operand) ?? ''
    const name = `c${constants.length}`
    constants.push(constantOf(name, operand, next))
    return name
  }
  steps.forEach(([op, operands, results, attributes = {}], step) => {
    const inputs = operands.map(resolve)
    const outputs = [results].flat().map((result, place) => {
      const name = step === steps.length - 1 ? 'y' : `v${step}.${place}`
      names.set(result as string, name)
      return name
    })
    const held = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)]))
    nodes.push({ op, domain: '', name: `step ${step}`, inputs, outputs, attributes: held, rest: [] })
  })
  const inputs = [{ name: 'x', type: FLOAT, shape: ['n', 3, 'h', 'w'] }]
  const outputs = [{ name: 'y', type: FLOAT, shape: null }]
  const graph = { name: 'chain', nodes, constants, inputs, outputs, values: [], rest: [] }
  return { irVersion: 7, opsets: new Map([['', opset]]), graph, rest: [] }
}

/** Random weights are small enough for what comes out of a layer to stay near 1. */
function constantOf(name: string, operand: Exclude<Operand, string>, next: () => number): Constant {
  if (!('length' in operand)) {
    if ('scalar' in operand) return makeConstant(name, [], Float32Array.of(operand.scalar))
    if ('index' in operand) return makeConstant(name, [], BigInt64Array.of(BigInt(operand.index)))
    if ('ones' in operand) return makeConstant(name, operand.ones, new Float32Array(operand.ones[0] as number).fill(1))
    if ('zeros' in operand) return makeConstant(name, operand.zeros, new Float32Array(operand.zeros[0] as number))
    const size = operand.random.reduce((all, side) => all * side, 1)
    const spread = 3 / Math.sqrt(size / (operand.random[0] as number))
    return makeConstant(
      name,
      operand.random,
      Float32Array.from({ length: size }, () => spread * (next() - 0.5)),
    )
  }
  return makeConstant(name, [operand.length], BigInt64Array.from(operand, BigInt))
}

function attributeOf(value: number | string | readonly number[]): Attribute {
  if (typeof value === 'number') return { type: 'int', value }
  return typeof value === 'string' ? { type: 'string', value } : { type: 'ints', value }
}
