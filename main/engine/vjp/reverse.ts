import { fault } from '../../../preload/contract/fault.ts'
import { captured, hasGraph } from './captured.ts'
import { Emitter } from './emitter.ts'
import { FLOAT, type Graph, type Model, type Node, type Port } from './file/model.ts'
import { refusal } from './rule.ts'
import { FLAT, rules } from './rules/index.ts'

export interface Choice {
  /** Outputs whose cotangents come in; all that are float32 where absent. */
  readonly outputs?: readonly string[]
  /** Inputs (or weights) for which gradients go out. */
  readonly wrt: readonly string[]
}

export const cotangentOf = (output: string): string => `${output}/cotangent`
export const gradientOf = (input: string): string => `${input}/gradient`

/** Float types: 1 float32, 10 float16, 11 float64, 16 bfloat16. */
const FLOATS: readonly number[] = [1, 10, 11, 16]

/** Adds the reverse sweep to a model, with what is known of its shapes. What nothing depends on any more is left in. */
export function reverse(model: Model, { outputs, wrt }: Choice): Model {
  const { graph } = model
  const heads = outputs ? outputs.map((name) => portOf(graph.outputs, name)) : graph.outputs.filter(({ type }) => type === FLOAT)
  const b = new Emitter(model)
  const active = activeValues(graph, wrt)
  const gradients = new Map<string, string[]>()
  const values: Port[] = []
  const give = (name: string, gradient: string) => {
    gradients.set(name, [...(gradients.get(name) ?? []), gradient])
    const shape = b.facts.shape(name)
    if (shape) values.push({ name: gradient, type: FLOAT, shape })
  }
  /** The gradient of a value: the sum of what came from its uses. */
  const total = (name: string): string | undefined => {
    const [first, ...rest] = gradients.get(name) ?? []
    if (first === undefined || rest.length === 0) return first
    return rest.length === 1 ? b.add(first, rest[0] as string) : b.emit('Sum', [first, ...rest])
  }

  for (const { name } of heads) give(name, cotangentOf(name))
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => active.has(name))) continue
    const gs = node.outputs.map((name) => (active.has(name) ? total(name) : undefined))
    if (gs.every((gradient) => gradient === undefined)) continue
    const rule = node.domain === '' ? rules[node.op] : undefined
    if (!rule) throw refusal(node, hasGraph(node) ? 'which decides while it runs what is computed' : 'whose derivative is not known')
    if (gs[0] === undefined && node.op !== 'Split') throw refusal(node, 'of which only the first output can be differentiated')
    const thunks = rule({ node, x: node.inputs, y: node.outputs[0] as string, g: gs[0] ?? '', gs, b })
    node.inputs.forEach((name, place) => {
      if (!active.has(name)) return
      const thunk = thunks[place]
      if (!thunk) throw refusal(node, `whose derivative by input ${place + 1} is not known`)
      const gradient = thunk()
      if (gradient !== undefined) give(name, gradient)
    })
  }

  const ends = wrt.map((name) => {
    b.nodes.push(identity(total(name) ?? b.zerosLike(name), gradientOf(name)))
    return { name: gradientOf(name), type: FLOAT, shape: b.facts.shape(name) ?? null }
  })
  return {
    ...model,
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...b.nodes],
      constants: [...graph.constants, ...b.constants],
      inputs: [...graph.inputs, ...heads.map(({ name }) => ({ name: cotangentOf(name), type: FLOAT, shape: b.facts.shape(name) ?? null }))],
      outputs: [...heads, ...ends],
      values: [...graph.values, ...values],
    },
  }
}

/** Every value that changes smoothly with what is asked for. @throws FaultError where a branch or loop does. */
function activeValues(graph: Graph, wrt: readonly string[]): Set<string> {
  const active = new Set<string>()
  const types = new Map<string, number>([...graph.constants, ...graph.inputs].map(({ name, type }) => [name, type]))
  for (const name of wrt) {
    if (types.get(name) !== FLOAT) throw noSuch(name, types.has(name))
    active.add(name)
  }
  for (const node of graph.nodes) {
    if (hasGraph(node) && captured(node).some((name) => active.has(name)))
      throw refusal(node, 'which decides while it runs what is computed')
    if (!node.inputs.some((name) => active.has(name)) || (node.domain === '' && FLAT.has(node.op))) continue
    const to = node.attributes.to
    if (node.op === 'Cast' && to?.type === 'int' && !FLOATS.includes(to.value)) continue
    for (const name of node.outputs) if (name) active.add(name)
  }
  return active
}

const identity = (from: string, to: string): Node => ({
  op: 'Identity',
  domain: '',
  name: to,
  inputs: [from],
  outputs: [to],
  attributes: {},
  rest: [],
})

function portOf(ports: readonly Port[], name: string): Port {
  const port = ports.find((candidate) => candidate.name === name)
  if (port?.type !== FLOAT) throw noSuch(name, port !== undefined)
  return port
}

const noSuch = (name: string, isThere: boolean) =>
  fault(
    'invalid',
    'The gradient of this model cannot be built.',
    isThere ? `Its value "${name}" does not hold float32 numbers.` : `It has no value "${name}".`,
    'Name an input, a weight or an output of the model.',
  )
