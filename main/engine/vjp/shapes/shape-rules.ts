import { intsOf, numberOf, stringOf } from '../file/model.ts'
import { broadcast, type Dim, type Dims, over, plus, product, times, UNKNOWN } from './dim.ts'
import { fromFront, type Inputs, type ShapeRule } from './facts.ts'
import { convolution, convolutionTransposed, resize } from './grids.ts'
import { matmul, reduce, reshape, slice, split, squeeze, unsqueeze } from './rearrangements.ts'

const same: ShapeRule = ({ shape, node }) => shape(0) && (node.outputs.length > 1 ? [shape(0) as Dims] : shape(0))
const together: ShapeRule = ({ node, shape }) =>
  node.inputs.map((_, place) => shape(place)).reduce((all, next) => all && next && broadcast(all, next))

function gemm({ node, shape }: Inputs): Dims | undefined {
  const [a, b] = [shape(0), shape(1)]
  return a && b && [a[numberOf(node, 'transA', 0) ? 1 : 0] ?? UNKNOWN, b[numberOf(node, 'transB', 0) ? 0 : 1] ?? UNKNOWN]
}

function einsum({ node, shape }: Inputs): Dims | undefined {
  const [left = '', result] = stringOf(node, 'equation', '').replaceAll(' ', '').split('->')
  const sides = new Map<string, Dim>()
  for (const [place, term] of left.split(',').entries())
    for (const [axis, letter] of [...term].entries())
      if (sides.get(letter) === undefined || sides.get(letter) === 1) sides.set(letter, shape(place)?.[axis] ?? UNKNOWN)
  return result === undefined || result.includes('.') ? undefined : [...result].map((letter) => sides.get(letter) ?? UNKNOWN)
}

function concat({ node, shape }: Inputs): Dims | undefined {
  const shapes = node.inputs.map((_, place) => shape(place))
  const first = shapes.find((one) => one !== undefined)
  if (!first) return undefined
  const axis = fromFront(numberOf(node, 'axis', 0), first.length)
  const total = shapes.map((one) => one?.[axis] ?? UNKNOWN).reduce(plus)
  return first.map((side, i) => (i === axis ? total : side))
}

function gather({ node, shape }: Inputs): Dims | undefined {
  const [data, indices] = [shape(0), shape(1)]
  if (!data || !indices) return undefined
  const axis = fromFront(numberOf(node, 'axis', 0), data.length)
  return [...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]
}

function gatherNd({ node, shape }: Inputs): Dims | undefined {
  const [data, indices] = [shape(0), shape(1)]
  const depth = indices?.at(-1)
  if (!data || !indices || typeof depth !== 'number') return undefined
  return [...indices.slice(0, -1), ...data.slice(depth + numberOf(node, 'batch_dims', 0))]
}

function transpose({ node, shape }: Inputs): Dims | undefined {
  const x = shape(0)
  return x && (intsOf(node, 'perm')?.map((axis) => x[axis] ?? UNKNOWN) ?? x.toReversed())
}

function pad({ node, opset, shape, numbers }: Inputs): Dims | undefined {
  const x = shape(0)
  if (!x) return undefined
  const pads = numbers(1)
  const axes = opset >= 18 && node.inputs[3] ? numbers(3)?.map((axis) => fromFront(axis, x.length)) : x.map((_, axis) => axis)
  return x.map((side, axis) => {
    if (!axes) return UNKNOWN
    const at = axes.indexOf(axis)
    if (at < 0) return side
    return pads ? plus(side, (pads[at] as number) + (pads[at + axes.length] as number)) : UNKNOWN
  })
}

const blocks =
  (grow: typeof times, shrink: typeof over): ShapeRule =>
  ({ node, shape }) => {
    const [n, c, h, w] = shape(0) ?? []
    const size = numberOf(node, 'blocksize', 1)
    if (n === undefined || c === undefined || h === undefined || w === undefined) return undefined
    return [n, shrink(c, size * size), grow(h, size), grow(w, size)]
  }

function flatten({ node, shape }: Inputs): Dims | undefined {
  const x = shape(0)
  const axis = x && fromFront(numberOf(node, 'axis', 1), x.length)
  return x && [product(x.slice(0, axis)), product(x.slice(axis))]
}

function where({ shape }: Inputs): Dims | undefined {
  const [a, b, c] = [shape(0), shape(1), shape(2)]
  return a && b && c && broadcast(broadcast(a, b), c)
}

const globalPool: ShapeRule = ({ shape }) => shape(0)?.map((side, axis) => (axis < 2 ? side : 1))
/** A vector's contents as a shape, e.g. of ConstantOfShape. */
const fromContents: ShapeRule = ({ contents, shape }) => {
  const [rank] = shape(0) ?? []
  return contents(0) ?? (typeof rank === 'number' ? Array.from({ length: rank }, () => UNKNOWN) : undefined)
}
const stretched: ShapeRule = (inputs) => {
  const to = fromContents({ ...inputs, contents: () => inputs.contents(1), shape: () => inputs.shape(1) })
  const from = inputs.shape(0)
  return from && to && broadcast(from, to as Dims)
}

const list = (names: string, rule: ShapeRule) => Object.fromEntries(names.split(' ').map((name) => [name, rule]))

/** Shapes of the outputs from those of the inputs, operator by operator. */
export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...list(
    'Identity Cast CastLike Neg Abs Sqrt Exp Log Reciprocal Erf Tanh Sigmoid HardSigmoid HardSwish Mish Softplus Softsign Relu LeakyRelu Elu Selu Celu Gelu Sin Cos Floor Ceil Round Sign Not Clip Softmax LogSoftmax LayerNormalization InstanceNormalization GroupNormalization BatchNormalization Dropout ScatterND ScatterElements CumSum Trilu Swish EyeLike RandomNormalLike RandomUniformLike',
    same,
  ),
  ...list('Add Sub Mul Div Pow Min Max Sum Mean PRelu Equal Less Greater LessOrEqual GreaterOrEqual And Or Xor Mod', together),
  ...list('ReduceMean ReduceSum ReduceMax ReduceMin ReduceSumSquare ReduceL2 ReduceLogSumExp ReduceProd', reduce),
  ...list('GlobalAveragePool GlobalMaxPool', globalPool),
  ...list('Conv AveragePool MaxPool', convolution),
  ConvTranspose: convolutionTransposed,
  MatMul: matmul,
  Gemm: gemm,
  Einsum: einsum,
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: ({ shape }) => shape(1),
  GatherND: gatherNd,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Expand: stretched,
  ConstantOfShape: fromContents,
  Pad: pad,
  Resize: resize,
  DepthToSpace: blocks(times, over),
  SpaceToDepth: blocks(over, times),
  Where: where,
  Shape: ({ node, shape }) => {
    const kept = shape(0)?.slice(numberOf(node, 'start', 0), numberOf(node, 'end', undefined))
    return kept && [kept.length]
  },
  Size: () => [],
  Tile: ({ shape, contents }) => {
    const repeats = contents(1)
    return shape(0)?.map((side, axis) => (repeats ? times(side, repeats[axis] ?? 1) : UNKNOWN))
  },
  Range: () => [UNKNOWN],
}
