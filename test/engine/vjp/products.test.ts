import fc from 'fast-check'
import { describe, test } from 'vitest'
import { obeys, side, stretchable } from './law.ts'

const flag = fc.integer({ min: 0, max: 1 })

test('MatMul of matrices, with stretched batches', async () => {
  await obeys(
    fc
      .record({ batches: stretchable, m: side(), k: side(), n: side() })
      .map(({ batches: [a, b], m, k, n }) => ({
        op: 'MatMul',
        operands: [{ shape: [...a.slice(0, 2), m, k] }, { shape: [...b.slice(b.length > 2 ? b.length - Math.min(2, a.length) : 0), k, n] }],
      }))
      .filter(({ operands }) => fits(operands.map((operand) => operand.shape.slice(0, -2)))),
    16,
  )
})
/** Whether shapes can be stretched to one. */
function fits([a = [], b = []]: number[][]): boolean {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => [a[a.length - 1 - i] ?? 1, b[b.length - 1 - i] ?? 1]).every(
    ([p, q]) => p === q || p === 1 || q === 1,
  )
}

test.for<[number[], number[]]>([
  [[3], [3]],
  [[3], [3, 2]],
  [[2, 3], [3]],
  [[3], [2, 3, 4]],
  [[2, 4, 3], [3]],
  [
    [2, 1, 4, 3],
    [5, 3, 2],
  ],
  [
    [5, 4, 3],
    [3, 2],
  ],
  [
    [4, 3],
    [5, 3, 2],
  ],
])('MatMul of %j and %j', async ([a, b]) => obeys(fc.constant({ op: 'MatMul', operands: [{ shape: a }, { shape: b }] }), 4))

test('Gemm', async () => {
  const float = fc.constantFrom(1, 0.5, -2)
  await obeys(
    fc
      .record({
        m: side(),
        k: side(),
        n: side(),
        transA: flag,
        transB: flag,
        alpha: float,
        beta: float,
        bias: fc.constantFrom('none', 'row', 'all', 'one'),
      })
      .map(({ m, k, n, transA, transB, alpha, beta, bias }) => ({
        op: 'Gemm',
        attributes: { transA, transB, alpha: { float: alpha }, beta: { float: beta } },
        operands: [
          { shape: transA ? [k, m] : [m, k] },
          { shape: transB ? [n, k] : [k, n] },
          bias === 'none' ? null : { shape: bias === 'row' ? [n] : bias === 'all' ? [m, n] : [1] },
        ],
      })),
    16,
  )
})

test.for(['bid,bjd->bij', 'bij,bjd->bid', 'ij->ji', 'i,j->ij', 'ij,ij->', 'ijk->j', 'bhid, bhjd -> bhij'])(
  'Einsum %s',
  async (equation) => {
    const terms = equation.replaceAll(' ', '').split('->')[0]?.split(',') ?? []
    await obeys(
      fc.array(side(1, 3), { minLength: 26, maxLength: 26 }).map((sides) => ({
        op: 'Einsum',
        attributes: { equation },
        operands: terms.map((term) => ({ shape: [...term].map((letter) => sides[letter.charCodeAt(0) - 97] as number) })),
      })),
      4,
    )
  },
)

