import type { Pieces } from './pause.ts'
import { advance, noiseOf, uniformsInto } from './random.ts'

/** Colours (rows of three) and what share of the pixels each stands for. */
export interface Palette {
  readonly colours: Float64Array
  readonly weights: Float64Array
}

/** Pixels that are looked at. */
const SAMPLE = 20_000
const ROUNDS = 8

function distance(a: Float64Array, i: number, b: Float64Array, j: number): number {
  return (a[3 * i] - b[3 * j]) ** 2 + (a[3 * i + 1] - b[3 * j + 1]) ** 2 + (a[3 * i + 2] - b[3 * j + 2]) ** 2
}

function sampled(colours: Float64Array, seed: number): Float64Array {
  const count = colours.length / 3
  if (count <= SAMPLE) return colours
  const picks = new Float64Array(SAMPLE)
  uniformsInto(picks, noiseOf(seed))
  const out = new Float64Array(3 * SAMPLE)
  for (const [k, pick] of picks.entries()) {
    const i = Math.floor(pick * count)
    out.set(colours.subarray(3 * i, 3 * i + 3), 3 * k)
  }
  return out
}

/** Centres far from each other: each next one with a chance that grows with its squared distance from those there are. */
function* firstCentres(points: Float64Array, most: number, seed: number): Pieces<Float64Array> {
  const count = points.length / 3
  const chance = new Float64Array(most)
  uniformsInto(chance, advance(noiseOf(seed), SAMPLE))
  const near = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  const chosen: number[] = [Math.floor(chance[0] * count)]
  while (chosen.length < most) {
    const last = chosen[chosen.length - 1]
    let total = 0
    for (let i = 0; i < count; i++) {
      near[i] = Math.min(near[i], distance(points, i, points, last))
      total += near[i]
    }
    if (total === 0) break
    let left = chance[chosen.length] * total
    let pick = 0
    for (; pick < count - 1; pick++) {
      left -= near[pick]
      if (left < 0) break
    }
    while (near[pick] === 0) pick--
    chosen.push(pick)
    if (chosen.length % 16 === 0) yield
  }
  return Float64Array.from(chosen.flatMap((i) => [points[3 * i], points[3 * i + 1], points[3 * i + 2]]))
}

/**
 * At most `most` colours that stand for all: k-means, begun by k-means++, over a sample of the pixels. Fewer where there are fewer
 * different ones. @param colours rows of three. @throws RangeError where there are none or one is not finite.
 */
export function* paletteOf(colours: Float64Array, most: number, seed: number): Pieces<Palette> {
  if (colours.length < 3) throw new RangeError('There are no colours.')
  if (!colours.every(Number.isFinite)) throw new RangeError('A colour is no number.')
  const points = sampled(colours, seed)
  const count = points.length / 3
  let centres = yield* firstCentres(points, most, seed)
  let weights = new Float64Array(centres.length / 3)
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(centres.length)
    weights = new Float64Array(centres.length / 3)
    for (let i = 0; i < count; i++) {
      let nearest = 0
      let least = Number.POSITIVE_INFINITY
      for (let k = 0; k < weights.length; k++) {
        const away = distance(points, i, centres, k)
        if (away < least) [least, nearest] = [away, k]
      }
      weights[nearest] += 1 / count
      for (let c = 0; c < 3; c++) sums[3 * nearest + c] += points[3 * i + c] / count
      if (i % 2048 === 2047) yield
    }
    centres = centres.map((value, at) => (weights[Math.floor(at / 3)] > 0 ? sums[at] / weights[Math.floor(at / 3)] : value))
  }
  const kept = [...weights.keys()].filter((k) => weights[k] > 0)
  return {
    colours: Float64Array.from(kept.flatMap((k) => [centres[3 * k], centres[3 * k + 1], centres[3 * k + 2]])),
    weights: Float64Array.from(kept, (k) => weights[k]),
  }
}
