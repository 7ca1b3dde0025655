import fc from 'fast-check'
import { describe, test } from 'vitest'
import { obeys, shape, side } from './law.ts'

const flag = fc.integer({ min: 0, max: 1 })

describe('reductions', () => {
  const reductions = fc
    .record({
      sides: shape(1, 4),
      keepdims: flag,
      chosen: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      isNegative: fc.boolean(),
      isAll: fc.boolean(),
    })
    .map(({ sides, keepdims, chosen, isNegative, isAll }) => {
      const axes = sides.map((_, axis) => axis).filter((axis) => chosen[axis] || axis === 0)
      return { sides, keepdims, axes: isAll ? null : axes.map((axis) => (isNegative ? axis - sides.length : axis)) }
    })

  test('ReduceSum, its axes known beforehand or not', async () => {
    await obeys(
      reductions.map(({ sides, keepdims, axes }) => ({
        op: 'ReduceSum',
        attributes: { keepdims },
        operands: [{ shape: sides }, axes && { ints: axes, isLive: true }],
      })),
      16,
    )
  })

  test.for(['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceSumSquare', 'ReduceL2', 'ReduceLogSumExp'])(
    '%s before and from opset 18',
    async (op) => {
      const range = op === 'ReduceL2' ? 'positive' : op === 'ReduceMax' || op === 'ReduceMin' ? 'distinct' : 'any'
      await obeys(
        fc.tuple(reductions, fc.constantFrom(17, 18)).map(([{ sides, keepdims, axes }, opset]) => ({
          op,
          opset,
          attributes: { keepdims, ...(axes && opset < 18 ? { axes } : {}) },
          operands: [{ shape: sides, range } as const, ...(opset < 18 ? [] : [axes && { ints: axes }])],
        })),
      )
    },
  )

  test('GlobalAveragePool', async () => {
    await obeys(shape(3, 4).map((sides) => ({ op: 'GlobalAveragePool', operands: [{ shape: sides }] })))
  })
})

test.for(['Softmax', 'LogSoftmax'])('%s along any axis', async (op) => {
  await obeys(
    shape(1, 4).chain((sides) =>
      fc.integer({ min: -sides.length, max: sides.length - 1 }).map((axis) => ({ op, attributes: { axis }, operands: [{ shape: sides }] })),
    ),
  )
})

describe('normalizations', () => {
  // Epsilon is large, lest few values that happen to lie close together make slopes too steep for differences.
  const epsilon = { float: 0.2 }
  const bias = fc.boolean()

  test('LayerNormalization from any axis on', async () => {
    await obeys(
      fc.tuple(shape(1, 4), bias).chain(([sides, hasBias]) =>
        fc.integer({ min: -sides.length, max: sides.length - 1 }).map((axis) => {
          const own = sides.slice(axis)
          return {
            op: 'LayerNormalization',
            attributes: { axis, epsilon },
            operands: [{ shape: sides }, { shape: own }, hasBias ? { shape: own } : null],
          }
        }),
      ),
    )
  })

  test('InstanceNormalization', async () => {
    await obeys(
      shape(3, 4).map((sides) => ({
        op: 'InstanceNormalization',
        attributes: { epsilon },
        operands: [{ shape: sides }, { shape: [sides[1] as number] }, { shape: [sides[1] as number] }],
      })),
    )
  })

  test('GroupNormalization, scaled by channel', async () => {
    await obeys(
      fc.record({ groups: side(1, 3), per: side(1, 2), rest: shape(1, 2), n: side(1, 2) }).map(({ groups, per, rest, n }) => ({
        op: 'GroupNormalization',
        opset: 21,
        attributes: { num_groups: groups, epsilon },
        operands: [{ shape: [n, groups * per, ...rest] }, { shape: [groups * per] }, { shape: [groups * per] }],
      })),
    )
  })

  test('BatchNormalization outside training', async () => {
    await obeys(
      shape(2, 4).map((sides) => {
        const channels = sides[1] as number
        return {
          op: 'BatchNormalization',
          attributes: { epsilon },
          operands: [
            { shape: sides },
            { shape: [channels] },
            { shape: [channels] },
            { floats: Array.from({ length: channels }, (_, i) => i * 0.3) },
            { floats: Array.from({ length: channels }, (_, i) => 0.5 + i) },
          ],
        }
      }),
    )
  })
})
