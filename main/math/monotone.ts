/** The rising list nearest to the values in the least squares: neighbours that fall are pooled to their mean. */
export function isotonic(values: ArrayLike<number>): Float64Array {
  const means: number[] = []
  const counts: number[] = []
  for (let i = 0; i < values.length; i++) {
    let mean = values[i]
    let count = 1
    while (means.length > 0 && means[means.length - 1] > mean) {
      const before = counts.pop()!
      mean = (means.pop()! * before + mean * count) / (before + count)
      count += before
    }
    means.push(mean)
    counts.push(count)
  }
  return Float64Array.from(means.flatMap((mean, k) => Array.from({ length: counts[k] }, () => mean)))
}

/**
 * The cubic through points that rises and falls only where they do (Fritsch and Carlson); beyond the ends it stays level.
 * @param xs rising. @throws RangeError where they do not rise or there is none.
 */
export function monotoneCubic(xs: ArrayLike<number>, ys: ArrayLike<number>): (x: number) => number {
  const last = xs.length - 1
  if (last < 0 || ys.length !== xs.length) throw new RangeError(`${xs.length} places and ${ys.length} values make no curve.`)
  const steps: number[] = []
  const chords: number[] = []
  for (let i = 0; i < last; i++) {
    steps.push(xs[i + 1] - xs[i])
    if (!(steps[i] > 0)) throw new RangeError(`Place ${i + 1} of the curve does not rise.`)
    chords.push((ys[i + 1] - ys[i]) / steps[i])
  }
  const slopes = Array.from({ length: last + 1 }, (_, i) => {
    if (last === 0) return 0
    if (i === 0 || i === last) return chords[i === 0 ? 0 : last - 1]
    const [a, b] = [chords[i - 1], chords[i]]
    if (a * b <= 0) return 0
    const [w1, w2] = [2 * steps[i] + steps[i - 1], steps[i] + 2 * steps[i - 1]]
    return (w1 + w2) / (w1 / a + w2 / b)
  })
  return (x) => {
    if (x <= xs[0]) return ys[0]
    if (x >= xs[last]) return ys[last]
    let low = 0
    let high = last - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (xs[middle] <= x) low = middle
      else high = middle - 1
    }
    const h = steps[low]
    const u = (x - xs[low]) / h
    const v = 1 - u
    return v * v * ((1 + 2 * u) * ys[low] + u * h * slopes[low]) + u * u * ((1 + 2 * v) * ys[low + 1] - v * h * slopes[low + 1])
  }
}
