import type { Pieces } from './pause.ts'

/** A network to be cut in two: nodes with a pull to either side, and links between them that cost something to cut. */
export interface FlowNetwork {
  readonly nodes: number
  /** For each node, what it costs to leave the source's side less what it costs to leave the sink's; infinite where it must not. */
  readonly pull: Float64Array
  /** Ends of the links, pairwise: link k joins `ends[2k]` and `ends[2k + 1]`. */
  readonly ends: Int32Array
  /** For each link, what it costs to cut, both ways alike; at least 0. */
  readonly links: Float64Array
}

const NONE = -1
/** Parents of roots and of nodes that lost theirs, where others hold the arc to their parent. */
const ROOT = -2
const ORPHAN = -3
/** Nodes looked at between two pauses: some milliseconds. */
const STRETCH = 20_000

/**
 * The cheapest cut by the largest flow, with two trees that grow towards each other and are mended after each push
 * (Boykov and Kolmogorov, "An experimental comparison of min-cut/max-flow algorithms", 2004). @returns for each node whether it
 * stays with the source (1) or not (0); nodes that either side could have go to the sink: the source's side is the smallest.
 */
export function* minimumCut({ nodes, pull, ends, links }: FlowNetwork): Pieces<Uint8Array> {
  const { first, next, head } = arcsOf(nodes, ends)
  // Arc 2k goes from ends[2k] to ends[2k + 1], arc 2k + 1 back; the sister of an arc is arc ^ 1.
  const room = Float64Array.from({ length: 2 * links.length }, (_, arc) => links[arc >> 1])
  const excess = Float64Array.from(pull)
  /** 1 in the source's tree, 2 in the sink's, 0 free. */
  const tree = new Uint8Array(nodes)
  /** The arc from a node to its parent. */
  const parent = new Int32Array(nodes).fill(NONE)
  const active = ringOf(nodes)
  const orphans: number[] = []
  /** When the way from a node to its root was last walked, and how long it was. */
  const stamp = new Int32Array(nodes)
  const depth = new Int32Array(nodes)
  let clock = 0

  for (let node = 0; node < nodes; node++)
    if (excess[node] !== 0) {
      tree[node] = excess[node] > 0 ? 1 : 2
      parent[node] = ROOT
      depth[node] = 1
      active.push(node)
    }

  /** Room from the source's side towards the sink's along an arc seen from a node of a tree. */
  const open = (arc: number, side: number) => (side === 1 ? room[arc] : room[arc ^ 1])

  /** Grows a tree by the free neighbours of a node. @returns the arc, from the source's tree to the sink's, where they meet, or none. */
  const grow = (node: number): number => {
    const side = tree[node]
    for (let arc = first[node]; arc !== NONE; arc = next[arc]) {
      if (open(arc, side) <= 0) continue
      const other = head[arc]
      if (tree[other] === 0) {
        tree[other] = side
        parent[other] = arc ^ 1
        stamp[other] = stamp[node]
        depth[other] = depth[node] + 1
        active.push(other)
      } else if (tree[other] !== side) return side === 1 ? arc : arc ^ 1
      else if (parent[other] >= 0 && stamp[other] <= stamp[node] && depth[other] > depth[node] + 1) {
        parent[other] = arc ^ 1
        stamp[other] = stamp[node]
        depth[other] = depth[node] + 1
      }
    }
    return NONE
  }

  const orphan = (node: number) => {
    parent[node] = ORPHAN
    orphans.push(node)
  }

  /** Pushes as much as fits along the way through an arc between the trees. */
  const push = (bridge: number) => {
    let most = room[bridge]
    let node = head[bridge ^ 1]
    for (; parent[node] !== ROOT; node = head[parent[node]]) most = Math.min(most, room[parent[node] ^ 1])
    most = Math.min(most, excess[node])
    for (node = head[bridge]; parent[node] !== ROOT; node = head[parent[node]]) most = Math.min(most, room[parent[node]])
    most = Math.min(most, -excess[node])

    room[bridge] -= most
    room[bridge ^ 1] += most
    for (node = head[bridge ^ 1]; parent[node] !== ROOT; ) {
      const arc = parent[node]
      room[arc ^ 1] -= most
      room[arc] += most
      if (room[arc ^ 1] <= 0) orphan(node)
      node = head[arc]
    }
    excess[node] -= most
    if (excess[node] <= 0) orphan(node)
    for (node = head[bridge]; parent[node] !== ROOT; ) {
      const arc = parent[node]
      room[arc] -= most
      room[arc ^ 1] += most
      if (room[arc] <= 0) orphan(node)
      node = head[arc]
    }
    excess[node] += most
    if (excess[node] >= 0) orphan(node)
  }

  /** Nodes from one to its root, both counted, or infinitely many when it hangs on an orphan. Marks the way, so that it is walked once. */
  const distance = (from: number): number => {
    let steps = 0
    for (let node = from; ; node = head[parent[node]]) {
      if (stamp[node] === clock) {
        steps += depth[node]
        break
      }
      steps++
      if (parent[node] === ROOT) break
      if (parent[node] === ORPHAN) return Number.POSITIVE_INFINITY
    }
    let left = steps
    for (let node = from; stamp[node] !== clock; node = head[parent[node]]) {
      stamp[node] = clock
      depth[node] = left--
      if (parent[node] === ROOT) break
    }
    return steps
  }

  /** Finds an orphan another parent in its tree, the nearest to the root, or sets it free. */
  const adopt = (node: number) => {
    const side = tree[node]
    let best = NONE
    let nearest = Number.POSITIVE_INFINITY
    for (let arc = first[node]; arc !== NONE; arc = next[arc]) {
      const other = head[arc]
      if (tree[other] !== side || open(arc ^ 1, side) <= 0) continue
      const far = distance(other)
      if (far < nearest) {
        nearest = far
        best = arc
      }
    }
    if (best !== NONE) {
      parent[node] = best
      stamp[node] = clock
      depth[node] = nearest + 1
      return
    }
    for (let arc = first[node]; arc !== NONE; arc = next[arc]) {
      const other = head[arc]
      if (tree[other] !== side) continue
      if (open(arc ^ 1, side) > 0) active.push(other)
      if (parent[other] >= 0 && head[parent[other]] === node) orphan(other)
    }
    tree[node] = 0
    parent[node] = NONE
  }

  let looks = 0
  for (let node = active.take(); node !== NONE; node = active.take()) {
    while (tree[node] !== 0) {
      const bridge = grow(node)
      if (bridge === NONE) break
      clock++
      push(bridge)
      // Orphans made while others are mended wait their turn, oldest first.
      for (let at = 0; at < orphans.length; at++) {
        adopt(orphans[at])
        if (++looks % STRETCH === 0) yield
      }
      orphans.length = 0
    }
    if (++looks % STRETCH === 0) yield
  }
  return tree.map((side) => (side === 1 ? 1 : 0))
}

/** The arcs that leave each node, as chains: the first of a node, the one after an arc, and where an arc leads. */
function arcsOf(nodes: number, ends: Int32Array): { first: Int32Array; next: Int32Array; head: Int32Array } {
  const first = new Int32Array(nodes).fill(NONE)
  const next = new Int32Array(ends.length)
  const head = new Int32Array(ends.length)
  for (let arc = 0; arc < ends.length; arc++) {
    const from = ends[arc]
    head[arc] = ends[arc ^ 1]
    next[arc] = first[from]
    first[from] = arc
  }
  return { first, next, head }
}

/** A queue of nodes that holds each at most once. */
function ringOf(nodes: number): { push(node: number): void; take(): number } {
  const queue = new Int32Array(nodes + 1)
  const waits = new Uint8Array(nodes)
  let start = 0
  let end = 0
  return {
    push(node) {
      if (waits[node]) return
      waits[node] = 1
      queue[end] = node
      end = end === nodes ? 0 : end + 1
    },
    take() {
      if (start === end) return NONE
      const node = queue[start]
      start = start === nodes ? 0 : start + 1
      waits[node] = 0
      return node
    },
  }
}
