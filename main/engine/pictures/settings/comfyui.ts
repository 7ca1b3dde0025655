import { z } from 'zod'
import { type Carried, NOTHING_CARRIED, numberOf, wordsOf } from './carried.ts'

const Node = z.object({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) })
type Node = z.infer<typeof Node>
const Workflow = z.record(z.string(), z.unknown())
type Graph = ReadonlyMap<string, Node>

/** Most nodes that are looked at. */
const NODE_LIMIT = 5000

/** The graph that ComfyUI writes under `prompt`: what its sampler is joined to. Null where there is no sampler in it. */
export function readComfyUi(text: string): Carried | null {
  const graph = graphOf(text)
  const samplers = [...(graph?.values() ?? [])].filter(({ class_type }) => class_type.startsWith('KSampler'))
  // Of several the one that begins from nothing made the picture; the others work on it.
  const sampler = samplers.find(({ inputs }) => graph && latentOf(graph, inputs.latent_image)) ?? samplers[0]
  if (!graph || !sampler) return null
  const { inputs } = sampler
  const latent = latentOf(graph, inputs.latent_image)?.inputs ?? {}
  const value = (given: unknown) => resolved(graph, given)
  const model = first(graph, inputs.model, (node) => wordsOf(node.inputs.ckpt_name) ?? wordsOf(node.inputs.unet_name))
  return {
    ...NOTHING_CARRIED,
    program: 'ComfyUI',
    prompt: wordsUnder(graph, inputs.positive),
    negative: wordsUnder(graph, inputs.negative),
    steps: numberOf(value(inputs.steps)),
    guidance: numberOf(value(inputs.cfg)),
    seed: numberOf(value(inputs.seed ?? inputs.noise_seed)),
    width: numberOf(value(latent.width)),
    height: numberOf(value(latent.height)),
    sampler: wordsOf(value(inputs.sampler_name)),
    scheduler: wordsOf(value(inputs.scheduler)),
    model,
  }
}

function graphOf(text: string): Graph | null {
  const nodes = Workflow.safeParse(JSON.parse(text))
  if (!nodes.success) return null
  const entries = Object.entries(nodes.data).slice(0, NODE_LIMIT)
  return new Map(
    entries.flatMap(([id, value]) => {
      const node = Node.safeParse(value)
      return node.success ? [[id, node.data] as const] : []
    }),
  )
}

/** The node an input is joined to: `["4", 0]`. */
const joined = (graph: Graph, input: unknown): Node | undefined => (Array.isArray(input) ? graph.get(String(input[0])) : undefined)

/** The nodes an input leads to, nearest first, each once. */
function* upstream(graph: Graph, input: unknown): Generator<Node> {
  const start = joined(graph, input)
  const seen = new Set(start ? [start] : [])
  for (const node of seen) {
    yield node
    for (const next of Object.values(node.inputs)) {
      const behind = joined(graph, next)
      if (behind) seen.add(behind)
    }
  }
}

function first<T>(graph: Graph, input: unknown, look: (node: Node) => T | null): T | null {
  for (const node of upstream(graph, input)) {
    const found = look(node)
    if (found !== null) return found
  }
  return null
}

const latentOf = (graph: Graph, input: unknown): Node | null =>
  first(graph, input, (node) => (/^Empty.*Latent/.test(node.class_type) ? node : null))

/** Words stand in the encoder, or in a node of text that is joined to it. */
function wordsUnder(graph: Graph, input: unknown): string {
  const encoder = first(graph, input, (node) => (node.class_type.startsWith('CLIPTextEncode') ? node : null))
  const { text, text_g: general, text_l: local } = encoder?.inputs ?? {}
  const words = [text, general, local].map((given) => wordsOf(resolved(graph, given))).filter((given) => given !== null)
  return [...new Set(words)].join(', ')
}

/** A value, through the nodes that only hold one. */
function resolved(graph: Graph, input: unknown): unknown {
  if (!Array.isArray(input)) return input
  return first(graph, input, ({ inputs }) => {
    const held = [inputs.text, inputs.value, inputs.string, inputs.seed, inputs.noise_seed].find(
      (value) => value !== undefined && !Array.isArray(value),
    )
    return held ?? null
  })
}
