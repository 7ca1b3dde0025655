import { intsOf, numberOf } from '../file/model.ts'
import { broadcast, type Dim, type Dims, over, product, UNKNOWN } from './dim.ts'
import { fromFront, type Inputs } from './facts.ts'

/** "To the end" as exporters write it. */
const END = 2 ** 31 - 1

export function reshape({ node, shape, contents }: Inputs): Dims | undefined {
  const [x, target] = [shape(0), contents(1)]
  const [rank] = shape(1) ?? []
  if (!target) return typeof rank === 'number' ? Array.from({ length: rank }, () => UNKNOWN) : undefined
  const keepsZero = numberOf(node, 'allowzero', 0) === 1
  const sides = target.map((side, axis) => (side === 0 && !keepsZero ? (x?.[axis] ?? UNKNOWN) : side))
  const hole = sides.indexOf(-1)
  if (hole < 0) return sides
  return sides.with(hole, x ? rest(x, sides.toSpliced(hole, 1)) : UNKNOWN)
}

/** What is left of a shape for the side marked -1: sides that both have cancel out. */
function rest(from: Dims, known: Dims): Dim {
  const left = [...from]
  const right = known.filter((side) => {
    const at = left.indexOf(side)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return over(product(left), product(right))
}

export function reduce({ node, shape, numbers }: Inputs): Dims | undefined {
  const x = shape(0)
  if (!x) return undefined
  const keeps = numberOf(node, 'keepdims', 1) === 1
  const axes = intsOf(node, 'axes') ?? (node.inputs[1] ? numbers(1) : numberOf(node, 'noop_with_empty_axes', 0) ? [] : x.map((_, i) => i))
  if (!axes) return keeps ? x.map(() => UNKNOWN) : undefined
  const reduced = new Set(axes.map((axis) => fromFront(axis, x.length)))
  return keeps ? x.map((side, axis) => (reduced.has(axis) ? 1 : side)) : x.filter((_, axis) => !reduced.has(axis))
}

export function matmul({ shape }: Inputs): Dims | undefined {
  const [a, b] = [shape(0), shape(1)]
  if (!a || !b) return undefined
  const batch = broadcast(a.slice(0, -2), b.slice(0, -2))
  return [...batch, ...(a.length > 1 ? [a.at(-2) as Dim] : []), ...(b.length > 1 ? [b.at(-1) as Dim] : [])]
}

export function split({ node, shape, numbers, contents }: Inputs): readonly Dims[] | undefined {
  const x = shape(0)
  if (!x) return undefined
  const axis = fromFront(numberOf(node, 'axis', 0), x.length)
  const parts = node.outputs.length
  const sizes = contents(1) ?? numbers(1)
  const side = x[axis] as Dim
  const even = typeof side === 'number' ? Math.ceil(side / parts) : over(side, parts)
  return node.outputs.map((_, part) => {
    const isLast = part === parts - 1
    const equal = typeof side === 'number' && typeof even === 'number' && isLast ? side - even * (parts - 1) : even
    return x.with(axis, node.inputs[1] ? (sizes?.[part] ?? UNKNOWN) : equal)
  })
}

export function slice({ node, shape, numbers }: Inputs): Dims | undefined {
  const x = shape(0)
  if (!x) return undefined
  const [starts, ends] = [numbers(1), numbers(2)]
  const axes = node.inputs[3] ? numbers(3) : (starts ?? x).map((_, axis) => axis)
  const steps = node.inputs[4] ? numbers(4) : axes?.map(() => 1)
  if (!axes) return x.map(() => UNKNOWN)
  const places = axes.map((axis) => fromFront(axis, x.length))
  return x.map((side, axis) => {
    const at = places.indexOf(axis)
    if (at < 0) return side
    const [start, end, step] = [starts?.[at], ends?.[at], steps?.[at]]
    if (start === undefined || end === undefined || step === undefined) return UNKNOWN
    if (typeof side === 'string') return start === 0 && end >= END && step === 1 ? side : UNKNOWN
    const low = step > 0 ? 0 : -1
    const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + side : value, low), step > 0 ? side : side - 1)
    const from = Math.max(clamp(start), 0)
    const to = end < -END ? low : clamp(end)
    return Math.max(0, Math.ceil((to - from) / step))
  })
}

const axesOf = ({ node, numbers }: Inputs): readonly number[] | undefined => intsOf(node, 'axes') ?? numbers(1)

export function squeeze(inputs: Inputs): Dims | undefined {
  const x = inputs.shape(0)
  if (!x) return undefined
  if (!inputs.node.inputs[1] && !intsOf(inputs.node, 'axes'))
    return x.every((side) => typeof side === 'number') ? x.filter((side) => side !== 1) : undefined
  const axes = axesOf(inputs)?.map((axis) => fromFront(axis, x.length))
  return axes && x.filter((_, axis) => !axes.includes(axis))
}

export function unsqueeze(inputs: Inputs): Dims | undefined {
  const [x, axes] = [inputs.shape(0), axesOf(inputs)]
  if (!x || !axes) return undefined
  const rank = x.length + axes.length
  const added = new Set(axes.map((axis) => fromFront(axis, rank)))
  const left = [...x]
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (left.shift() as Dim)))
}
