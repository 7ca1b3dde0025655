import type { Pieces } from './pause.ts'

/** A picture as small patches of like colour. */
export interface Superpixels {
  readonly width: number
  readonly height: number
  readonly count: number
  /** For each pixel its patch, or -1 where there is nothing. */
  readonly labels: Int32Array
}

export interface SuperpixelOptions {
  /** Pixels a patch has, about. */
  readonly area: number
  /** How much a patch prefers to be round: the colour difference that counts like a whole patch's width. */
  readonly compactness: number
  /** Pixels that centres start on beside those of the grid: so that a thing that is pointed at has a patch, however small it is. */
  readonly seeds: readonly number[]
}

const ROUNDS = 5
/** Rows or patches between two pauses. */
const STRETCH = 150

/**
 * Patches by local k-means in colour and place from centres on a grid (Achanta, Shaji, Smith, Lucchi, Fua and Süsstrunk, "SLIC
 * superpixels compared to state-of-the-art superpixel methods", 2012). Each patch is in one piece, but for specks that touch nothing:
 * those that belong together are one, however many, so that there are never many more patches than the picture has room for.
 * @param lab three numbers a pixel. @param shown for each pixel whether it belongs to any patch, 0 or not.
 */
export function* superpixels(
  lab: Float32Array,
  shown: Uint8Array,
  width: number,
  height: number,
  { area, compactness, seeds }: SuperpixelOptions,
): Pieces<Superpixels> {
  const step = Math.max(2, Math.sqrt(area))
  const centreAt = (at: number) => Float64Array.of(lab[3 * at], lab[3 * at + 1], lab[3 * at + 2], at % width, Math.floor(at / width))
  const centres = [...gridOf(lab, shown, width, height, step), ...seeds].map(centreAt)
  const labels = new Int32Array(width * height)
  const nearest = new Float32Array(width * height)
  const reach = Math.ceil(step)
  const pull = (compactness / step) ** 2
  for (let round = 0; round < ROUNDS; round++) {
    labels.fill(-1)
    nearest.fill(Number.POSITIVE_INFINITY)
    for (let c = 0; c < centres.length; c++) {
      claim(centres[c], c)
      if (c % STRETCH === STRETCH - 1) yield
    }
    gather()
    yield
  }
  return yield* connected(labels, shown, width, height, step)

  /** Takes the pixels around a centre that no other is closer to. */
  function claim([l, a, b, x, y]: Float64Array, label: number): void {
    const left = Math.max(0, Math.floor(x) - reach)
    const right = Math.min(width - 1, Math.floor(x) + reach)
    const bottom = Math.min(height - 1, Math.floor(y) + reach)
    for (let row = Math.max(0, Math.floor(y) - reach); row <= bottom; row++) {
      const down = (row - y) ** 2 * pull
      for (let at = row * width + left, column = left; column <= right; at++, column++) {
        const dl = lab[3 * at] - l
        const da = lab[3 * at + 1] - a
        const db = lab[3 * at + 2] - b
        const far = dl * dl + da * da + db * db + (column - x) * (column - x) * pull + down
        if (far < nearest[at] && shown[at]) {
          nearest[at] = far
          labels[at] = label
        }
      }
    }
  }

  /** Moves each centre to the middle of what it took. */
  function gather(): void {
    const sums = new Float64Array(centres.length * 6)
    for (let at = 0, y = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) {
        if (labels[at] < 0) continue
        const sum = labels[at] * 6
        sums[sum] += lab[3 * at]
        sums[sum + 1] += lab[3 * at + 1]
        sums[sum + 2] += lab[3 * at + 2]
        sums[sum + 3] += x
        sums[sum + 4] += y
        sums[sum + 5]++
      }
    for (const [c, centre] of centres.entries())
      if (sums[c * 6 + 5] > 0) for (let k = 0; k < 5; k++) centre[k] = sums[c * 6 + k] / sums[c * 6 + 5]
  }
}

/** Pixels on a grid, each moved to the calmest of its nine pixels, so that none starts on an edge. */
function gridOf(lab: Float32Array, shown: Uint8Array, width: number, height: number, step: number): number[] {
  const across = Math.max(1, Math.round(width / step))
  const down = Math.max(1, Math.round(height / step))
  const unrest = (x: number, y: number): number => {
    if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1 || !shown[y * width + x]) return Number.POSITIVE_INFINITY
    let sum = 0
    for (let k = 0; k < 3; k++)
      sum +=
        (lab[3 * (y * width + x + 1) + k] - lab[3 * (y * width + x - 1) + k]) ** 2 +
        (lab[3 * ((y + 1) * width + x) + k] - lab[3 * ((y - 1) * width + x) + k]) ** 2
    return sum
  }
  const places: number[] = []
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) {
      let x = Math.floor(((i + 0.5) * width) / across)
      let y = Math.floor(((j + 0.5) * height) / down)
      let calm = unrest(x, y)
      for (let k = 0, [gridX, gridY] = [x, y]; k < 9; k++) {
        const [u, v] = [gridX + (k % 3) - 1, gridY + Math.floor(k / 3) - 1]
        if (unrest(u, v) < calm) [calm, x, y] = [unrest(u, v), u, v]
      }
      places.push(y * width + x)
    }
  return places
}

/**
 * Gives every piece of a patch a number of its own; pieces that are too small to a neighbour, and where they have none to the others
 * like them of their patch. Numbers go from 0 without gaps.
 */
function* connected(found: Int32Array, shown: Uint8Array, width: number, height: number, step: number): Pieces<Superpixels> {
  const least = (step * step) / 4
  const labels = new Int32Array(found.length).fill(-1)
  const queue = new Int32Array(found.length)
  /** The number of the specks of each patch; of what no patch took, by squares of the grid. */
  const specks = new Map<number, number>()
  const across = Math.ceil(width / step)
  const homeOf = (at: number) => (found[at] >= 0 ? found[at] : ~(Math.floor(at / width / step) * across + Math.floor((at % width) / step)))
  let count = 0
  for (let start = 0; start < found.length; start++) {
    if (start % (width * STRETCH) === 0) yield
    if (labels[start] >= 0 || !shown[start]) continue
    let neighbour = -1
    let end = 0
    queue[end++] = start
    labels[start] = count
    const visit = (to: number) => {
      if (labels[to] >= 0) {
        if (labels[to] !== count) neighbour = labels[to]
      } else if (shown[to] && found[to] === found[start]) {
        labels[to] = count
        queue[end++] = to
      }
    }
    for (let k = 0; k < end; k++) {
      const at = queue[k]
      const x = at % width
      if (x > 0) visit(at - 1)
      if (x < width - 1) visit(at + 1)
      if (at >= width) visit(at - width)
      if (at < found.length - width) visit(at + width)
    }
    const other = end >= least ? -1 : neighbour >= 0 ? neighbour : (specks.get(homeOf(start)) ?? -1)
    if (other >= 0) for (let k = 0; k < end; k++) labels[queue[k]] = other
    else {
      if (end < least) specks.set(homeOf(start), count)
      count++
    }
  }
  return { width, height, count, labels }
}
