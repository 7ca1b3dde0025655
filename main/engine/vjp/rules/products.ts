import { numberOf, stringOf } from '../file/model.ts'
import { type Rule, type Rules, refusal } from '../rule.ts'
import type { Dims } from '../shapes/dim.ts'

/** The matrix product, with vectors as rows or columns and stretched batches. */
const matmul: Rule = ({ x, g, y, b }) => {
  const [left = '', right = ''] = x
  const [leftRank, rightRank] = [b.facts.rank(left), b.facts.rank(right)]
  const rows = () => (leftRank === 1 ? b.unsqueeze(left, [0]) : left)
  const columns = () => (rightRank === 1 ? b.unsqueeze(right, [1]) : right)
  const whole = () => {
    const tall = rightRank === 1 ? b.unsqueeze(g, [-1]) : g
    return leftRank === 1 ? b.unsqueeze(tall, [-2]) : tall
  }
  const batch = b.facts.shape(y)?.slice(0, -(Math.min(leftRank, 2) + Math.min(rightRank, 2) - 2) || undefined)
  /** Shape of a gradient before the batches of an operand are summed. */
  const wide = (...last: Dims): Dims | undefined => batch && [...batch, ...last]
  const sidesOf = (name: string): Dims => b.facts.shape(name)?.slice(-2) ?? []
  return [
    () => {
      const gradient = b.emit('MatMul', [whole(), b.flip(columns(), Math.max(2, rightRank))])
      return b.fit(gradient, leftRank === 1 ? wide(1, ...sidesOf(left)) : wide(...sidesOf(left)), left)
    },
    () => {
      if (rightRank === 2 && leftRank > 2) {
        const flat = (value: string, of: string) => b.reshape(value, b.vector(-1, b.side(of, -1)))
        return b.emit('MatMul', [b.transpose(flat(left, left), [1, 0]), flat(g, y)])
      }
      const gradient = b.emit('MatMul', [b.flip(rows(), Math.max(2, leftRank)), whole()])
      return b.fit(rightRank === 1 ? b.squeeze(gradient, [-1]) : gradient, wide(...sidesOf(right)), right)
    },
  ]
}

const gemm: Rule = ({ node, x, g, y, b }) => {
  const [left = '', right = '', bias = ''] = x
  const flag = (name: string) => numberOf(node, name, 0) !== 0
  const [isLeftFlipped, isRightFlipped] = [flag('transA'), flag('transB')]
  const [alpha, beta] = [numberOf(node, 'alpha', 1), numberOf(node, 'beta', 1)]
  const times = (p: string, transA: boolean, q: string, transB: boolean) =>
    b.emit('Gemm', [p, q], { transA: Number(transA), transB: Number(transB), alpha: { float: alpha } })
  return [
    () => (isLeftFlipped ? times(right, isRightFlipped, g, true) : times(g, false, right, !isRightFlipped)),
    () => (isRightFlipped ? times(g, true, left, isLeftFlipped) : times(left, !isLeftFlipped, g, false)),
    () => b.fit(beta === 1 ? g : b.mul(g, b.scalar(beta)), y, bias),
  ]
}

/** Sums of products by letters: the gradient takes the place of its operand, the letters exchanged. */
const einsum: Rule = ({ node, x, g, b }) => {
  const equation = stringOf(node, 'equation', '').replaceAll(' ', '')
  const [left = '', result] = equation.split('->')
  const terms = left.split(',')
  const isPlain = result !== undefined && /^[A-Za-z,]*$/.test(left + result) && terms.every((term) => new Set(term).size === term.length)
  if (!isPlain) throw refusal(node, `whose equation "${equation}" is not plain letters, each once in a term, with its result`)
  return terms.map((term, place) => () => {
    const others = terms.filter((_, i) => i !== place)
    const sources = [result, ...others]
    // A letter that is nowhere else was summed alone: its gradient is the same all along.
    const found = [...term].filter((letter) => sources.some((source) => source.includes(letter)))
    const inputs = [g, ...x.filter((_, i) => i !== place)]
    const gradient = b.emit('Einsum', inputs, { equation: `${sources.join()}->${found.join('')}` })
    if (found.length === term.length) return gradient
    const lone = [...term].flatMap((letter, axis) => (found.includes(letter) ? [] : [axis]))
    return b.emit('Expand', [b.unsqueeze(gradient, lone), b.shapeOf(x[place] as string)])
  })
}

/** Products of matrices. */
export const products: Rules = { MatMul: matmul, Gemm: gemm, Einsum: einsum }
