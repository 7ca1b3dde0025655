import { intsOf, type Node, numberOf, stringOf } from '../file/model.ts'
import { type Dim, type Dims, plus, times, UNKNOWN } from './dim.ts'
import { fromFront, type Inputs } from './facts.ts'

/** How a kernel lies on a grid: per axis, and the padding before all axes, then after all axes. */
export interface Lattice {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** A Conv's lattice on an input of known or unknown sides; undefined where padding depends on sides that are not known. */
export function latticeOf(node: Node, kernel: readonly number[], sides: Dims): Lattice | undefined {
  const ones = kernel.map(() => 1)
  const strides = intsOf(node, 'strides') ?? ones
  const dilations = intsOf(node, 'dilations') ?? ones
  const pads = intsOf(node, 'pads') ?? kernel.flatMap(() => [0, 0])
  const auto = stringOf(node, 'auto_pad', 'NOTSET')
  if (auto === 'NOTSET') return { kernel, strides, dilations, before: pads.slice(0, kernel.length), after: pads.slice(kernel.length) }
  const totals = kernel.map((size, axis) => {
    if (auto === 'VALID') return 0
    const reach = (dilations[axis] as number) * (size - 1)
    const [stride, side] = [strides[axis] as number, sides[axis]]
    if (stride === 1) return reach
    return typeof side === 'number' ? Math.max(0, (Math.ceil(side / stride) - 1) * stride + reach + 1 - side) : undefined
  })
  if (!totals.every((total) => total !== undefined)) return undefined
  const small = totals.map((total) => Math.floor(total / 2))
  const large = totals.map((total) => Math.ceil(total / 2))
  return { kernel, strides, dilations, ...(auto === 'SAME_LOWER' ? { before: large, after: small } : { before: small, after: large }) }
}

/** Conv and the pools. */
export function convolution({ node, shape }: Inputs): Dims | undefined {
  const [x, w] = [shape(0), shape(1)]
  if (!x) return undefined
  const kernel = intsOf(node, 'kernel_shape') ?? w?.slice(2)
  const sides = x.slice(2)
  const channels = node.op === 'Conv' ? (w?.[0] ?? UNKNOWN) : (x[1] as Dim)
  const lattice = kernel?.every((size) => typeof size === 'number') ? latticeOf(node, kernel, sides) : undefined
  const isRoundedUp = numberOf(node, 'ceil_mode', 0) === 1
  return [
    x[0] as Dim,
    channels,
    ...sides.map((side, axis) => {
      if (!lattice || isRoundedUp) return UNKNOWN
      const [kernelSize, stride] = [lattice.kernel[axis] as number, lattice.strides[axis] as number]
      const slack =
        (lattice.before[axis] as number) + (lattice.after[axis] as number) - (lattice.dilations[axis] as number) * (kernelSize - 1) - 1
      if (typeof side === 'number') return Math.floor((side + slack) / stride) + 1
      return stride === 1 ? plus(side, slack + 1) : `[${side}+${slack}/${stride}]`
    }),
  ]
}

export function convolutionTransposed({ node, shape }: Inputs): Dims | undefined {
  const [x, w] = [shape(0), shape(1)]
  if (!x) return undefined
  const kernel = w?.slice(2)
  const channels = w ? times(w[1] as Dim, numberOf(node, 'group', 1)) : UNKNOWN
  const lattice = kernel?.every((size) => typeof size === 'number') && latticeOf(node, kernel, x.slice(2))
  const extra = intsOf(node, 'output_padding')
  const isPlain = lattice && !node.attributes.output_shape && stringOf(node, 'auto_pad', 'NOTSET') === 'NOTSET'
  return [
    x[0] as Dim,
    channels,
    ...x.slice(2).map((side, axis) => {
      if (!isPlain || typeof side !== 'number') return UNKNOWN
      const reach = (lattice.dilations[axis] as number) * ((lattice.kernel[axis] as number) - 1)
      const pads = (lattice.before[axis] as number) + (lattice.after[axis] as number)
      return (side - 1) * (lattice.strides[axis] as number) + reach + 1 - pads + (extra?.[axis] ?? 0)
    }),
  ]
}

export function resize({ node, shape, numbers, contents }: Inputs): Dims | undefined {
  const x = shape(0)
  if (!x) return undefined
  const axes = intsOf(node, 'axes')?.map((axis) => fromFront(axis, x.length)) ?? x.map((_, axis) => axis)
  const isPlain = stringOf(node, 'keep_aspect_ratio_policy', 'stretch') === 'stretch'
  const scales = node.inputs[2] ? numbers(2) : undefined
  const sizes = node.inputs[3] ? contents(3) : undefined
  return x.map((side, axis) => {
    const at = axes.indexOf(axis)
    if (at < 0) return side
    if (sizes && isPlain) return sizes[at] as Dim
    const scale = scales?.[at]
    if (scale === undefined) return UNKNOWN
    if (typeof side === 'number') return Math.floor(side * scale)
    return Number.isInteger(scale) ? times(side, scale) : UNKNOWN
  })
}
