import fc from 'fast-check'
import { describe, test } from 'vitest'
import { obeys, shape, side } from './law.ts'

const size = (sides: readonly number[]): number => sides.reduce((all, one) => all * one, 1)

/** Shapes, each with one of its axes, counted from the front or the end. */
const withAxis = (minRank = 1, maxRank = 4) =>
  shape(minRank, maxRank).chain((sides) => fc.integer({ min: -sides.length, max: sides.length - 1 }).map((axis) => ({ sides, axis })))
const at = (sides: readonly number[], axis: number): number => sides.at(axis) as number

describe('another shape', () => {
  test('Reshape to sides, to what is left (-1), and to what was (0)', async () => {
    const targets = shape(1, 4).chain((sides) =>
      fc.constantFrom([-1], [...sides].reverse(), [0, -1], [1, -1, 1], [...sides, 1]).map((target) => ({ sides, target })),
    )
    await obeys(targets.map(({ sides, target }) => ({ op: 'Reshape', operands: [{ shape: sides }, { ints: target, isLive: true }] })))
  })
  test('Flatten', async () => {
    await obeys(withAxis().map(({ sides, axis }) => ({ op: 'Flatten', attributes: { axis }, operands: [{ shape: sides }] })))
  })
  test('Squeeze', async () => {
    await obeys(
      fc.tuple(shape(1, 3), fc.boolean()).map(([sides, isNamed]) => ({
        op: 'Squeeze',
        operands: [{ shape: [1, ...sides, 1] }, isNamed ? { ints: [0, -1], isLive: true } : null],
      })),
    )
  })
  test('Unsqueeze', async () => {
    await obeys(shape(0, 3).map((sides) => ({ op: 'Unsqueeze', operands: [{ shape: sides }, { ints: [0, -1], isLive: true }] })))
  })
  test('Transpose, backwards or in any order', async () => {
    const orders = shape(1, 4).chain((sides) =>
      fc.tuple(fc.constant(sides), fc.shuffledSubarray([...sides.keys()], { minLength: sides.length })),
    )
    await obeys(
      fc.tuple(orders, fc.boolean()).map(([[sides, perm], isOrdered]) => ({
        op: 'Transpose',
        attributes: isOrdered ? { perm } : {},
        operands: [{ shape: sides }],
      })),
    )
  })
  test.for(['DCR', 'CRD'])('DepthToSpace, %s', async (mode) => {
    await obeys(
      fc.tuple(side(1, 3), side(1, 2), side(1, 3), side(1, 3)).map(([blocksize, c, h, w]) => ({
        op: 'DepthToSpace',
        attributes: { blocksize, mode },
        operands: [{ shape: [2, c * blocksize ** 2, h, w] }],
      })),
    )
  })
  test('SpaceToDepth', async () => {
    await obeys(
      fc.tuple(side(1, 3), side(1, 3), side(1, 3), side(1, 3)).map(([blocksize, c, h, w]) => ({
        op: 'SpaceToDepth',
        attributes: { blocksize },
        operands: [{ shape: [2, c, h * blocksize, w * blocksize] }],
      })),
    )
  })
})

describe('together and apart', () => {
  test('Concat', async () => {
    await obeys(
      fc.tuple(withAxis(), side(), side()).map(([{ sides, axis }, second, third]) => ({
        op: 'Concat',
        attributes: { axis },
        operands: [sides, sides.with(axis, second), sides.with(axis, third)].map((one) => ({ shape: one })),
      })),
    )
  })
  test('Split, evenly or not', async () => {
    await obeys(
      fc.tuple(withAxis(), side(), side(), fc.boolean()).map(([{ sides, axis }, first, second, isEven]) => ({
        op: 'Split',
        outputs: 2,
        attributes: { axis },
        operands: [
          { shape: sides.with(axis, isEven ? 2 * first : first + second) },
          isEven ? null : { ints: [first, second], isLive: true },
        ],
      })),
    )
  })
  test('Expand', async () => {
    await obeys(
      fc.tuple(shape(1, 4), side(1, 3), side(1, 3)).map(([sides, axis, more]) => ({
        op: 'Expand',
        operands: [{ shape: sides.map((one, i) => (i % axis === 0 ? 1 : one)) }, { ints: [more, ...sides], isLive: true }],
      })),
    )
  })
  test('Tile', async () => {
    await obeys(
      shape(1, 4).chain((sides) =>
        fc.array(side(1, 3), { minLength: sides.length, maxLength: sides.length }).map((ints) => ({
          op: 'Tile',
          operands: [{ shape: sides }, { ints, isLive: true }],
        })),
      ),
    )
  })
})

