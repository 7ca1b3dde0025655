import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FlowNetwork, minimumCut } from '../../main/math/max-flow.ts'
import type { Pieces } from '../../main/math/pause.ts'

function run<T>(work: Pieces<T>): T {
  for (let next = work.next(); ; next = work.next()) if (next.done) return next.value
}

/** What a cut costs: a pull is paid by the nodes on the side it pulls away from. */
function costOf({ pull, ends, links }: FlowNetwork, side: ArrayLike<number>): number {
  let cost = 0
  for (const [node, value] of pull.entries()) {
    if (value > 0 && !side[node]) cost += value
    if (value < 0 && side[node]) cost -= value
  }
  for (const [link, value] of links.entries()) if (side[ends[2 * link]] !== side[ends[2 * link + 1]]) cost += value
  return cost
}

const sides = (nodes: number) =>
  Array.from({ length: 2 ** nodes }, (_, bits) => Uint8Array.from({ length: nodes }, (_, i) => (bits >> i) & 1))

const network = fc.integer({ min: 1, max: 9 }).chain((nodes) =>
  fc
    .record({
      pull: fc.array(fc.integer({ min: -12, max: 12 }), { minLength: nodes, maxLength: nodes }),
      links: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1), fc.nat(9)), { maxLength: 30 }),
    })
    .map(({ pull, links }): FlowNetwork => {
      const joining = links.filter(([a, b]) => a !== b)
      return {
        nodes,
        pull: Float64Array.from(pull),
        ends: Int32Array.from(joining.flatMap(([a, b]) => [b, a])),
        links: Float64Array.from(joining, ([, , cost]) => cost),
      }
    }),
)

describe('a minimum cut', () => {
  it('costs as little as the best of all cuts, and its inside is the smallest that does', () => {
    fc.assert(
      fc.property(network, (graph) => {
        const cut = run(minimumCut(graph))
        const all = sides(graph.nodes)
        const least = Math.min(...all.map((side) => costOf(graph, side)))
        expect(costOf(graph, cut)).toBe(least)
        for (const side of all)
          if (costOf(graph, side) === least) for (const [node, inside] of cut.entries()) expect(side[node]).toBeGreaterThanOrEqual(inside)
      }),
      { numRuns: 400 },
    )
  })

  it('keeps nodes that must not change sides, whatever the links cost', () => {
    const chain = {
      nodes: 4,
      pull: Float64Array.of(Infinity, 0, 0, -Infinity),
      ends: Int32Array.of(0, 1, 1, 2, 2, 3),
      links: Float64Array.of(9, 2, 9),
    }
    expect([...run(minimumCut(chain))]).toEqual([1, 1, 0, 0])
  })

  it('cuts a grid where the links are weak', () => {
    const side = 60
    const ends: number[] = []
    const links: number[] = []
    const isInside = (x: number, y: number) => (x - 30) ** 2 + (y - 28) ** 2 < 300
    const join = (x: number, y: number, u: number, v: number) => {
      ends.push(y * side + x, v * side + u)
      links.push(isInside(x, y) === isInside(u, v) ? 10 : 0.1)
    }
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        if (x + 1 < side) join(x, y, x + 1, y)
        if (y + 1 < side) join(x, y, x, y + 1)
      }
    const pull = new Float64Array(side * side)
    pull[28 * side + 30] = Infinity
    pull[0] = -Infinity
    const cut = run(minimumCut({ nodes: side * side, pull, ends: Int32Array.from(ends), links: Float64Array.from(links) }))
    expect(cut.every((inside, i) => inside === Number(isInside(i % side, Math.floor(i / side))))).toBe(true)
  })
})
