/** What a candidate is worth. Higher is better in both. */
export interface Worth {
  /** How little it changed outside the object. */
  readonly fidelity: number
  /** How much the object has become what was asked for. */
  readonly editability: number
}

export interface Choice {
  readonly fidelity: readonly number[]
  readonly editability: readonly number[]
  readonly metric: readonly number[]
  /** Place of the best candidate in the list, the first of equals. */
  readonly best: number
}

/** To 0..1 over the list; a list of one value tells nothing and becomes zeros. */
function normalised(values: readonly number[]): readonly number[] {
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  return values.map((value) => (span > 0 ? (value - low) / span : 0))
}

/** Both worths, each spread over 0..1 among the candidates, and added. @throws RangeError where there is none, or one is no number. */
export function choose(candidates: readonly Worth[]): Choice {
  if (candidates.length === 0) throw new RangeError('There is no candidate to choose from.')
  for (const { fidelity, editability } of candidates)
    if (!(Number.isFinite(fidelity) && Number.isFinite(editability)))
      throw new RangeError(`A candidate is worth ${fidelity} and ${editability}; both must be numbers.`)
  const fidelity = normalised(candidates.map((one) => one.fidelity))
  const editability = normalised(candidates.map((one) => one.editability))
  const metric = fidelity.map((value, i) => value + editability[i])
  return { fidelity, editability, metric, best: metric.indexOf(Math.max(...metric)) }
}

/** A mask [row, column] of any values brought to another size by the nearest: 1 where what it takes is not 0. */
export function insideAt(
  mask: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
  [toRows, toColumns]: readonly [number, number],
): Float64Array {
  const inside = new Float64Array(toRows * toColumns)
  for (let row = 0; row < toRows; row++) {
    const from = Math.floor((row * rows) / toRows) * columns
    for (let column = 0; column < toColumns; column++)
      inside[row * toColumns + column] = mask[from + Math.floor((column * columns) / toColumns)] === 0 ? 0 : 1
  }
  return inside
}

/**
 * Minus the mean square of what changed outside the object; inside counts as unchanged.
 * @param inside one value a pixel, or one a value: repeated over the channels.
 */
export function fidelityOf(original: Float64Array, candidate: Float64Array, inside: Float64Array): number {
  let sum = 0
  for (let i = 0; i < original.length; i++) sum += ((original[i] - candidate[i]) * (1 - inside[i % inside.length])) ** 2
  return -sum / original.length
}