describe('convolutions', () => {
  const kernels = fc.record({
    axes: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 2 }),
    per: fc.tuple(side(1, 2), side(1, 2)),
    batch: side(1, 2),
    bias: fc.boolean(),
    isWeight: fc.boolean(),
    sizes: fc.array(
      fc.record({
        kernel: side(1, 3),
        stride: side(1, 3),
        dilation: side(1, 2),
        before: side(0, 2),
        after: side(0, 2),
        extra: side(0, 4),
        room: side(0, 1),
      }),
      { minLength: 2, maxLength: 2 },
    ),
  })

  test('Conv with any stride, padding, dilation and group', async () => {
    await obeys(
      kernels.map(({ axes, group, per, batch, bias, isWeight, sizes: all }) => {
        const sizes = all.slice(0, axes)
        const sides = sizes.map(({ kernel, dilation, before, after, extra }) =>
          Math.max(1, dilation * (kernel - 1) + 1 + extra - before - after),
        )
        return {
          op: 'Conv',
          attributes: {
            group,
            strides: sizes.map(({ stride }) => stride),
            dilations: sizes.map(({ dilation }) => dilation),
            pads: [...sizes.map(({ before }) => before), ...sizes.map(({ after }) => after)],
          },
          operands: [
            { shape: [batch, group * per[0], ...sides] },
            { shape: [group * per[1], per[0], ...sizes.map(({ kernel }) => kernel)], isWeight },
            bias ? { shape: [group * per[1]] } : null,
          ],
        }
      }),
      40,
    )
  })

  test('ConvTranspose with any stride, padding, dilation, group and output padding', async () => {
    await obeys(
      kernels.map(({ axes, group, per, batch, bias, isWeight, sizes: all }) => {
        const sizes = all.slice(0, axes)
        const extra = sizes.map(({ room, stride }) => Math.min(room, stride - 1))
        // Padding takes away from the result; it must not take everything.
        const pads = sizes.map(({ before, after, kernel, dilation }) =>
          [before, after].map((pad) => Math.min(pad, Math.floor((dilation * (kernel - 1)) / 2))),
        )
        return {
          op: 'ConvTranspose',
          attributes: {
            group,
            strides: sizes.map(({ stride }) => stride),
            dilations: sizes.map(({ dilation }) => dilation),
            pads: [...pads.map(([before = 0]) => before), ...pads.map(([, after = 0]) => after)],
            output_padding: extra,
          },
          operands: [
            { shape: [batch, group * per[0], ...sizes.map(({ extra: length }) => length + 1)] },
            { shape: [group * per[0], per[1], ...sizes.map(({ kernel }) => kernel)], isWeight },
            bias ? { shape: [group * per[1]] } : null,
          ],
        }
      }),
      40,
    )
  })

  test.for(['SAME_UPPER', 'SAME_LOWER', 'VALID'])('Conv padded by itself: %s', async (auto_pad) => {
    await obeys(
      fc.record({ kernel: side(1, 3), stride: side(1, 2), length: side(4, 6) }).map(({ kernel, stride, length }) => ({
        op: 'Conv',
        isDynamic: false,
        attributes: { auto_pad, strides: [stride, stride] },
        operands: [{ shape: [1, 2, length, length + 1] }, { shape: [3, 2, kernel, kernel], isWeight: true }],
      })),
    )
  })

  test('AveragePool', async () => {
    await obeys(
      fc.record({ kernel: side(1, 3), stride: side(1, 3), pad: side(0, 1), length: side(4, 7) }).map(({ kernel, stride, pad, length }) => ({
        op: 'AveragePool',
        attributes: {
          kernel_shape: [kernel, kernel],
          strides: [stride, stride],
          pads: Array(4).fill(Math.min(pad, kernel - 1)),
          count_include_pad: 1,
        },
        operands: [{ shape: [2, 3, length, length + 1] }],
      })),
    )
  })

  test('MaxPool', async () => {
    await obeys(
      fc
        .record({ kernel: side(1, 3), stride: side(1, 3), pad: side(0, 1), length: side(4, 6), ceil_mode: flag })
        .map(({ kernel, stride, pad, length, ceil_mode }) => ({
          op: 'MaxPool',
          attributes: {
            kernel_shape: [kernel, kernel],
            strides: [stride, stride],
            pads: Array(4).fill(Math.min(pad, kernel - 1)),
            // Where windows could start in the padding at the end, the runtime foretells another size than it gives.
            ceil_mode: kernel >= stride && pad === 0 ? ceil_mode : 0,
          },
          operands: [{ shape: [2, 2, length, length + 1], range: 'distinct' as const }],
        })),
    )
  })
})
