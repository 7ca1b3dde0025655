import { intsOf, numberOf, stringOf } from '../file/model.ts'
import type { Rule, Rules } from '../rule.ts'
import { fromFront } from '../shapes/facts.ts'

/** The same elements in another shape. */
const reshaped: Rule = ({ b, g, x }) => [() => b.reshapeLike(g, x[0] as string)]

const transpose: Rule = ({ b, node, g, x }) => [
  () => {
    const perm = intsOf(node, 'perm')
    if (!perm) return b.emit('Transpose', [g])
    return b.transpose(
      g,
      perm.map((_, axis) => perm.indexOf(axis)),
    )
  },
  ...x.slice(1).map(() => undefined),
]

/** Each part gets its piece of the gradient. */
const concat: Rule = ({ b, node, g, x }) => {
  const axis = numberOf(node, 'axis', 0)
  let pieces: string[] | undefined
  const cut = () =>
    (pieces ??= x.length === 1 ? [g] : b.emitAll('Split', [g, b.vector(...x.map((name) => b.side(name, axis)))], x.length, { axis }))
  return x.map((_, place) => () => cut()[place] as string)
}

const split: Rule = ({ b, node, gs }) => [
  () => {
    const pieces = gs.map((gradient, place) => gradient ?? b.zerosLike(node.outputs[place] as string))
    return b.concat(pieces, numberOf(node, 'axis', 0))
  },
]

const expand: Rule = ({ b, g, x, y }) => [() => b.fit(g, y, x[0] as string)]

/** The repeats lie beside the sides they repeat: [repeat, side, repeat, side…], and are summed. */
const tile: Rule = ({ b, g, x }) => [
  () => {
    const [at = '', repeats = ''] = x
    const rank = b.facts.rank(at)
    const pairs = b.concat([b.unsqueeze(repeats, [1]), b.unsqueeze(b.shapeOf(at), [1])], 1)
    const axes = Array.from({ length: rank }, (_, axis) => 2 * axis)
    return b.sum(b.reshape(g, b.reshape(pairs, b.ints([-1]))), axes, false)
  },
]

/** [n, c, h·s, w·s] → [n, c·s·s, h, w]; where the blocks come first in the channels (DCR) SpaceToDepth does it. */
const depthToSpace: Rule = ({ b, node, g, x }) => [
  () => {
    const size = numberOf(node, 'blocksize', 1)
    const [at = ''] = x
    if (stringOf(node, 'mode', 'DCR') === 'DCR') return b.emit('SpaceToDepth', [g], { blocksize: size })
    const blocks = b.reshape(g, b.vector(0, 0, b.side(at, 2), size, b.side(at, 3), size))
    return b.reshapeLike(b.transpose(blocks, [0, 1, 3, 5, 2, 4]), at)
  },
]

const spaceToDepth: Rule = ({ b, node, g }) => [
  () => b.emit('DepthToSpace', [g], { blocksize: numberOf(node, 'blocksize', 1), mode: 'DCR' }),
]

/** The sum from the other end. */
const cumulated: Rule = ({ b, node, g, x }) => [
  () =>
    b.emit('CumSum', [g, x[1] as string], {
      exclusive: numberOf(node, 'exclusive', 0),
      reverse: 1 - numberOf(node, 'reverse', 0),
    }),
]

const triangle: Rule = ({ b, node, g, x }) => [() => b.emit('Trilu', [g, ...x.slice(1)], { upper: numberOf(node, 'upper', 1) })]

/** Elements picked along an axis go back to where they came from; where one was picked twice, both are added. */
const gather: Rule = ({ b, node, g, x }) => [
  () => {
    const [at = '', indices = ''] = x
    const rank = b.facts.rank(at)
    const axis = fromFront(numberOf(node, 'axis', 0), rank)
    const before = axis === 0 ? [] : [b.shapeOf(at, 0, axis)]
    const after = axis === rank - 1 ? [] : [b.shapeOf(at, axis + 1)]
    const flat = b.reshape(g, b.vector(...before, b.sizeOf(indices), ...after))
    const column = b.reshape(indices, b.ints([-1, ...Array<number>(rank - axis - 1).fill(1)]))
    const everywhere = b.emit('Expand', [column, b.one('Shape', flat)])
    return b.emit('ScatterElements', [b.zerosLike(at), everywhere, flat], { axis, reduction: 'add' })
  },
]

const gatherElements: Rule = ({ b, node, g, x }) => [
  () => b.emit('ScatterElements', [b.zerosLike(x[0] as string), x[1] as string, g], { axis: numberOf(node, 'axis', 0), reduction: 'add' }),
]

const gatherNd: Rule = ({ b, node, g, x }) =>
  numberOf(node, 'batch_dims', 0) === 0
    ? [() => b.emit('ScatterND', [b.zerosLike(x[0] as string), x[1] as string, g], { reduction: 'add' })]
    : []

/** Written elements hide those below them, or are added to them. */
const scatterElements: Rule = ({ b, node, g, x }) => {
  const [, indices = '', updates = ''] = x
  const axis = numberOf(node, 'axis', 0)
  const reduction = stringOf(node, 'reduction', 'none')
  if (reduction !== 'none' && reduction !== 'add') return []
  return [
    () => (reduction === 'add' ? g : b.emit('ScatterElements', [g, indices, b.zerosLike(updates)], { axis })),
    undefined,
    () => b.emit('GatherElements', [g, indices], { axis }),
  ]
}
const scatterNd: Rule = ({ b, node, g, x }) => {
  const [, indices = '', updates = ''] = x
  const reduction = stringOf(node, 'reduction', 'none')
  if (reduction !== 'none' && reduction !== 'add') return []
  return [
    () => (reduction === 'add' ? g : b.emit('ScatterND', [g, indices, b.zerosLike(updates)])),
    undefined,
    () => b.emit('GatherND', [g, indices]),
  ]
}

/** Operators that move elements about. */
export const arrangements: Rules = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Expand: expand,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  CumSum: cumulated,
  Trilu: triangle,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
}
