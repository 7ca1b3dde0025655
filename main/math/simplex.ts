/** The nearest point whose parts are nothing or more and sum to 1. */
export function projectSimplex(v: Float64Array): Float64Array {
  const sorted = v.slice().sort().reverse()
  let [sum, level] = [0, 0]
  for (const [i, value] of sorted.entries()) {
    sum += value
    const next = (sum - 1) / (i + 1)
    if (value <= next) break
    level = next
  }
  return v.map((value) => Math.max(0, value - level))
}

/** The slope of that projection times a vector: on the parts above nothing, less their mean. It is its own transpose. */
export function simplexSlope(projected: Float64Array, v: Float64Array): Float64Array {
  let [sum, count] = [0, 0]
  for (const [i, value] of projected.entries())
    if (value > 0) {
      sum += v[i]
      count++
    }
  return v.map((value, i) => (projected[i] > 0 ? value - sum / count : 0))
}
