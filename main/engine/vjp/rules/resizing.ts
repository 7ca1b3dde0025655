import { type Attribute, intsOf, stringOf } from '../file/model.ts'
import { type Rule, type Rules, refusal, type Use } from '../rule.ts'
import { transposed } from '../separable.ts'
import { fromFront } from '../shapes/facts.ts'

/** How the operator places its samples; the same for its matrix. */
const KEPT = ['mode', 'coordinate_transformation_mode', 'nearest_mode', 'cubic_coeff_a', 'exclude_outside', 'antialias']

/** Whole factors of a nearest-neighbour enlargement in which every element is simply repeated. */
function repeats({ node, x, b }: Use, rank: number): readonly number[] | undefined {
  const scales = x[2] ? b.facts.numbers(x[2]) : undefined
  const shape = [x[0], node.outputs[0]].map((name) => b.facts.shape(name ?? ''))
  const factors =
    scales ??
    shape[1]?.map((to, axis) => {
      const from = shape[0]?.[axis]
      return to === from ? 1 : typeof to === 'number' && typeof from === 'number' ? to / from : 0
    })
  if (stringOf(node, 'mode', 'nearest') !== 'nearest' || factors?.length !== rank) return undefined
  if (!factors.every((factor) => Number.isInteger(factor) && factor > 0) || factors[0] !== 1 || factors[1] !== 1) return undefined
  const [place, round] = [
    stringOf(node, 'coordinate_transformation_mode', 'half_pixel'),
    stringOf(node, 'nearest_mode', 'round_prefer_floor'),
  ]
  const isRepeated = (place === 'asymmetric' && round === 'floor') || (place === 'half_pixel' && round.startsWith('round_prefer'))
  return isRepeated ? factors : undefined
}

const resize: Rule = (use) => [
  () => {
    const { b, node, x, y, g } = use
    const [at = '', , scales = '', sizes = ''] = x
    const rank = b.facts.rank(at)
    const place = stringOf(node, 'coordinate_transformation_mode', 'half_pixel')
    if (place === 'tf_crop_and_resize') throw refusal(node, 'which crops as well')
    if (stringOf(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') throw refusal(node, 'which changes the sizes asked for')
    const axes = intsOf(node, 'axes')?.map((axis) => fromFront(axis, rank)) ?? Array.from({ length: rank }, (_, axis) => axis)
    const factors = axes.length === rank ? repeats(use, rank) : undefined
    if (factors) {
      const kernel = factors.slice(2)
      const area = kernel.reduce((size, factor) => size * factor, 1)
      if (area === 1) return g
      return b.mul(b.emit('AveragePool', [g], { kernel_shape: kernel, strides: kernel }), b.scalar(area))
    }
    const [from, to] = [b.facts.shape(at), b.facts.shape(y)]
    const changed = axes.filter((axis) => from?.[axis] === undefined || from[axis] !== to?.[axis])
    const known = scales ? b.facts.numbers(scales) : undefined
    const kept = Object.fromEntries(Object.entries(node.attributes).filter(([name]) => KEPT.includes(name))) as Record<string, Attribute>
    const pick = (list: string, i: number) => b.emit('Slice', [list, b.ints([i]), b.ints([i + 1]), b.ints([0])])
    const sliced = known ? changed.filter((axis) => known[axes.indexOf(axis)] !== 1) : changed
    return transposed(b, at, g, {
      axes: sliced,
      rank,
      matrix: (axis, identity) => {
        const i = axes.indexOf(axis)
        const picture = b.unsqueeze(identity, [0, 1])
        const one = b.emit('CastLike', [b.ints([1]), b.scalar(1)])
        const target = scales ? [b.concat([one, one, pick(scales, i), one])] : ['', b.vector(1, 1, pick(sizes, i), b.side(at, axis))]
        return b.squeeze(b.emit('Resize', [picture, '', ...target], kept), [0, 1])
      },
    })
  },
]

/** Enlarging and reducing. */
export const resizing: Rules = { Resize: resize }
