import { InferenceSession, Tensor } from 'onnxruntime-node'
import { cotangentOf, derivativeOf, gradientOf, jvpModel, tangentOf, vjpModel } from '../../../main/engine/vjp/vjp.ts'

/** A generator of numbers in 0..1, the same for the same seed. */
export function chance(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

export async function session(bytes: Uint8Array): Promise<InferenceSession> {
  return await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 })
}

export const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
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
  /** Largest difference between the outputs beside the gradient and those of the model alone. */
  readonly strayed: number
  readonly shapes: { readonly gradients: readonly (readonly number[])[]; readonly operands: readonly (readonly number[])[] }
}

/**
 * Compares along a random direction, seen through random cotangents.
 * @param free names of the inputs that move, with how far.
 * @param weights constants whose gradients are asked for as well.
 */
export async function compareModel(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, Tensor>>,
  free: Readonly<Record<string, number>>,
  weights: readonly string[],
  seed: number,
): Promise<Comparison> {
  const moved = Object.keys(free)
  const next = chance(seed)
  const forward = await session(bytes)
  const heads = forward.outputNames
  const y = await forward.run(feeds)
  const cotangents = Object.fromEntries(heads.map((name) => [name, randomLike(y[name] as Tensor, next)]))
  const directions = Object.fromEntries(moved.map((name) => [name, randomLike(feeds[name] as Tensor, next, free[name])]))

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

  const backward = await session(vjpModel(bytes, { wrt: [...moved, ...weights] }))
  const results = await backward.run({ ...feeds, ...renamed(cotangents, cotangentOf) })
  const strayed = Math.max(
    ...heads.map((name) => {
      const [alone, beside] = [y[name], results[name]].map((value) => value?.data as Float32Array)
      return alone!.reduce((most, value, i) => Math.max(most, Math.abs(value - beside![i]!)), 0)
    }),
  )
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
  return { differences, gradient, derivative, scale, strayed, shapes }
}

const renamed = (tensors: Readonly<Record<string, Tensor>>, name: (name: string) => string) =>
  Object.fromEntries(Object.entries(tensors).map(([key, value]) => [name(key), value]))
const randomLike = ({ dims, data }: Tensor, next: () => number, size = 1): Tensor =>
  new Tensor(
    'float32',
    Float32Array.from({ length: data.length }, () => size * (next() * 2 - 1)),
    dims,
  )
const shift = ({ dims, data }: Tensor, by: Tensor, h: number): Tensor =>
  new Tensor(
    'float32',
    (data as Float32Array).map((value, i) => value + h * Number(by.data[i])),
    dims,
  )
