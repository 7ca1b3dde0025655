/** A factor and what it multiplies. */
export type Term = readonly [factor: number, values: Float64Array]

/**
 * The linear combination of up to any number of arrays of one length, in float64: the primitive that lets a solver's step
 * read like its formula. A term whose factor is 0 is left out, so that it cannot bring in what is not finite.
 * @throws RangeError where the lengths differ or there is no term.
 */
export function mix(...terms: readonly Term[]): Float64Array {
  if (terms.length === 0) throw new RangeError('There is nothing to mix.')
  const length = terms[0][1].length
  const sum = new Float64Array(length)
  for (const [factor, values] of terms) {
    if (values.length !== length) throw new RangeError(`Arrays of ${length} and ${values.length} values cannot be mixed.`)
    if (factor === 0) continue
    for (let i = 0; i < length; i++) sum[i] += factor * values[i]
  }
  return sum
}

/** Throws where a value is not finite. @throws RangeError naming `what` and the place. */
export function expectFinite(values: Float64Array, what: string): void {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) throw new RangeError(`${what} holds ${values[i]} at place ${i}.`)
}
