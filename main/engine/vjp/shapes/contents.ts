import { numberOf } from '../file/model.ts'
import { type Dims, over, plus, times } from './dim.ts'
import { type ContentsRule, fromFront, type Inputs } from './facts.ts'

/** "To the end" as exporters write it. */
const END = 2 ** 31 - 1

const same: ContentsRule = ({ contents }) => contents(0)
const pairwise =
  (combine: typeof plus): ContentsRule =>
  ({ contents }) => {
    const [a, b] = [contents(0), contents(1)]
    if (!a || !b || (a.length !== b.length && a.length !== 1 && b.length !== 1)) return undefined
    const long = a.length >= b.length ? a : b
    return long.map((_, i) => combine(a[a.length === 1 ? 0 : i] as string, b[b.length === 1 ? 0 : i] as string))
  }

function slice({ contents, numbers }: Inputs): Dims | undefined {
  const [data, starts, ends] = [contents(0), numbers(1), numbers(2)]
  const [step = 1] = numbers(4) ?? []
  const [start, end] = [starts?.[0], ends?.[0]]
  if (!data || start === undefined || end === undefined || step !== 1) return undefined
  return data.slice(start, end >= END ? undefined : end)
}

/** How integers move through the arithmetic that exporters do on shapes. */
export const contentsRules: Readonly<Record<string, ContentsRule>> = {
  Shape: ({ node, shape }) => shape(0)?.slice(numberOf(node, 'start', 0), numberOf(node, 'end', undefined)),
  Identity: same,
  Cast: same,
  Squeeze: same,
  Unsqueeze: same,
  Reshape: same,
  Concat: ({ node, contents }) => {
    const parts = node.inputs.map((_, place) => contents(place))
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined
  },
  Gather: ({ contents, numbers }) => {
    const [data, indices] = [contents(0), numbers(1)]
    const picked = data && indices?.map((index) => data[fromFront(index, data.length)])
    return picked?.every((side) => side !== undefined) ? picked : undefined
  },
  Slice: slice,
  Add: pairwise(plus),
  Mul: pairwise(times),
  Div: pairwise(over),
  Sub: pairwise((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : b === 0 ? a : `(${a}-${b})`)),
}
