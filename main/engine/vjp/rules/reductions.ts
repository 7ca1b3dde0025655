import { intsOf, numberOf } from '../file/model.ts'
import type { Rule, Rules, Use } from '../rule.ts'

/** Stretches a reduced value back, so that it broadcasts against the input: reduced axes have length 1. */
function kept({ node, x, b }: Use, value: string): string {
  if (numberOf(node, 'keepdims', 1) === 1) return value
  const [at = '', axes = ''] = x
  const fixed = intsOf(node, 'axes')
  if (fixed) return b.unsqueeze(value, fixed)
  if (axes) return b.emit('Unsqueeze', [value, axes])
  return numberOf(node, 'noop_with_empty_axes', 0) ? value : b.reshape(value, b.ints(Array(b.facts.rank(at)).fill(1)))
}

/** How many elements go into one of the result, as a float32 scalar. */
function count({ x, y, b }: Use): string {
  const [whole, part] = [x[0] as string, y].map((name) => b.facts.shape(name))
  if (whole?.every((side) => typeof side === 'number') && part?.every((side) => typeof side === 'number'))
    return b.scalar(whole.reduce((size, side) => size * (side as number), 1) / part.reduce((size, side) => size * (side as number), 1))
  return b.indicator(b.div(b.one('Size', x[0] as string), b.one('Size', y)))
}

const stretched = (use: Use, value: string): string => use.b.emit('Expand', [value, use.b.shapeOf(use.x[0] as string)])

const sum: Rule = (use) => [() => stretched(use, kept(use, use.g))]
const mean: Rule = (use) => [() => stretched(use, kept(use, use.b.div(use.g, count(use))))]

/** Where several elements are extreme at once, they share the gradient evenly. */
const extreme: Rule = (use) => [
  () => {
    const { b, node, x } = use
    const [at = '', axes = ''] = x
    const hit = b.indicator(b.emit('Equal', [at, kept(use, use.y)]))
    const fixed = intsOf(node, 'axes')
    const list = fixed ? b.ints(fixed) : axes
    const noop = numberOf(node, 'noop_with_empty_axes', 0)
    const hits = b.emit('ReduceSum', list ? [hit, list] : [hit], { keepdims: 1, noop_with_empty_axes: noop })
    return b.mul(hit, b.div(kept(use, use.g), hits))
  },
]

/** A rule by the slope at each element; `value` is the result, stretched back. */
const weighted =
  (slope: (use: Use, at: string, value: () => string) => string): Rule =>
  (use) => [
    () =>
      use.b.mul(
        kept(use, use.g),
        slope(use, use.x[0] as string, () => kept(use, use.y)),
      ),
  ]

/** The mean over all axes but the first two. */
const globalAverage: Rule = (use) => [() => stretched(use, use.b.div(use.g, count(use)))]

/** Operators that gather axes into one number. */
export const reductions: Rules = {
  ReduceSum: sum,
  ReduceMean: mean,
  ReduceMax: extreme,
  ReduceMin: extreme,
  ReduceSumSquare: weighted(({ b }, at) => b.mul(at, b.scalar(2))),
  ReduceL2: weighted(({ b }, at, value) => b.div(at, value())),
  ReduceLogSumExp: weighted(({ b }, at, value) => b.one('Exp', b.sub(at, value()))),
  GlobalAveragePool: globalAverage,
}
