import fc from 'fast-check'
import { expect, it } from 'vitest'
import { placedAt } from '../../main/math/quantile.ts'

it('a place in a list is what stands there once it is sorted', () => {
  const lists = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(lists, fc.nat(), (values, at) => {
      const place = at % values.length
      // Both zeros stand where zero stands.
      expect(placedAt(Float64Array.from(values), place) + 0).toBe(Float64Array.from(values).sort()[place]! + 0)
    }),
    { numRuns: 500 },
  )
})
