import type { Rule, Rules, Use } from '../rule.ts'

/** Sums a gradient down to the shape of the input at a place. */
const narrowed = ({ b, x, y }: Use, place: number, gradient: string): string => b.fit(gradient, y, x[place] as string)

const add: Rule = (use) => use.x.map((_, place) => () => narrowed(use, place, use.g))

const sub: Rule = (use) => [() => narrowed(use, 0, use.g), () => narrowed(use, 1, use.b.one('Neg', use.g))]

/**
 * x σ(x), which exporters write as a product, by x alone: the gate need not be kept, and runtimes can do the forward pass in one go.
 * With u = σ(-x) the slope is (1 - u) (1 + x u); written with σ(x), the runtime would find the gate again and keep it.
 */
function gated({ b, g }: Use, x: string): string {
  const u = b.one('Sigmoid', b.one('Neg', x))
  return b.mul(g, b.mul(b.sub(b.scalar(1), u), b.add(b.scalar(1), b.mul(x, u))))
}

const mul: Rule = (use) => {
  const { b, g, x } = use
  const gate = x.findIndex((name, place) => {
    const maker = b.facts.maker(name)
    return maker?.op === 'Sigmoid' && maker.domain === '' && maker.inputs[0] === x[1 - place]
  })
  if (gate >= 0) return x.map((name, place) => (place === gate ? () => undefined : () => gated(use, name)))
  return [() => narrowed(use, 0, b.mul(g, x[1] as string)), () => narrowed(use, 1, b.mul(g, x[0] as string))]
}

const div: Rule = (use) => {
  const { b, g, y } = use
  const [, by = ''] = use.x
  return [() => narrowed(use, 0, b.div(g, by)), () => narrowed(use, 1, b.one('Neg', b.div(b.mul(g, y), by)))]
}

const pow: Rule = (use) => {
  const { b, g, y } = use
  const [base = '', exponent = ''] = use.x
  return [
    () => {
      const [known] = b.facts.constant(exponent)?.shape.length === 0 ? (b.facts.numbers(exponent) ?? []) : []
      if (known === 2) return narrowed(use, 0, b.mul(g, b.mul(base, b.scalar(2))))
      const power = known === undefined ? b.sub(exponent, b.emit('CastLike', [b.scalar(1), exponent])) : b.scalar(known - 1)
      const factor = known === undefined ? b.emit('CastLike', [exponent, base]) : b.scalar(known)
      return narrowed(use, 0, b.mul(g, b.mul(b.emit('Pow', [base, power]), factor)))
    },
    () => narrowed(use, 1, b.mul(g, b.mul(y, b.one('Log', base)))),
  ]
}

/** Where several operands are extreme at once, they share the gradient evenly. */
const extreme: Rule = (use) => {
  const { b, g, x, y } = use
  const hit = (name: string) => b.indicator(b.emit('Equal', [name, y]))
  const share = () => b.div(g, x.length === 1 ? hit(x[0] as string) : b.emit('Sum', x.map(hit)))
  return x.map((name, place) => () => narrowed(use, place, b.mul(share(), hit(name))))
}

const mean: Rule = (use) => use.x.map((_, place) => () => narrowed(use, place, use.b.div(use.g, use.b.scalar(use.x.length))))

const where: Rule = (use) => {
  const { b, g } = use
  const [condition = ''] = use.x
  return [
    undefined,
    () => narrowed(use, 1, b.emit('Where', [condition, g, b.scalar(0)])),
    () => narrowed(use, 2, b.emit('Where', [condition, b.scalar(0), g])),
  ]
}

const parametricRelu: Rule = (use) => {
  const { b, g } = use
  const [x = '', slope = ''] = use.x
  const isBelow = () => b.emit('Less', [x, b.scalar(0)])
  return [
    () => narrowed(use, 0, b.emit('Where', [isBelow(), b.mul(g, slope), g])),
    () => narrowed(use, 1, b.mul(g, b.emit('Min', [x, b.scalar(0)]))),
  ]
}

/** Operators of several operands that are stretched to one shape. */
export const arithmetic: Rules = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Pow: pow,
  Max: extreme,
  Min: extreme,
  Sum: add,
  Mean: mean,
  Where: where,
  PRelu: parametricRelu,
}
