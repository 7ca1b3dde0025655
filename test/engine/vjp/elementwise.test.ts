import fc from 'fast-check'
import { describe, test } from 'vitest'
import { obeys, shape, stretchable } from './law.ts'
import type { Operator, Range } from './operator.ts'

const unary = (op: string, range: Range = 'any', attributes: Operator['attributes'] = {}, opset = 17) =>
  shape(0, 4).map((sides) => ({ op, operands: [{ shape: sides, range }], attributes, opset }))

describe('one operand', () => {
  test.for<[string, Range?]>([
    ['Identity'],
    ['Neg'],
    ['Abs', 'apart'],
    ['Sqrt', 'positive'],
    ['Exp'],
    ['Log', 'positive'],
    ['Reciprocal', 'positive'],
    ['Sin'],
    ['Cos'],
    ['Erf'],
    ['Tanh'],
    ['Sigmoid'],
    ['Softplus'],
    ['Softsign', 'apart'],
    ['Relu', 'apart'],
    ['Mish'],
    ['Dropout'],
  ])('%s', async ([op, range]) => obeys(unary(op, range, {}, op === 'Mish' ? 18 : 17)))

  test.for<[string, Operator['attributes'], number]>([
    ['LeakyRelu', { alpha: { float: 0.3 } }, 17],
    ['LeakyRelu', {}, 17],
    ['Elu', { alpha: { float: 0.7 } }, 17],
    ['Selu', {}, 17],
    ['HardSigmoid', { alpha: { float: 0.3 }, beta: { float: 0.5 } }, 17],
    ['Gelu', { approximate: 'none' }, 20],
    ['Gelu', { approximate: 'tanh' }, 20],
    ['Cast', { to: 1 }, 17],
  ])('%s with %j', async ([op, attributes, opset]) => obeys(unary(op, op === 'HardSigmoid' ? 'inside' : 'apart', attributes, opset)))

  test('Clip with one bound, two or none', async () => {
    const bound = fc.constantFrom<number | null>(0.1, null)
    await obeys(
      fc.record({ sides: shape(0, 3), low: bound, high: bound }).map(({ sides, low, high }) => ({
        op: 'Clip',
        // Values lie off the bounds, which are at ±0.1 between -0.15 and 0.15.
        operands: [
          { shape: sides, range: 'apart' },
          low === null ? null : { floats: [-low], shape: [] },
          high === null ? null : { floats: [high], shape: [] },
        ],
      })),
    )
  })
})

describe('several operands, stretched', () => {
  test.for<[string, Range, Range]>([
    ['Add', 'any', 'any'],
    ['Sub', 'any', 'any'],
    ['Mul', 'any', 'any'],
    ['Div', 'any', 'positive'],
    ['Pow', 'positive', 'any'],
    ['PRelu', 'apart', 'any'],
  ])('%s', async ([op, first, second]) => {
    await obeys(
      stretchable
        // PRelu stretches its slope alone.
        .map(([a, b]) =>
          op === 'PRelu' ? [a.length >= b.length ? a : b, a.length >= b.length ? a.map((n, i) => (i % 2 ? 1 : n)) : b] : [a, b],
        )
        .map(([a = [], b = []]) => ({
          op,
          operands: [
            { shape: a, range: first },
            { shape: b, range: second },
          ],
        })),
      16,
    )
  })

  test.for([2, 0.5, 3, -1])('Pow by the constant %d', async (exponent) => {
    await obeys(
      shape(0, 3).map((sides) => ({
        op: 'Pow',
        operands: [
          { shape: sides, range: 'positive' },
          { floats: [exponent], shape: [] },
        ],
      })),
    )
  })

  test.for(['Sum', 'Mean'])('%s', async (op) => {
    await obeys(stretchable.map(([a, b]) => ({ op, operands: [{ shape: a }, { shape: b }, { shape: a }] })))
  })

  test.for(['Max', 'Min'])('%s', async (op) => {
    // One list of distinct values cannot meet the other's: it is moved by half a step.
    await obeys(
      stretchable.map(([a, b]) => ({
        op,
        operands: [
          { shape: a, range: 'distinct' },
          { floats: Array.from({ length: b.reduce((n, m) => n * m, 1) }, (_, i) => 0.11 * ((i * 7) % 5) - 0.13), shape: b },
        ],
      })),
    )
  })

  test('Where', async () => {
    await obeys(stretchable.map(([a, b]) => ({ op: 'Where', operands: [{ choices: b }, { shape: a }, { shape: b }] })))
  })
})
