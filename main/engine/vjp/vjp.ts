import { fault } from '../../../preload/contract/fault.ts'
import type { Tensor } from '../../math/tensor.ts'
import type { Model } from './file/model.ts'
import { readModel } from './file/read.ts'
import { writeModel } from './file/write.ts'
import { prune } from './prune.ts'
import { type Choice, cotangentOf, gradientOf, reverse } from './reverse.ts'

export type { Choice } from './reverse.ts'

/** Lowest opset that is read, and the lowest that the gradient's operators need; between them nothing else changed its meaning. */
const [OLDEST, NEEDED] = [13, 16]
/** Version of the file format that goes with it. */
const IR_VERSION = 8

/**
 * Reverse mode: from a model y = f(x) the model (x, ȳ) ↦ (y, x̄ = Jᵀ ȳ), J the Jacobian of the chosen outputs by `wrt`.
 * Inputs: those of the model, then for every output its cotangent (`cotangentOf`), float32, shaped like the output.
 * Outputs: the outputs, then for every name in `wrt` its gradient (`gradientOf`), shaped like the value.
 * Weights are used twice, not written twice; those in other files stay there, so the result must lie beside them.
 * @throws FaultError `unsupported` naming node and operator where a derivative is not known, `invalid` for a name that is not
 * there, `damaged` for bytes that are no model.
 */
export function vjpModel(bytes: Uint8Array, choice: Choice): Uint8Array<ArrayBuffer> {
  const model = prepare(bytes)
  return finished(reverse(model, choice), model)
}

/**
 * Forward mode by reverse mode twice: x̄ is linear in ȳ, and its own vector-Jacobian product by ȳ is J v. Inputs: those of the
 * model, then for every name in `wrt` its tangent (`tangentOf`). Outputs: the outputs, then for each its derivative along the
 * tangents (`derivativeOf`). @throws as `vjpModel`.
 */
export function jvpModel(bytes: Uint8Array, choice: Choice): Uint8Array<ArrayBuffer> {
  const model = prepare(bytes)
  const once = reverse(model, choice)
  const heads = once.graph.outputs.slice(0, -choice.wrt.length).map(({ name }) => name)
  const twice = reverse(once, { outputs: choice.wrt.map(gradientOf), wrt: heads.map(cotangentOf) })
  // The result does not depend on ȳ but for its shape, for which y itself serves.
  const names = new Map<string, string>([
    ...heads.map((name): [string, string] => [cotangentOf(name), name]),
    ...choice.wrt.map((name): [string, string] => [cotangentOf(gradientOf(name)), tangentOf(name)]),
    ...heads.map((name): [string, string] => [gradientOf(cotangentOf(name)), derivativeOf(name)]),
  ])
  const rename = (name: string): string => names.get(name) ?? name
  const { graph } = twice
  const ports = (list: typeof graph.inputs) =>
    list.map(({ name, type, shape, bytes: written }) =>
      names.has(name) || !written ? { name: rename(name), type, shape } : { name, type, shape, bytes: written },
    )
  const outputs = graph.outputs.filter(({ name }) => !choice.wrt.some((wrt) => gradientOf(wrt) === name))
  const renamed = {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) })),
    inputs: ports(graph.inputs.filter(({ name }) => !heads.some((head) => cotangentOf(head) === name))),
    outputs: ports([...once.graph.outputs.slice(0, heads.length), ...outputs]),
  }
  return finished({ ...twice, graph: renamed }, model)
}

/** Without what nothing depends on, and saying of the values between no more than the model did. */
function finished(result: Model, { graph: { values } }: Model): Uint8Array<ArrayBuffer> {
  return writeModel({ ...result, graph: prune({ ...result.graph, values }) })
}

export { cotangentOf, gradientOf }
export const tangentOf = (input: string): string => `${input}/tangent`
export const derivativeOf = (output: string): string => `${output}/derivative`

/** Reads a model and raises it to the opset that the gradient needs. */
function prepare(bytes: Uint8Array): Model {
  const model = readModel(bytes)
  const opset = model.opsets.get('') ?? 0
  if (opset < OLDEST)
    throw fault(
      'unsupported',
      'The gradient of this model cannot be built.',
      `It was exported with opset ${opset}; gradients need ${OLDEST} or later.`,
      'Export the model again with a later opset.',
    )
  const fixed = new Set(model.graph.constants.map(({ name }) => name))
  return {
    ...model,
    irVersion: Math.max(model.irVersion, IR_VERSION),
    opsets: new Map(model.opsets).set('', Math.max(opset, NEEDED)),
    // Inputs with a default are constants: shapes may depend on them.
    graph: { ...model.graph, inputs: model.graph.inputs.filter(({ name }) => !fixed.has(name)) },
  }
}

export type Tensors = Readonly<Record<string, Tensor>>
/** Whatever runs a model: a leased session, for one. */
export interface Runs {
  run(inputs: Tensors, signal: AbortSignal): Promise<Tensors>
}

/**
 * One forward and one reverse sweep of a model made by `vjpModel`.
 * @param cotangents by the names of the outputs. @returns outputs by their names, gradients by the names of the inputs.
 */
export async function vjp(
  network: Runs,
  inputs: Tensors,
  cotangents: Tensors,
  signal: AbortSignal,
): Promise<{ readonly outputs: Tensors; readonly gradients: Tensors }> {
  const results = await network.run({ ...inputs, ...keyed(cotangents, cotangentOf) }, signal)
  const [outputs, gradients] = parted(results, gradientOf(''))
  return { outputs, gradients }
}

/** One sweep of a model made by `jvpModel`. @param tangents by the names of the inputs. @returns both by the names of the outputs. */
export async function jvp(
  network: Runs,
  inputs: Tensors,
  tangents: Tensors,
  signal: AbortSignal,
): Promise<{ readonly outputs: Tensors; readonly derivatives: Tensors }> {
  const results = await network.run({ ...inputs, ...keyed(tangents, tangentOf) }, signal)
  const [outputs, derivatives] = parted(results, derivativeOf(''))
  return { outputs, derivatives }
}

const keyed = (tensors: Tensors, name: (name: string) => string): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([key, value]) => [name(key), value]))

/** Those without a suffix, and those with it, which they lose. */
function parted(tensors: Tensors, suffix: string): [Tensors, Tensors] {
  const entries = Object.entries(tensors)
  return [
    Object.fromEntries(entries.filter(([name]) => !name.endsWith(suffix))),
    Object.fromEntries(entries.filter(([name]) => name.endsWith(suffix)).map(([name, value]) => [name.slice(0, -suffix.length), value])),
  ]
}
