/** The value below which a share of the sorted list lies, linear between neighbours. @param sorted rising, not empty. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const rest = at - low
  return rest === 0 ? sorted[low] : sorted[low] + rest * (sorted[low + 1] - sorted[low])
}

/** Rising, as a new list. */
export const sortedOf = (values: Float64Array): Float64Array => values.slice().sort()

/** The first value, from below, at which half of all weight is reached. */
export function weightedQuantile(values: readonly number[], weights: readonly number[], share = 0.5): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b])
  const wanted = share * weights.reduce((a, b) => a + b, 0)
  let reached = 0
  for (const i of order) {
    reached += weights[i]
    if (reached >= wanted) return values[i]
  }
  throw new RangeError('A list of nothing has no quantile.')
}

/** The value that stands at `place` once the list is sorted. Reorders the list. */
export function placedAt(values: Float64Array, place: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1]
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i > j) break
      const value = values[i]
      values[i++] = values[j]
      values[j--] = value
    }
    if (place <= j) high = j
    else if (place >= i) low = i
    else break
  }
  return values[place]
}
