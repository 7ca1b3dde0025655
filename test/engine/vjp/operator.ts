import { InferenceSession, Tensor } from 'onnxruntime-node'
import { type Attribute, BOOL, type Constant, FLOAT, INT64, type Model, type Node, type Port } from '../../../main/engine/vjp/file/model.ts'
import { makeConstant, writeModel } from '../../../main/engine/vjp/file/write.ts'
import { cotangentOf, derivativeOf, gradientOf, jvpModel, tangentOf, vjpModel } from '../../../main/engine/vjp/vjp.ts'

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

type Values = Float32Array | BigInt64Array | Uint8Array
interface Built {
  readonly model: Model
  readonly feeds: Readonly<Record<string, Tensor>>
  readonly free: readonly string[]
  readonly heads: readonly string[]
}

/** A generator of numbers in 0..1, the same for the same seed. */
export function chance(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
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
  return { model: { irVersion: 8, opsets: new Map([['', opset]]), graph, rest: [] }, feeds, free, heads }
}

const attributesOf = (plain: NonNullable<Operator['attributes']>): Record<string, Attribute> =>
  Object.fromEntries(
    Object.entries(plain).map(([name, value]): [string, Attribute] => {
      if (typeof value === 'number') return [name, { type: 'int', value }]
      if (typeof value === 'string') return [name, { type: 'string', value }]
      return [name, 'float' in value ? { type: 'float', value: value.float } : { type: 'ints', value }]
    }),
  )

export async function session(bytes: Uint8Array): Promise<InferenceSession> {
  return await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 })
}

export const dot = (a: Values, b: Values): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Number(a[i]) * Number(b[i])
  return sum
}

const STEP = 1e-2

/** How an operator's gradients compare with differences; all sums of products over all elements. */
export interface Comparison {
  /** Σ ȳ · dy/dh along the direction, by differences of fourth order. */
  readonly differences: number
  /** The same by the gradient: Σ x̄ · v. */
  readonly gradient: number
  /** And by forward mode: Σ ȳ · J v. */
  readonly derivative: number
  /** What the sums could be if nothing cancelled, and slopes were at least a tenth. */
  readonly scale: number
  readonly shapes: { readonly gradients: readonly (readonly number[])[]; readonly operands: readonly (readonly number[])[] }
}

/** Compares at a random place, along a random direction, seen through random cotangents. */
export async function compare(operator: Operator): Promise<Comparison> {
  const { model, feeds, free, heads } = build(operator)
  const bytes = writeModel(model)
  const moved = free.filter((name) => feeds[name])
  const weights = free.filter((name) => !feeds[name])
  const next = chance(operator.seed + 1)
  const forward = await session(bytes)
  const y = await forward.run(feeds)
  const cotangents = Object.fromEntries(heads.map((name) => [name, randomLike(y[name] as Tensor, next)]))
  const directions = Object.fromEntries(moved.map((name) => [name, randomLike(feeds[name] as Tensor, next)]))

  const at = async (h: number) => {
    const shifted = Object.fromEntries(moved.map((name) => [name, shift(feeds[name] as Tensor, directions[name] as Tensor, h)]))
    return await forward.run({ ...feeds, ...shifted })
  }
  const [far, near, behind, beyond] = [await at(2 * STEP), await at(STEP), await at(-STEP), await at(-2 * STEP)]
  let [differences, scale] = [0, 0]
  for (const name of heads) {
    const [a, b, c, d] = [far, near, behind, beyond].map((out) => out[name]?.data as Float32Array)
    const weight = (cotangents[name] as Tensor).data as Float32Array
    for (let i = 0; i < weight.length; i++) {
      const slope = (8 * (b![i]! - c![i]!) - (a![i]! - d![i]!)) / (12 * STEP)
      differences += weight[i]! * slope
      scale += Math.abs(weight[i]! * slope) + 0.1 * Math.abs(weight[i]!)
    }
  }

  const choice = { wrt: [...moved, ...weights] }
  const backward = await session(vjpModel(bytes, choice))
  const results = await backward.run({ ...feeds, ...renamed(cotangents, cotangentOf) })
  const gradients = moved.map((name) => results[gradientOf(name)] as Tensor)
  const gradient = moved.reduce((sum, name, i) => sum + dot(gradients[i]!.data as Float32Array, directions[name]!.data as Float32Array), 0)

  const along = await session(jvpModel(bytes, { wrt: moved }))
  const derivatives = await along.run({ ...feeds, ...renamed(directions, tangentOf) })
  const derivative = heads.reduce(
    (sum, name) => sum + dot(derivatives[derivativeOf(name)]!.data as Float32Array, cotangents[name]!.data as Float32Array),
    0,
  )
  for (const open of [forward, backward, along]) await open.release()
  const shapes = { gradients: gradients.map(({ dims }) => [...dims]), operands: moved.map((name) => [...feeds[name]!.dims]) }
  return { differences, gradient, derivative, scale, shapes }
}

const renamed = (tensors: Readonly<Record<string, Tensor>>, name: (name: string) => string) =>
  Object.fromEntries(Object.entries(tensors).map(([key, value]) => [name(key), value]))
const randomLike = ({ dims, data }: Tensor, next: () => number): Tensor =>
  new Tensor(
    'float32',
    Float32Array.from({ length: data.length }, () => next() * 2 - 1),
    dims,
  )
const shift = ({ dims, data }: Tensor, by: Tensor, h: number): Tensor =>
  new Tensor(
    'float32',
    (data as Float32Array).map((value, i) => value + h * Number(by.data[i])),
    dims,
  )