describe('picked', () => {
  test('Gather, the same elements more than once, counted from the front or the end', async () => {
    await obeys(
      fc
        .tuple(withAxis(), fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), fc.constantFrom('scalar', 'vector', 'matrix'))
        .map(([{ sides, axis }, picks, form]) => {
          const length = at(sides, axis)
          const ints = picks.map((pick) => (pick % (2 * length)) - length)
          return {
            op: 'Gather',
            attributes: { axis },
            operands: [
              { shape: sides },
              form === 'scalar'
                ? { ints: ints.slice(0, 1), shape: [], isLive: true }
                : { ints, shape: form === 'vector' ? [ints.length] : [1, ints.length], isLive: true },
            ],
          }
        }),
      16,
    )
  })
  test('GatherElements', async () => {
    await obeys(
      fc.tuple(withAxis(), side(), fc.array(fc.nat(), { minLength: 256, maxLength: 256 })).map(([{ sides, axis }, count, picks]) => {
        const picked = sides.with(axis, count)
        return {
          op: 'GatherElements',
          attributes: { axis },
          operands: [
            { shape: sides },
            { ints: picks.slice(0, size(picked)).map((pick) => pick % at(sides, axis)), shape: picked, isLive: true },
          ],
        }
      }),
    )
  })
  test('GatherND, one element many times', async () => {
    await obeys(
      fc.tuple(shape(2, 4), side(1, 40), fc.nat(), fc.nat()).map(([sides, count, a, b]) => ({
        op: 'GatherND',
        operands: [
          { shape: sides },
          {
            ints: Array.from({ length: count }, (_, i) => [(a + i) % at(sides, 0), b % at(sides, 1)]).flat(),
            shape: [count, 2],
            isLive: true,
          },
        ],
      })),
    )
  })
  test.for(['none', 'add'])('ScatterND, reduction %s', async (reduction) => {
    await obeys(
      fc.tuple(side(1, 4), side(1, 4)).map(([rows, columns]) => ({
        op: 'ScatterND',
        attributes: reduction === 'none' ? {} : { reduction },
        operands: [
          { shape: [rows + 1, columns] },
          { ints: Array.from({ length: rows }, (_, i) => i), shape: [rows, 1], isLive: true },
          { shape: [rows, columns] },
        ],
      })),
    )
  })
  test.for(['none', 'add'])('ScatterElements, reduction %s', async (reduction) => {
    await obeys(
      fc.tuple(side(1, 4), side(1, 4)).map(([rows, columns]) => ({
        op: 'ScatterElements',
        attributes: reduction === 'none' ? { axis: 1 } : { axis: 1, reduction },
        operands: [
          { shape: [rows, columns + 1] },
          { ints: Array.from({ length: rows * columns }, (_, i) => i % columns), shape: [rows, columns], isLive: true },
          { shape: [rows, columns] },
        ],
      })),
    )
  })
  test('CumSum', async () => {
    const flag = fc.integer({ min: 0, max: 1 })
    await obeys(
      fc.tuple(withAxis(), flag, flag).map(([{ sides, axis }, exclusive, reverse]) => ({
        op: 'CumSum',
        attributes: { exclusive, reverse },
        operands: [{ shape: sides }, { ints: [axis], shape: [], isLive: true }],
      })),
    )
  })
  test('Trilu', async () => {
    await obeys(
      fc.tuple(shape(2, 3), fc.integer({ min: 0, max: 1 }), fc.integer({ min: -2, max: 2 })).map(([sides, upper, k]) => ({
        op: 'Trilu',
        attributes: { upper },
        operands: [{ shape: sides }, { ints: [k], shape: [], isLive: true }],
      })),
    )
  })
})
