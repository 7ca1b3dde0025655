import { numberOf, stringOf } from '../file/model.ts'
import { type Rule, type Rules, refusal, type Use } from '../rule.ts'

/** An operator of one operand, by its slope. */
const slope =
  (of: (use: Use & { readonly at: string }) => string): Rule =>
  (use) => [() => use.b.mul(use.g, of({ ...use, at: use.x[0] as string }))]

const passed: Rule = ({ g }) => [() => g]

/** The gradient where a condition holds, zero elsewhere. */
const gated =
  (condition: (use: Use & { readonly at: string }) => string): Rule =>
  (use) => [() => use.b.emit('Where', [condition({ ...use, at: use.x[0] as string }), use.g, use.b.scalar(0)])]

const clip: Rule = (use) => {
  const { b, g, x } = use
  const [at = '', low = '', high = ''] = x
  return [
    () => {
      const inside = [...(low ? [b.emit('GreaterOrEqual', [at, low])] : []), ...(high ? [b.emit('LessOrEqual', [at, high])] : [])]
      const [first, second] = inside
      if (!first) return g
      return b.emit('Where', [second ? b.emit('And', [first, second]) : first, g, b.scalar(0)])
    },
  ]
}

/** Outside training nothing is dropped. */
const dropout: Rule = (use) => {
  const { b, node, x, g } = use
  if (x[2] && b.facts.constant(x[2]) === undefined) throw refusal(node, 'which may drop values by chance')
  return [() => g]
}

/** Below zero a multiple of something, above zero the identity or a multiple of it. */
const bent =
  (below: (use: Use, at: string) => string, above = 1): Rule =>
  (use) => {
    const { b, g, x } = use
    const [at = ''] = x
    const kept = above === 1 ? g : b.mul(g, b.scalar(above))
    return [() => b.emit('Where', [b.emit('Less', [at, b.scalar(0)]), b.mul(g, below(use, at)), kept])]
  }

const SELU_ALPHA = 1.6732631921768188
const SELU_GAMMA = 1.0507010221481323

/** d/dx of x Φ(x), with Φ as the error function or its tanh approximation gives it. */
function geluSlope({ b, node, at }: Use & { readonly at: string }): string {
  const square = () => b.mul(at, at)
  if (stringOf(node, 'approximate', 'none') === 'none') {
    const share = b.mul(b.add(b.one('Erf', b.mul(at, b.scalar(Math.SQRT1_2))), b.scalar(1)), b.scalar(0.5))
    const density = b.mul(b.one('Exp', b.mul(square(), b.scalar(-0.5))), b.scalar(1 / Math.sqrt(2 * Math.PI)))
    return b.add(share, b.mul(at, density))
  }
  const rate = Math.sqrt(2 / Math.PI)
  const inner = b.mul(at, b.add(b.scalar(rate), b.mul(square(), b.scalar(rate * 0.044715))))
  const tanh = b.one('Tanh', inner)
  const innerSlope = b.add(b.scalar(rate), b.mul(square(), b.scalar(3 * rate * 0.044715)))
  const bend = b.mul(b.mul(at, b.scalar(0.5)), b.mul(b.sub(b.scalar(1), b.mul(tanh, tanh)), innerSlope))
  return b.add(b.mul(b.add(tanh, b.scalar(1)), b.scalar(0.5)), bend)
}

/** d/dx of x σ(alpha x). */
function swishSlope({ b, node, at }: Use & { readonly at: string }): string {
  const alpha = numberOf(node, 'alpha', 1)
  const scaled = alpha === 1 ? at : b.mul(at, b.scalar(alpha))
  const gate = b.one('Sigmoid', scaled)
  return b.mul(gate, b.add(b.scalar(1), b.mul(scaled, b.sub(b.scalar(1), gate))))
}

/** d/dx of x tanh(softplus(x)). */
function mishSlope({ b, at }: Use & { readonly at: string }): string {
  const gate = b.one('Tanh', b.one('Softplus', at))
  return b.add(gate, b.mul(b.mul(at, b.one('Sigmoid', at)), b.sub(b.scalar(1), b.mul(gate, gate))))
}

const hardSigmoid: Rule = gated(({ b, y }) => b.emit('And', [b.emit('Greater', [y, b.scalar(0)]), b.emit('Less', [y, b.scalar(1)])]))

/** Operators of one operand, element by element. */
export const elementwise: Rules = {
  Identity: passed,
  Dropout: dropout,
  Neg: ({ b, g }) => [() => b.one('Neg', g)],
  Cast: ({ b, g, x }) => [() => b.emit('CastLike', [g, x[0] as string])],
  CastLike: ({ b, g, x }) => [() => b.emit('CastLike', [g, x[0] as string])],
  Abs: slope(({ b, at }) => b.one('Sign', at)),
  Sqrt: ({ b, g, y }) => [() => b.div(b.mul(g, b.scalar(0.5)), y)],
  Exp: slope(({ y }) => y),
  Log: ({ b, g, x }) => [() => b.div(g, x[0] as string)],
  Reciprocal: slope(({ b, y }) => b.one('Neg', b.mul(y, y))),
  Sin: slope(({ b, at }) => b.one('Cos', at)),
  Cos: slope(({ b, at }) => b.one('Neg', b.one('Sin', at))),
  Erf: slope(({ b, at }) => b.mul(b.one('Exp', b.one('Neg', b.mul(at, at))), b.scalar(2 / Math.sqrt(Math.PI)))),
  Tanh: slope(({ b, y }) => b.sub(b.scalar(1), b.mul(y, y))),
  Sigmoid: slope(({ b, y }) => b.mul(y, b.sub(b.scalar(1), y))),
  HardSigmoid: (use) => {
    const scaled = use.b.mul(use.g, use.b.scalar(numberOf(use.node, 'alpha', 0.2)))
    return hardSigmoid({ ...use, g: scaled })
  },
  Softplus: slope(({ b, at }) => b.one('Sigmoid', at)),
  Softsign: slope(({ b, at }) => {
    const steepness = b.one('Reciprocal', b.add(b.one('Abs', at), b.scalar(1)))
    return b.mul(steepness, steepness)
  }),
  Relu: gated(({ b, y }) => b.emit('Greater', [y, b.scalar(0)])),
  LeakyRelu: bent(({ b, node }) => b.scalar(numberOf(node, 'alpha', 0.01))),
  Elu: bent(({ b, node, y }) => b.add(y, b.scalar(numberOf(node, 'alpha', 1)))),
  Selu: (use) => {
    const [alpha, gamma] = [numberOf(use.node, 'alpha', SELU_ALPHA), numberOf(use.node, 'gamma', SELU_GAMMA)]
    return bent(({ b, y }) => b.add(y, b.scalar(alpha * gamma)), gamma)(use)
  },
  Clip: clip,
  Gelu: slope(geluSlope),
  Swish: slope(swishSlope),
  Mish: slope(mishSlope),
}
