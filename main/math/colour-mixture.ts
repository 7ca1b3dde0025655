import { cholesky } from './cholesky.ts'
import { diceOf } from './dice.ts'
import { matrix } from './matrix.ts'
import { noiseOf } from './random.ts'
import { STATISTICS } from './superpixel-graph.ts'

/** A mixture of Gaussians over Lab colours, ready to be asked of millions of pixels. */
export interface ColourMixture {
  /** For each component: ln of weight over the root of its determinant, mean L a b, and the inverse of the covariance's lower factor. */
  readonly components: Float64Array
  readonly count: number
}

/** Numbers a component takes. */
const WIDE = 10
const ROUNDS = 6
/** Variance that every component has at least, in every direction: two steps that can just be seen. */
const FLOOR = 6
/** Density of colours that no component expects, so that one strange pixel is no proof: the whole of Lab has some two million steps. */
const ANY = 1e-7

/** ln of the density of a colour, without the constant of the normal distribution. */
export function logDensity({ components, count }: ColourMixture, l: number, a: number, b: number): number {
  let sum = ANY
  for (let c = 0; c < count; c++) sum += Math.exp(logOf(components, c * WIDE, l, a, b))
  return Math.log(sum)
}

/** ln of weight times density of one component. */
function logOf(components: Float64Array, at: number, l: number, a: number, b: number): number {
  const dl = l - components[at + 1]
  const da = a - components[at + 2]
  const db = b - components[at + 3]
  const x = components[at + 4] * dl
  const y = components[at + 5] * dl + components[at + 6] * da
  const z = components[at + 7] * dl + components[at + 8] * da + components[at + 9] * db
  return components[at] - (x * x + y * y + z * z) / 2
}

/**
 * The mixture of the colours of some patches, each counted by its weight and with the spread inside it: expectation and
 * maximisation over patches in place of pixels, from centres drawn apart (k-means++) by a fixed seed.
 * @param statistics of `superpixelGraph`. @param weights one for each patch, 0 where it does not belong. @returns null where none does.
 */
export function colourMixture(statistics: Float64Array, weights: Float64Array, components: number): ColourMixture | null {
  const members = [...weights.keys()].filter((patch) => weights[patch] > 0)
  if (members.length === 0) return null
  const count = Math.min(components, members.length)
  const n = members.length
  const shares = new Float64Array(n * count)
  assign(statistics, weights, members, count, shares)
  let mixture = maximise(statistics, weights, members, count, shares)
  for (let round = 0; round < ROUNDS; round++) {
    expect(statistics, members, mixture, shares)
    mixture = maximise(statistics, weights, members, count, shares)
  }
  return mixture
}

const squareTo = (statistics: Float64Array, patch: number, other: number): number => {
  let sum = 0
  for (let k = 1; k < 4; k++) sum += (statistics[patch * STATISTICS + k] - statistics[other * STATISTICS + k]) ** 2
  return sum
}

/** Each patch wholly to the nearest of centres that were drawn apart. */
function assign(statistics: Float64Array, weights: Float64Array, members: readonly number[], count: number, shares: Float64Array): void {
  const dice = diceOf(noiseOf(0))
  const n = members.length
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY)
  const nearestTo = new Int32Array(n)
  let centre = members[dice.below(n)]
  for (let c = 0; ; ) {
    let total = 0
    for (let i = 0; i < n; i++) {
      const patch = members[i]
      const square = squareTo(statistics, patch, centre)
      if (square < nearest[i]) {
        nearest[i] = square
        nearestTo[i] = c
      }
      total += nearest[i] * weights[patch]
    }
    if (++c === count) break
    let left = dice.uniform() * total
    let chosen = 0
    while (chosen < n - 1 && (left -= nearest[chosen] * weights[members[chosen]]) > 0) chosen++
    centre = members[chosen]
  }
  for (let i = 0; i < n; i++) shares[i * count + nearestTo[i]] = 1
}

/** How much of each patch belongs to each component. */
function expect(statistics: Float64Array, members: readonly number[], { components, count }: ColourMixture, shares: Float64Array): void {
  for (let i = 0; i < members.length; i++) {
    const at = members[i] * STATISTICS
    let top = Number.NEGATIVE_INFINITY
    for (let c = 0; c < count; c++) {
      const log = logOf(components, c * WIDE, statistics[at + 1], statistics[at + 2], statistics[at + 3])
      shares[i * count + c] = log
      top = Math.max(top, log)
    }
    let total = 0
    for (let c = 0; c < count; c++) total += shares[i * count + c] = Math.exp(shares[i * count + c] - top)
    for (let c = 0; c < count; c++) shares[i * count + c] /= total
  }
}

function maximise(
  statistics: Float64Array,
  weights: Float64Array,
  members: readonly number[],
  count: number,
  shares: Float64Array,
): ColourMixture {
  const components = new Float64Array(count * WIDE)
  let whole = 0
  for (const patch of members) whole += weights[patch]
  const sums = new Float64Array(STATISTICS)
  for (let c = 0; c < count; c++) {
    sums.fill(0)
    for (let m = 0; m < members.length; m++) {
      const share = shares[m * count + c] * weights[members[m]]
      if (share < 1e-9) continue
      const at = members[m] * STATISTICS
      sums[0] += share
      for (let k = 0; k < 3; k++) sums[1 + k] += share * statistics[at + 1 + k]
      for (let i = 0, k = 4; i < 3; i++)
        for (let j = i; j < 3; j++, k++) sums[k] += share * (statistics[at + k] + statistics[at + 1 + i] * statistics[at + 1 + j])
    }
    const total = Math.max(sums[0], 1e-9)
    const [l, a, b] = [sums[1] / total, sums[2] / total, sums[3] / total]
    const mean = [l, a, b]
    const covariance = matrix(3, 3)
    for (let i = 0, k = 4; i < 3; i++)
      for (let j = i; j < 3; j++, k++)
        covariance.data[3 * i + j] = covariance.data[3 * j + i] = sums[k] / total - mean[i] * mean[j] + (i === j ? FLOOR : 0)
    const { data: f } = cholesky(covariance)
    const at = c * WIDE
    components[at] = Math.log(total / whole) - Math.log(f[0] * f[4] * f[8])
    components.set(mean, at + 1)
    const [x, y, z] = [1 / f[0], 1 / f[4], 1 / f[8]]
    components[at + 4] = x
    components[at + 5] = -f[3] * x * y
    components[at + 6] = y
    components[at + 7] = (f[3] * f[7] * y - f[6]) * x * z
    components[at + 8] = -f[7] * y * z
    components[at + 9] = z
  }
  return { components, count }
}
