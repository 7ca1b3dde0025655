import { numberOf } from '../file/model.ts'
import type { Rule, Rules, Use } from '../rule.ts'

/** y is the softmax; the gradient is centred by its mean under y. */
const softmax: Rule = ({ node, g, y, b }) => [
  () => {
    const axis = numberOf(node, 'axis', -1)
    return b.mul(y, b.sub(g, b.sum(b.mul(g, y), [axis])))
  },
]
const logSoftmax: Rule = ({ node, g, y, b }) => [() => b.sub(g, b.mul(b.one('Exp', y), b.sum(g, [numberOf(node, 'axis', -1)])))]

/** A value brought to mean 0 and variance 1 over some axes, and one over its standard deviation. */
function standardize({ b, node }: Use, x: string, axes: readonly number[]): { readonly z: string; readonly inverse: string } {
  const centred = b.sub(x, b.mean(x, axes))
  const variance = b.mean(b.mul(centred, centred), axes)
  const inverse = b.one('Reciprocal', b.one('Sqrt', b.add(variance, b.scalar(numberOf(node, 'epsilon', 1e-5)))))
  return { z: b.mul(centred, inverse), inverse }
}

/** Through the standardising: the gradient loses its mean, and what lies along z. */
function unstandardize({ b }: Use, g: string, { z, inverse }: ReturnType<typeof standardize>, axes: readonly number[]): string {
  const along = b.mul(z, b.mean(b.mul(g, z), axes))
  return b.mul(inverse, b.sub(b.sub(g, b.mean(g, axes)), along))
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

const layer: Rule = (use) => {
  const { b, node, x, g } = use
  const [at = '', scale = '', bias = ''] = x
  const axis = numberOf(node, 'axis', -1)
  const axes = axis < 0 ? range(axis, 0) : range(axis, b.facts.rank(at))
  return [
    () => unstandardize(use, b.mul(g, scale), standardize(use, at, axes), axes),
    () => b.fit(b.mul(g, standardize(use, at, axes).z), at, scale),
    () => b.fit(g, at, bias),
  ]
}

/** A vector over the channels, shaped to broadcast against [batch, channel, …]. */
const channels = ({ b, x }: Use, vector: string): string =>
  b.reshape(vector, b.ints([1, -1, ...range(2, b.facts.rank(x[0] as string)).map(() => 1)]))
/** All axes but the channels. */
const others = ({ b, x }: Use): number[] => [0, ...range(2, b.facts.rank(x[0] as string))]

const instance: Rule = (use) => {
  const { b, x, g } = use
  const [at = '', scale = ''] = x
  const axes = range(2, b.facts.rank(at))
  return [
    () => unstandardize(use, b.mul(g, channels(use, scale)), standardize(use, at, axes), axes),
    () => b.sum(b.mul(g, standardize(use, at, axes).z), others(use), false),
    () => b.sum(g, others(use), false),
  ]
}

/** Groups of channels are standardised together; before opset 21, scale and bias are one number per group. */
const group: Rule = (use) => {
  const { b, node, x, g } = use
  const [at = '', scale = ''] = x
  const groups = numberOf(node, 'num_groups', 1)
  const grouped = b.ints([0, groups, -1])
  const isPerGroup = b.facts.opset < 21
  const parts = () => standardize(use, b.reshape(at, grouped), [2])
  const scaled = () =>
    isPerGroup ? b.mul(b.reshape(g, grouped), b.reshape(scale, b.ints([1, -1, 1]))) : b.reshape(b.mul(g, channels(use, scale)), grouped)
  const gathered = (value: string) =>
    isPerGroup ? b.sum(b.reshape(value, grouped), [0, 2], false) : b.sum(b.reshapeLike(value, at), others(use), false)
  return [
    () => b.reshapeLike(unstandardize(use, scaled(), parts(), [2]), at),
    () => gathered(b.mul(b.reshape(g, grouped), parts().z)),
    () => gathered(g),
  ]
}

/** As it works outside training: mean and variance are given. */
const batch: Rule = (use) => {
  const { b, node, x, g } = use
  const [at = '', scale = '', , mean = '', variance = ''] = x
  const inverse = () => b.one('Reciprocal', b.one('Sqrt', b.add(variance, b.scalar(numberOf(node, 'epsilon', 1e-5)))))
  return [
    () => b.mul(g, channels(use, b.mul(scale, inverse()))),
    () => b.mul(b.sum(b.mul(g, b.sub(at, channels(use, mean))), others(use), false), inverse()),
    () => b.sum(g, others(use), false),
  ]
}

/** Softmax and what brings values to a common mean and variance. */
export const normalizations: Rules = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  LayerNormalization: layer,
  InstanceNormalization: instance,
  GroupNormalization: group,
  BatchNormalization: batch,
}
