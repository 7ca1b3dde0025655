import { stringOf } from '../file/model.ts'
import { type Rule, type Rules, refusal, type Use } from '../rule.ts'
import { transposed } from '../separable.ts'
import { fromFront } from '../shapes/facts.ts'

const END = 2 ** 31 - 1

/** Slices become zero padding; those with steps put the elements back one by one. */
const slice: Rule = (use) => [
  () => {
    const { b, x, g } = use
    const [at = '', starts = '', ends = '', axes = '', steps = ''] = x
    const rank = b.facts.rank(at)
    const places = (axes ? b.facts.numbers(axes) : undefined)?.map((axis) => fromFront(axis, rank))
    const count = places?.length ?? b.facts.shape(starts)?.[0]
    if (typeof count !== 'number' || (axes && !places)) throw refusal(use.node, 'whose axes are not known beforehand')
    const at0 = Array.from({ length: count }, (_, i) => i)
    const cut = at0.map((i) => ({ axis: places?.[i] ?? i, i }))
    const stepList = steps ? b.facts.numbers(steps) : cut.map(() => 1)
    if (stepList?.every((step) => step === 1)) return padded(use, cut, b.facts.numbers(starts), b.facts.numbers(ends))
    /** Which elements were taken, axis by axis; the last cut is undone first. */
    const pick = (i: number, list: string) => b.emit('Slice', [list, b.ints([i]), b.ints([i + 1]), b.ints([0])])
    return cut.toReversed().reduce((gradient, { axis, i }) => {
      const [whole, step] = [b.side(at, axis), steps ? pick(i, steps) : b.ints([1])]
      const indices = b.upTo(whole)
      const taken = b.emit('Slice', [indices, pick(i, starts), pick(i, ends), b.ints([0]), step])
      const column = b.reshape(taken, b.ints([-1, ...Array<number>(rank - axis - 1).fill(1)]))
      const everywhere = b.emit('Expand', [column, b.emit('Shape', [gradient])])
      const before = axis === 0 ? [] : [b.emit('Shape', [gradient], { start: 0, end: axis })]
      const after = axis === rank - 1 ? [] : [b.emit('Shape', [gradient], { start: axis + 1 })]
      return b.emit('ScatterElements', [b.filled(b.vector(...before, whole, ...after)), everywhere, gradient], { axis })
    }, g)
  },
]

/** Zeros around a slice taken without steps. */
function padded(
  { b, x, g }: Use,
  cut: readonly { readonly axis: number; readonly i: number }[],
  from?: readonly number[],
  to?: readonly number[],
): string {
  const [at = '', starts = '', ends = ''] = x
  const rank = b.facts.rank(at)
  const before: (number | string)[] = Array(rank).fill(0)
  const after: (number | string)[] = Array(rank).fill(0)
  const pick = (list: string, i: number) => b.emit('Slice', [list, b.ints([i]), b.ints([i + 1]), b.ints([0])])
  for (const { axis, i } of cut) {
    const side = b.side(at, axis)
    const known = b.facts.shape(at)?.[axis]
    /** A place counted from the front and held within the axis. */
    const place = (fixed: number | undefined, list: string): number | string => {
      if (fixed === undefined) {
        const value = pick(list, i)
        const front = b.emit('Where', [b.emit('Less', [value, b.ints([0])]), b.add(value, side), value])
        return b.emit('Max', [b.emit('Min', [front, side]), b.ints([0])])
      }
      if (typeof known === 'number') return Math.min(Math.max(fixed < 0 ? fixed + known : fixed, 0), known)
      if (fixed >= 0) return fixed === 0 ? 0 : b.emit('Min', [b.ints([fixed]), side])
      return b.emit('Max', [b.add(side, b.ints([fixed])), b.ints([0])])
    }
    before[axis] = place(from?.[i], starts)
    const end = to?.[i]
    if (end !== undefined && end >= END) continue
    if (end !== undefined && end < 0) {
      after[axis] = typeof known === 'number' ? Math.min(-end, known) : b.emit('Min', [b.ints([-end]), side])
      continue
    }
    const last = place(end, ends)
    after[axis] =
      typeof known === 'number' && typeof last === 'number' ? known - last : b.sub(side, typeof last === 'number' ? b.ints([last]) : last)
  }
  return [...before, ...after].every((amount) => amount === 0) ? g : b.emit('Pad', [g, b.vector(...before, ...after)])
}

/** Constant borders are cut off again (padding by less than nothing); others fold back. */
const pad: Rule = (use) => {
  const { b, node, x, g } = use
  const [at = '', pads = '', , axes = ''] = x
  const mode = stringOf(node, 'mode', 'constant')
  if (mode === 'constant') {
    const cut = () => b.emit('Pad', [g, b.one('Neg', pads), ...(axes ? ['', axes] : [])])
    return [cut, undefined, () => b.sub(b.emit('ReduceSum', [g], { keepdims: 0 }), b.emit('ReduceSum', [cut()], { keepdims: 0 }))]
  }
  return [
    () => {
      const rank = b.facts.rank(at)
      const list = axes ? b.facts.numbers(axes)?.map((axis) => fromFront(axis, rank)) : Array.from({ length: rank }, (_, i) => i)
      if (!list) throw refusal(node, 'whose axes are not known beforehand')
      const known = b.facts.numbers(pads)
      const width = (i: number) => b.emit('Slice', [pads, b.ints([i]), b.ints([i + 1]), b.ints([0])])
      const amounts = (i: number) => (known ? (known[i] as number) : width(i))
      const changed = list.filter((_, i) => known?.[i] !== 0 || known[i + list.length] !== 0)
      return transposed(b, at, g, {
        axes: changed,
        rank,
        matrix: (axis, identity) => {
          const i = list.indexOf(axis)
          return b.emit('Pad', [identity, b.vector(amounts(i), 0, amounts(i + list.length), 0)], { mode })
        },
      })
    },
  ]
}

/** Slicing and padding. */
export const windows: Rules = { Slice: slice, Pad: pad }
