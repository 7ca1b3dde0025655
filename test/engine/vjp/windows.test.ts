import fc from 'fast-check'
import { describe, test } from 'vitest'
import { obeys, shape, side } from './law.ts'

/** "To the end" as exporters write it. */
const END = 2 ** 62

describe('Slice', () => {
  /** A start and an end that leave something. */
  const cut = fc.constantFrom([0, END], [1, END], [0, -1], [-3, -1], [-2, END], [1, 3], [0, 2], [-END, 3], [2, 3])

  test('of some axes, without steps', async () => {
    await obeys(
      fc.tuple(shape(1, 4), cut, cut, fc.boolean(), fc.boolean()).map(([sides, first, second, isNegative, isLive]) => {
        const cuts = sides.length > 1 ? [first, second] : [first]
        const axes = cuts.map((_, i) => (isNegative ? i - sides.length : i))
        return {
          op: 'Slice',
          operands: [
            { shape: sides.map((one) => one + 3) },
            { ints: cuts.map(([start = 0]) => start), isLive },
            { ints: cuts.map(([, end = 0]) => end), isLive },
            { ints: axes },
          ],
        }
      }),
      24,
    )
  })
  test('with steps, forwards and backwards', async () => {
    const steps = fc.constantFrom([0, END, 2], [1, END, 3], [-1, -END, -1], [END, -END, -2], [0, END, 1], [-2, 0, -1])
    await obeys(
      fc.tuple(shape(2, 4), steps, steps, fc.boolean()).map(([sides, first, second, isLive]) => ({
        op: 'Slice',
        operands: [
          { shape: sides.map((one) => one + 3) },
          ...[0, 1].map((part) => ({ ints: [first, second].map((cut) => cut[part] as number), isLive })),
          { ints: [1, 0] },
          { ints: [first[2] as number, second[2] as number], isLive },
        ],
      })),
      16,
    )
  })
  test('without axes', async () => {
    await obeys(
      shape(1, 3).map((sides) => ({
        op: 'Slice',
        operands: [{ shape: sides.map((one) => one + 1) }, { ints: sides.map(() => 1) }, { ints: sides.map(() => END) }],
      })),
    )
  })
})

describe('Pad', () => {
  test('with a constant, outwards and inwards', async () => {
    await obeys(
      shape(1, 4).chain((sides) =>
        fc
          .tuple(fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 2 * sides.length, maxLength: 2 * sides.length }), fc.boolean())
          .map(([ints, hasValue]) => ({
            op: 'Pad',
            operands: [{ shape: sides.map((one) => one + 2) }, { ints, isLive: true }, hasValue ? { shape: [] } : null],
          })),
      ),
      16,
    )
  })
  test.for(['reflect', 'edge'])('by %s', async (mode) => {
    await obeys(
      shape(2, 4).chain((sides) =>
        fc.array(side(0, 2), { minLength: 4, maxLength: 4 }).map(([top = 0, left = 0, bottom = 0, right = 0]) => {
          const rest = Array<number>(sides.length - 2).fill(0)
          return {
            op: 'Pad',
            attributes: { mode },
            operands: [{ shape: sides.map((one) => one + 2) }, { ints: [...rest, top, left, ...rest, bottom, right], isLive: true }],
          }
        }),
      ),
    )
  })
  test('of some axes, from opset 18', async () => {
    await obeys(
      fc.constantFrom('constant', 'reflect').map((mode) => ({
        op: 'Pad',
        opset: 18,
        attributes: { mode },
        operands: [{ shape: [2, 3, 4] }, { ints: [1, 2, 0, 1], isLive: true }, null, { ints: [-1, 1] }],
      })),
    )
  })
})

describe('Resize', () => {
  const sizes = fc.tuple(side(2, 5), side(2, 5), side(1, 7), side(1, 7))
  const places = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric']

  test.for(['nearest', 'linear'].flatMap((mode) => places.map((place): [string, string] => [mode, place])))(
    '%s, %s, to sizes',
    async ([mode, place]) => {
      await obeys(
        sizes.map(([h, w, height, width]) => ({
          op: 'Resize',
          attributes: { mode, coordinate_transformation_mode: place },
          operands: [{ shape: [2, 3, h, w] }, null, null, { ints: [2, 3, height, width], isLive: true }],
        })),
      )
    },
  )
  test.for<[string, string, string]>([
    ['nearest', 'asymmetric', 'floor'],
    ['nearest', 'half_pixel', 'round_prefer_floor'],
    ['nearest', 'half_pixel', 'round_prefer_ceil'],
    ['nearest', 'asymmetric', 'round_prefer_floor'],
    ['linear', 'half_pixel', 'floor'],
    ['cubic', 'pytorch_half_pixel', 'floor'],
  ])('%s, %s, %s, by factors', async ([mode, place, round]) => {
    await obeys(
      fc.tuple(sizes, fc.constantFrom([2, 2], [3, 2], [1, 1], [1.5, 1], [0.5, 2])).map(([[h, w], [down = 1, across = 1]]) => ({
        op: 'Resize',
        attributes: { mode, coordinate_transformation_mode: place, nearest_mode: round },
        operands: [{ shape: [2, 3, h, w] }, null, { floats: [1, 1, down, across] }],
      })),
    )
  })
  test('antialiased, of two axes, from opset 18', async () => {
    await obeys(
      sizes.map(([h, w, height, width]) => ({
        op: 'Resize',
        opset: 18,
        attributes: { mode: 'linear', antialias: 1, axes: [2, 3] },
        operands: [{ shape: [1, 3, h + 2, w + 2] }, null, null, { ints: [height, width], isLive: true }],
      })),
    )
  })
})
