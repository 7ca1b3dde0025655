import fc from 'fast-check'
import { expect } from 'vitest'
import { compare, type Operator } from './operator.ts'

/**
 * float32 outputs near 1 are exact to 6e-8, so a difference over 0.01 is to 1e-5, and its fourth-order error is smaller where
 * slopes change over lengths near 1. A tenth of what a single wrong element of these small shapes would make.
 */
const TOLERANCE = 1e-3
/** Both are float32 sums of the same products in another order. */
const SAME = 1e-4

/** The law of every operator: its gradient is what differences say, in reverse and forward mode, and has the operand's shape. */
export async function obeys(operators: fc.Arbitrary<Omit<Operator, 'seed'>>, runs = 8): Promise<void> {
  const cases = fc.record({ operator: operators, seed: fc.integer({ min: 0, max: 2 ** 31 }), isDynamic: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(cases, async ({ operator, seed, isDynamic }) => {
      const { differences, gradient, derivative, scale, strayed, shapes } = await compare({ isDynamic, ...operator, seed })
      expect(strayed).toBeLessThan(1e-5)
      expect(shapes.gradients).toEqual(shapes.operands)
      expect(Math.abs(gradient - differences) / scale).toBeLessThan(TOLERANCE)
      expect(Math.abs(derivative - gradient) / scale).toBeLessThan(SAME)
    }),
    { numRuns: runs },
  )
}

/** A side, kept small. */
export const side = (min = 1, max = 4): fc.Arbitrary<number> => fc.integer({ min, max })
export const shape = (minRank = 1, maxRank = 4): fc.Arbitrary<number[]> => fc.array(side(), { minLength: minRank, maxLength: maxRank })

/** Two shapes that can be stretched to one. */
export const stretchable: fc.Arbitrary<readonly [number[], number[]]> = shape(0, 4).chain((whole) => {
  const narrowed = fc
    .tuple(fc.array(fc.boolean(), { minLength: whole.length, maxLength: whole.length }), fc.integer({ min: 0, max: whole.length }))
    .map(([ones, cut]) => whole.map((length, axis) => (ones[axis] ? 1 : length)).slice(cut))
  return fc.tuple(narrowed, narrowed)
})
