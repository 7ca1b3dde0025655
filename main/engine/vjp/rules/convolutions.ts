import { intsOf, numberOf, stringOf } from '../file/model.ts'
import { type Rule, type Rules, refusal, type Use } from '../rule.ts'
import { type Lattice, latticeOf } from '../shapes/grids.ts'

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
const each = (n: number, value: number): number[] => Array<number>(n).fill(value)

interface Kernel extends Omit<Lattice, 'kernel'> {
  /** Undefined where it is known only when the model runs, as when a picture is laid over a picture. */
  readonly kernel: readonly number[] | undefined
  readonly group: number
  /** Number of spatial axes. */
  readonly axes: number
}

function kernelOf({ node, x, b }: Use): Kernel {
  const [at = '', weight = ''] = x
  const sides = intsOf(node, 'kernel_shape') ?? b.facts.shape(weight)?.slice(2)
  const axes = sides?.length ?? b.facts.rank(at) - 2
  const kernel = sides?.every((size) => typeof size === 'number') ? sides : undefined
  const isPadded = !['NOTSET', 'VALID'].includes(stringOf(node, 'auto_pad', 'NOTSET'))
  const lattice = latticeOf(node, kernel ?? each(axes, 1), b.facts.shape(at)?.slice(2) ?? each(axes, 0).map(() => '?'))
  if (!lattice || (isPadded && !kernel)) throw refusal(node, 'whose padding depends on the size of the picture')
  return { ...lattice, kernel, group: numberOf(node, 'group', 1), axes }
}

const attributes = ({ strides, dilations, before, after, group }: Omit<Kernel, 'kernel' | 'axes'>) => ({
  strides,
  dilations,
  pads: [...before, ...after],
  group,
})

/** Weights [group·p, q, …] → [group·q, p, …]: what came out goes in. */
function exchanged({ b }: Use, weight: string, { group, axes, kernel = [] }: Kernel): string {
  if (group === 1) return b.transpose(weight, [1, 0, ...range(2, 2 + axes)])
  const grouped = b.reshape(weight, b.vector(group, -1, b.side(weight, 1), ...kernel))
  const turned = b.transpose(grouped, [0, 2, 1, ...range(3, 3 + axes)])
  const shape = b.facts.shape(weight)
  const [outs, ins] = [shape?.[0], shape?.[1]]
  if (typeof outs === 'number' && typeof ins === 'number') return b.reshape(turned, b.ints([group * ins, outs / group, ...kernel]))
  return b.reshape(turned, b.vector(b.mul(b.side(weight, 1), b.ints([group])), b.div(b.side(weight, 0), b.ints([group])), ...kernel))
}

/** The kernel seen from the other side. */
function mirrored({ b }: Use, weight: string, { axes, kernel = [] }: Kernel): string {
  if (kernel.every((size) => size === 1)) return weight
  return b.emit('Slice', [
    weight,
    b.ints(each(axes, -1)),
    b.ints(each(axes, -(2 ** 31))),
    b.ints(range(2, 2 + axes)),
    b.ints(each(axes, -1)),
  ])
}

/**
 * The transpose of a convolution or pool without its padding, cut or filled at the ends of its spatial axes: what lies in the
 * padding is dropped, and the sides are those of `like`. @param coarse has the sides that went in.
 */
function cropped({ b }: Use, whole: string, { kernel, strides, dilations, before }: Kernel, coarse: string, like: string): string {
  const start = before.map((amount) => -amount)
  const rest = kernel?.map((size, axis) => (dilations[axis] as number) * (size - 1) + 1 - (strides[axis] as number))
  const sides = rest ? b.add(b.mul(b.shapeOf(coarse, 2), b.ints(strides)), b.ints(rest)) : b.emit('Shape', [whole], { start: 2 })
  const missing = b.sub(b.shapeOf(like, 2), sides)
  const end = before.every((amount) => amount === 0) ? missing : b.add(missing, b.ints(before))
  return b.emit('Pad', [whole, b.vector(0, 0, ...start, 0, 0, end)])
}

/**
 * With stride 1 the transpose is an ordinary convolution with exchanged, mirrored weights, which runtimes do faster than a
 * transposed one; and it is folded with the weights when the model is loaded.
 */
function convolutionInput(use: Use): string {
  const { b, x, g } = use
  const [at = '', weight = ''] = x
  const kernel = kernelOf(use)
  const { strides, dilations, before, after, axes } = kernel
  const reach = kernel.kernel?.map((size, axis) => (dilations[axis] as number) * (size - 1))
  const outer = (pads: readonly number[]) => reach?.map((r, axis) => r - (pads[axis] as number)) ?? [-1]
  const isPlain = strides.every((stride) => stride === 1) && [...outer(before), ...outer(after)].every((pad) => pad >= 0)
  if (isPlain) {
    const turned = mirrored(use, exchanged(use, weight, kernel), kernel)
    return b.emit('Conv', [g, turned], attributes({ ...kernel, before: outer(before), after: outer(after) }))
  }
  const none = each(axes, 0)
  const whole = b.emit('ConvTranspose', [g, weight], attributes({ ...kernel, before: none, after: none }))
  return cropped(use, whole, kernel, use.y, at)
}

