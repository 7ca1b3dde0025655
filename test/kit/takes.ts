import type { Takes } from '../../main/algorithms/low-rank.ts'
import { type Matrix, matrix } from '../../main/math/matrix.ts'
import { normals, uniforms } from './generate.ts'

/** A view in changing light (a flicker, and a gradient that wanders: rank 2), with marks on a share of the pixels of each take. */
export function flickeringTakes(
  count: number,
  side: number,
  share: number,
  seed: number,
): { readonly takes: Takes; readonly clean: Matrix } {
  const pixels = side * side
  const bumps = normals(12, seed)
  const view = Float64Array.from({ length: pixels }, (_, i) => {
    const [y, x] = [Math.floor(i / side) / side, (i % side) / side]
    return 0.45 + 0.12 * Math.sin(9 * x + 3 * bumps[0]) + 0.1 * Math.cos(7 * y + 2 * x + bumps[1]) + (x > 0.3 !== y > 0.6 ? 0.1 : 0)
  })
  const clean = matrix(count, pixels)
  for (let take = 0; take < count; take++)
    for (let i = 0; i < pixels; i++) {
      const light = 0.9 + 0.1 * Math.sin(2.1 * take) + 0.25 * Math.cos(1.3 * take) * ((i % side) / side - 0.5)
      clean.data[take * pixels + i] = view[i] * light
    }
  const [where, what] = [uniforms(clean.data.length, seed + 1), uniforms(clean.data.length, seed + 2)]
  const values = matrix(
    count,
    pixels,
    clean.data.map((value, i) => (where[i] < share ? what[i] : value)),
  )
  return { takes: { values, width: side, height: side }, clean }
}
