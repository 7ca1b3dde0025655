type Point = readonly [x: number, y: number]

/** Distance of a point from the line through two others; from the first where both are one. */
function away([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const length = Math.hypot(bx - ax, by - ay)
  if (length === 0) return Math.hypot(x - ax, y - ay)
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
}

/** A closed line with as few of its points as keep it within `tolerance` of where it was (Douglas and Peucker). */
export function simplified(points: readonly Point[], tolerance: number): Point[] {
  if (points.length < 4) return [...points]
  const kept = new Uint8Array(points.length)
  const at = (i: number): Point => points[i] ?? [0, 0]
  // A closed line has no ends: it is held at its first point and at the one farthest from it.
  let far = 0
  for (let i = 1; i < points.length; i++) if (away(at(i), at(0), at(0)) > away(at(far), at(0), at(0))) far = i
  kept[0] = 1
  kept[far] = 1
  const spans: [number, number][] = [
    [0, far],
    [far, points.length],
  ]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span
    const end = at(to % points.length)
    let farthest = -1
    let distance = tolerance
    for (let i = from + 1; i < to; i++) {
      const here = away(at(i), at(from), end)
      if (here <= distance) continue
      distance = here
      farthest = i
    }
    if (farthest < 0) continue
    kept[farthest] = 1
    spans.push([from, farthest], [farthest, to])
  }
  return points.filter((_, i) => kept[i] === 1)
}