/**
 * The gradient for weights [group·p, q, …] where `fine` (channels group·q) was seen through windows that step from one element of
 * `coarse` (channels group·p) to the next (`like` has the shape of `fine`): a convolution of one with the other, batch and channels exchanged, steps and dilations too.
 */
function weightGradient(use: Use, weight: string, fine: string, coarse: string, like: string): string {
  const { b } = use
  const { group, axes, strides, dilations, before, after } = kernelOf(use)
  const spatial = range(2, 2 + axes)
  const folded = () => {
    const split = b.reshape(fine, b.vector(b.side(like, 0), group, b.side(weight, 1), b.shapeOf(like, 2)))
    const turned = b.transpose(split, [2, 1, 0, ...range(3, 3 + axes)])
    return b.reshape(turned, b.vector(b.side(weight, 1), -1, b.shapeOf(like, 2)))
  }
  const data = group === 1 ? b.transpose(fine, [1, 0, ...spatial]) : folded()
  const filter = b.transpose(coarse, [1, 0, ...spatial])
  const swapped = { strides: dilations, dilations: strides, before, after, group }
  const whole = b.emit('Conv', [data, filter], attributes(swapped))
  const turned = b.transpose(whole, [1, 0, ...spatial])
  if (strides.every((stride) => stride === 1)) return turned
  // Steps may leave room for more than the kernel. Gather cuts it off, since the runtime merges a Pad, as which Slice would come
  // back in forward mode, into a convolution even where it pads the weights.
  return spatial.reduce((all, axis) => b.emit('Gather', [all, b.upTo(b.side(weight, axis))], { axis }), turned)
}

const bias = ({ b, g }: Use, axes: number): string => b.sum(g, [0, ...range(2, 2 + axes)], false)

const convolution: Rule = (use) => {
  const [at = '', weight = ''] = use.x
  return [() => convolutionInput(use), () => weightGradient(use, weight, at, use.g, at), () => bias(use, kernelOf(use).axes)]
}

/** Its transpose is the convolution it is named after. */
const convolutionTransposed: Rule = (use) => {
  const { b, node, x, y, g } = use
  const [at = '', weight = ''] = x
  if (node.attributes.output_shape) throw refusal(node, 'whose padding depends on the size of the picture')
  return [
    () => {
      const kernel = kernelOf(use)
      const whole = b.emit('Conv', [g, weight], attributes(kernel))
      // Room at the end for more than a step makes the convolution step once more.
      const extra = intsOf(node, 'output_padding') ?? []
      if (extra.every((amount, axis) => amount < (kernel.strides[axis] as number))) return whole
      const spatial = range(2, 2 + kernel.axes)
      return b.emit('Slice', [whole, b.ints(each(kernel.axes, 0)), b.shapeOf(at, 2), b.ints(spatial)])
    },
    () => weightGradient(use, weight, g, at, y),
    () => bias(use, kernelOf(use).axes),
  ]
}

/** The mean over windows: every window spreads its gradient evenly, as a convolution of each channel with itself does. */
const averagePool: Rule = (use) => [
  () => {
    const { b, node, x, g } = use
    const [at = ''] = x
    const kernel = kernelOf(use)
    const counts = numberOf(node, 'count_include_pad', 0)
    const isPadded = [...kernel.before, ...kernel.after].some((pad) => pad > 0)
    if (numberOf(node, 'ceil_mode', 0) || (isPadded && !counts)) throw refusal(node, 'whose windows differ in size')
    const window = intsOf(node, 'kernel_shape') ?? []
    const area = window.reduce((size, side) => size * side, 1)
    const flat = b.reshape(g, b.concat([b.ints([-1, 1]), b.emit('Shape', [g], { start: 2 })]))
    const filter = b.filled(b.ints([1, 1, ...window]), 1 / area)
    const none = each(kernel.axes, 0)
    const spread = b.emit('ConvTranspose', [flat, filter], attributes({ ...kernel, before: none, after: none, group: 1 }))
    return b.reshapeLike(cropped(use, spread, { ...kernel, kernel: window }, use.y, at), at)
  },
]

/** The largest of each window: the operator is done again for the places it took, and the gradient goes back to them. */
const maxPool: Rule = ({ b, node, x, g }) => [
  () => {
    const [at = ''] = x
    const [, places = ''] = b.emitAll('MaxPool', [at], 2, { ...node.attributes, storage_order: 0 })
    const flat = (value: string) => b.reshape(value, b.ints([-1]))
    const zeros = b.filled(b.sizeOf(at))
    return b.reshapeLike(b.emit('ScatterElements', [zeros, flat(places), flat(g)], { axis: 0, reduction: 'add' }), at)
  },
]

/** Kernels that step over a grid. */
export const convolutions: Rules = { Conv: convolution, ConvTranspose: convolutionTransposed, AveragePool: averagePool, MaxPool: maxPool }
