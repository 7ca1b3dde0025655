import { labInto } from './colour-lab.ts'
import { type ColourMixture, logDensity } from './colour-mixture.ts'
import type { Pixmap } from './grab-cut-levels.ts'
import { minimumCut } from './max-flow.ts'
import type { Pieces } from './pause.ts'

/** What is known of the two sides of a cut. */
export interface Sides {
  readonly inside: ColourMixture
  readonly outside: ColourMixture
  readonly beta: number
}

/** Cost of a link between two pixels of the same colour, in nats. */
export const LINK = 30
/** Most that one pixel's colour may say for either side, in nats. */
export const MOST = 6
/** What it says for a pixel to stay on its side that it was there, in nats: enough where both sides have its colour. */
const HELD = 0.7

/** What a colour says for the inside, less what it says for the outside. */
export const opinion = ({ inside, outside }: Sides, l: number, a: number, b: number): number =>
  Math.max(-MOST, Math.min(MOST, logDensity(inside, l, a, b) - logDensity(outside, l, a, b)))

/**
 * Moves the outline of a mask to the best cut between single pixels, within `radius` pixels of where it is; further away nothing changes.
 * @param fixed for each pixel 1 where it must be inside, 2 where it must not, 0 where it may be either.
 */
export function* cutBand(mask: Uint8Array, fixed: (at: number) => number, picture: Pixmap, sides: Sides, radius: number): Pieces<void> {
  const { data, width, height } = picture
  const { members, numbers } = yield* bandOf(mask, picture, radius)
  const n = members.length
  const lab = new Float64Array(n * 3)
  const pull = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const at = 4 * members[i]
    labInto(lab, 3 * i, data[at], data[at + 1], data[at + 2])
    const must = fixed(members[i])
    pull[i] =
      must === 1
        ? Number.POSITIVE_INFINITY
        : must === 2
          ? Number.NEGATIVE_INFINITY
          : opinion(sides, lab[3 * i], lab[3 * i + 1], lab[3 * i + 2]) + (mask[members[i]] ? HELD : -HELD)
    if (i % STRETCH === 0) yield
  }
  const ends: number[] = []
  const links: number[] = []
  const beside = new Float64Array(3)
  for (let i = 0; i < n; i++) {
    const x = members[i] % width
    const y = (members[i] - x) / width
    if (i % STRETCH === 0) yield
    for (let k = 0; k < 8; k++) {
      const u = x + ACROSS[k]
      const v = y + DOWN[k]
      if (u < 0 || v < 0 || u >= width || v >= height) continue
      const other = v * width + u
      // Nothing is no neighbour, whatever colour it would have.
      if (data[4 * other + 3] === 0) continue
      const j = numbers.get(other)
      // Links within the band are seen from both ends.
      if (j !== undefined && j < i) continue
      if (j === undefined) labInto(beside, 0, data[4 * other], data[4 * other + 1], data[4 * other + 2])
      const [from, at] = j === undefined ? [beside, 0] : [lab, 3 * j]
      const square = (lab[3 * i] - from[at]) ** 2 + (lab[3 * i + 1] - from[at + 1]) ** 2 + (lab[3 * i + 2] - from[at + 2]) ** 2
      const cost = (LINK * Math.exp(-sides.beta * square)) / (k % 2 ? Math.SQRT2 : 1)
      if (j === undefined) pull[i] += mask[other] ? cost : -cost
      else {
        ends.push(i, j)
        links.push(cost)
      }
    }
  }
  const cut = yield* minimumCut({ nodes: n, pull, ends: Int32Array.from(ends), links: Float64Array.from(links) })
  for (let i = 0; i < n; i++) mask[members[i]] = cut[i] ? 255 : 0
}

/** Pixels between two pauses. */
const STRETCH = 1 << 13

/** The eight neighbours around a pixel, those at its corners at odd places. */
const ACROSS = [1, 1, 0, -1, -1, -1, 0, 1] as const
const DOWN = [0, 1, 1, 1, 0, -1, -1, -1] as const

/** The pixels that show within so many steps of the outline of a mask, and the number of each. */
function* bandOf(
  mask: Uint8Array,
  { data, width, height }: Pixmap,
  radius: number,
): Pieces<{ members: readonly number[]; numbers: ReadonlyMap<number, number> }> {
  const isNear = new Uint8Array(mask.length)
  const near: number[] = []
  const add = (at: number) => {
    if (isNear[at]) return
    isNear[at] = 1
    near.push(at)
  }
  for (let y = 0, at = 0; y < height; y++) {
    if (y % 64 === 0) yield
    for (let x = 0; x < width; x++, at++) {
      if (x + 1 < width && mask[at] !== mask[at + 1]) {
        add(at)
        add(at + 1)
      }
      if (y + 1 < height && mask[at] !== mask[at + width]) {
        add(at)
        add(at + width)
      }
    }
  }
  for (let step = 1, from = 0; step < radius; step++) {
    const to = near.length
    for (; from < to; from++) {
      const at = near[from]
      const x = at % width
      if (x > 0) add(at - 1)
      if (x < width - 1) add(at + 1)
      if (at >= width) add(at - width)
      if (at < width * (height - 1)) add(at + width)
      if (from % STRETCH === 0) yield
    }
  }
  const members = near.filter((at) => data[4 * at + 3] > 0)
  return { members, numbers: new Map(members.map((at, i) => [at, i])) }
}
