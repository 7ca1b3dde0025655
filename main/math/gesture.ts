/** A place of a drawn stroke. */
export type Spot = readonly [x: number, y: number]

/** So many places at equal distances along a stroke, its ends among them. @throws RangeError where the stroke has no length. */
export function alongStroke(stroke: readonly Spot[], count: number): Spot[] {
  const lengths = [0]
  for (let i = 1; i < stroke.length; i++)
    lengths.push(lengths[i - 1] + Math.hypot(stroke[i][0] - stroke[i - 1][0], stroke[i][1] - stroke[i - 1][1]))
  const whole = lengths[lengths.length - 1]
  if (!(whole > 0 && Number.isFinite(whole))) throw new RangeError('The stroke has no length.')
  let at = 1
  return Array.from({ length: count }, (_, k) => {
    const wanted = (whole * k) / (count - 1)
    while (at < stroke.length - 1 && lengths[at] < wanted) at++
    const piece = lengths[at] - lengths[at - 1]
    const share = piece > 0 ? Math.min(1, (wanted - lengths[at - 1]) / piece) : 0
    const [a, b] = [stroke[at - 1], stroke[at]]
    return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
  })
}

/** A stroke as 2 · count numbers in 0..1, wherever and however large it was drawn: x and y of equal steps along it, centred. */
export function gestureOf(stroke: readonly Spot[], count = 16): Float64Array {
  const spots = alongStroke(stroke, count)
  const [cx, cy] = [0, 1].map((axis) => spots.reduce((sum, spot) => sum + spot[axis], 0) / count)
  const centred = spots.flatMap(([x, y]) => [x - cx, y - cy])
  const size = centred.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Float64Array.from(centred, (value) => 0.5 + value / (2 * size))
}
