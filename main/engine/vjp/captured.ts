import type { Node } from './file/model.ts'
import { readGraph } from './file/read.ts'

/** Whether a node holds graphs of its own: a branch or a loop. */
export const hasGraph = (node: Node): boolean => Object.values(node.attributes).some(({ type }) => type === 'graph')

/** Names that the graphs inside a node use, wherever they come from. */
export function captured(node: Node): string[] {
  return Object.values(node.attributes).flatMap((attribute) => {
    if (attribute.type !== 'graph') return []
    const { nodes, outputs } = readGraph(attribute.value)
    return [...nodes.flatMap((inner) => [...inner.inputs, ...captured(inner)]), ...outputs.map(({ name }) => name)]
  })
}
