import { captured } from './captured.ts'
import type { Graph, Node } from './file/model.ts'

/** Leaves out the nodes and constants that no output depends on. Inputs stay, used or not. */
export function prune(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map(({ name }) => name))
  const nodes: Node[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue
    nodes.push(node)
    for (const name of [...node.inputs, ...captured(node)]) needed.add(name)
  }
  const made = new Set(nodes.flatMap(({ outputs }) => outputs))
  return {
    ...graph,
    nodes: nodes.reverse(),
    constants: graph.constants.filter(({ name }) => needed.has(name)),
    values: graph.values.filter(({ name }) => made.has(name)),
  }
}
