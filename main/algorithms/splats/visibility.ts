import type { Pieces } from '../../math/pause.ts'
import { harmonicsAt } from '../../math/spherical-function.ts'
import { rotationInto, type Splats } from '../../math/splats.ts'

/** Cells a side of the grid that tells what is in the way. */
const CELLS = 32
const DIRECTIONS = 64
/** Splats that look about them before others have a turn: some milliseconds. */
const PIECE = 64

/** Directions spread evenly over the sphere, on a spiral. */
export const evenDirections = (count: number): (readonly [number, number, number])[] =>
  Array.from({ length: count }, (_, k) => {
    const z = 1 - (2 * k + 1) / count
    const [r, angle] = [Math.sqrt(1 - z * z), k * Math.PI * (3 - Math.sqrt(5))]
    return [r * Math.cos(angle), r * Math.sin(angle), z] as const
  })

function centreOf({ count, position }: Splats): [number, number, number] {
  const sum = [0, 0, 0]
  for (let i = 0; i < 3 * count; i++) sum[i % 3] += position[i] / count
  return [sum[0], sum[1], sum[2]]
}

/** The thinnest axis of each splat, turned away from the middle of the cloud. */
export function outwardNormals(splats: Splats): Float64Array {
  const { count, position, rotation: q, logScale } = splats
  const centre = centreOf(splats)
  const normals = new Float64Array(3 * count)
  const axes = new Float64Array(9)
  for (let i = 0; i < count; i++) {
    const length = Math.hypot(q[4 * i], q[4 * i + 1], q[4 * i + 2], q[4 * i + 3])
    rotationInto(axes, q[4 * i] / length, q[4 * i + 1] / length, q[4 * i + 2] / length, q[4 * i + 3] / length)
    const scales = [logScale[3 * i], logScale[3 * i + 1], logScale[3 * i + 2]]
    const thin = scales.indexOf(Math.min(...scales))
    const out = [0, 1, 2].reduce((sum, k) => sum + axes[3 * k + thin] * (position[3 * i + k] - centre[k]), 0)
    for (let k = 0; k < 3; k++) normals[3 * i + k] = (out < 0 ? -1 : 1) * axes[3 * k + thin]
  }
  return normals
}

/** What each splat sees past the others, (degree + 1)² harmonics: light is dimmed on its way through a coarse grid of them. */
export function* visibilities({ count, position, logScale, opacity }: Splats, degree: number): Pieces<Float64Array[]> {
  const [low, high] = [[0, 0, 0].fill(Number.POSITIVE_INFINITY), [0, 0, 0].fill(Number.NEGATIVE_INFINITY)]
  for (let i = 0; i < 3 * count; i++) {
    low[i % 3] = Math.min(low[i % 3], position[i])
    high[i % 3] = Math.max(high[i % 3], position[i])
  }
  const cell = Math.max(1e-9, ...low.map((value, k) => high[k] - value)) / (CELLS - 1)
  const depths = new Float64Array(CELLS ** 3)
  const placeOf = (at: readonly number[]): number => {
    let place = 0
    for (let k = 0; k < 3; k++) {
      const along = Math.floor((at[k] - low[k]) / cell + 0.5)
      if (along < 0 || along >= CELLS) return -1
      place = place * CELLS + along
    }
    return place
  }
  const at = (i: number) => [position[3 * i], position[3 * i + 1], position[3 * i + 2]]
  for (let i = 0; i < count; i++) {
    const alpha = Math.min(0.99, 1 / (1 + Math.exp(-opacity[i])))
    const size = Math.exp((logScale[3 * i] + logScale[3 * i + 1] + logScale[3 * i + 2]) / 3)
    depths[placeOf(at(i))] -= Math.log(1 - alpha) * Math.min(1, (Math.PI * size * size) / (cell * cell))
  }
  const directions = evenDirections(DIRECTIONS)
  const bases = directions.map((direction) => harmonicsAt(degree, direction))
  const views: Float64Array[] = []
  for (let i = 0; i < count; i++) {
    if (i % PIECE === PIECE - 1) yield
    const start = at(i)
    const own = placeOf(start)
    const view = new Float64Array((degree + 1) ** 2)
    for (const [d, direction] of directions.entries()) {
      let depth = 0
      for (let step = 1; ; step++) {
        const place = placeOf(start.map((value, k) => value + step * cell * direction[k]))
        if (place < 0) break
        if (place !== own) depth += depths[place]
      }
      const through = ((4 * Math.PI) / DIRECTIONS) * Math.exp(-depth)
      for (let k = 0; k < view.length; k++) view[k] += through * bases[d][k]
    }
    views.push(view)
  }
  return views
}
