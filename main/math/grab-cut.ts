import { labOf } from './colour-lab.ts'
import { cutBand } from './grab-cut-band.ts'
import { candidatesAt } from './grab-cut-candidates.ts'
import { chooseThing } from './grab-cut-choice.ts'
import { doubled, levelsOf, type Pixmap } from './grab-cut-levels.ts'
import { cutPatches, type PatchCut } from './grab-cut-patches.ts'
import { fillHoles, keepPieces } from './mask-pieces.ts'
import { inPieces, type Pieces } from './pause.ts'
import { regionTree } from './region-tree.ts'
import { type SuperpixelGraph, superpixelGraph } from './superpixel-graph.ts'
import { type Superpixels, superpixels } from './superpixels.ts'

type Point = readonly [x: number, y: number]

/** How an artist points at a thing, in pixels of the picture; fractions are fine, and points outside are not looked at. */
export interface Hints {
  /** Points on it. */
  readonly on: readonly Point[]
  /** Points beside it. */
  readonly beside: readonly Point[]
  /** It lies within. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null
}

/** Most pixels of the picture that is cut into patches; larger ones are halved until they fit. */
const WORKED_ON = 400_000
const PATCHES = 2500
/** Fewest pixels of a patch. */
const PATCH = 20
const COMPACTNESS = 12
/** Holes of so small a share of the thing are no holes, and pieces of so small a share of the largest no pieces. */
const HOLE = 0.004
const PIECE = 0.05

/**
 * The thing that the points lie on, or that fills the box: 255 inside, 0 outside, a byte a pixel. It hangs together with the points
 * (with a box alone: any larger piece counts); pixels that are wholly transparent never belong. All 0 where the hints meet nothing.
 * The same picture and hints give the same mask.
 *
 * The picture is cut into superpixels, joined to a tree of regions; those around the points are candidates, cut out by GrabCut over
 * patches, and the most stable cut is moved to the best outline between single pixels, from the coarsest level to the finest.
 * @throws RangeError where the picture has no pixels or its data does not fit; the signal's reason once it is aborted.
 */
export function segmentThing(picture: Pixmap, hints: Hints, signal: AbortSignal): Promise<Uint8Array> {
  return inPieces(thing(picture, hints), signal)
}

/** The same, piece by piece. */
export function* thing(picture: Pixmap, hints: Hints): Pieces<Uint8Array> {
  const { data, width, height } = picture
  if (!(width >= 1 && height >= 1) || data.length !== width * height * 4)
    throw new RangeError(`${data.length} bytes are no picture of ${width} × ${height} pixels.`)
  const levels = yield* levelsOf(picture, WORKED_ON)
  const top = levels.length - 1
  const { data: rough, width: columns, height: rows } = levels[top]
  const lab = yield* labOf(rough, columns * rows)
  const shown = Uint8Array.from({ length: columns * rows }, (_, i) => rough[4 * i + 3])
  const area = Math.max(PATCH, (columns * rows) / PATCHES)
  const patches = yield* superpixels(lab, shown, columns, rows, { area, compactness: COMPACTNESS })
  const graph = yield* superpixelGraph(lab, patches)
  const cut = yield* cutOf(graph, patches, hintsAt(hints, levels, top))
  if (!cut) return new Uint8Array(width * height)

  let mask: Uint8Array = Uint8Array.from(patches.labels, (label) => (label >= 0 && cut.inside[label] ? 255 : 0))
  for (let level = top; level >= 0; level--) {
    const at = levels[level]
    if (level < top) mask = doubled(mask, at.width, at.height)
    const radius = level === top ? Math.ceil(Math.sqrt(area) * 0.75) + 1 : 3
    yield* cutBand(mask, mustOf(hintsAt(hints, levels, level), at.width), at, cut.sides, radius)
    yield* tidy(mask, at, hintsAt(hints, levels, level))
  }
  return mask
}

/** Hints as places in one of the levels. */
interface Places {
  readonly on: readonly number[]
  readonly beside: readonly number[]
  readonly isBoxed: (x: number, y: number) => boolean
  readonly hasBox: boolean
}

function hintsAt({ on, beside, box }: Hints, levels: readonly Pixmap[], level: number): Places {
  const { width, height } = levels[level]
  const scale = 2 ** level
  const placesOf = (points: readonly Point[]) =>
    points
      .filter(([x, y]) => x >= 0 && y >= 0 && x < levels[0].width && y < levels[0].height)
      .map(([x, y]) => Math.min(height - 1, Math.floor(y / scale)) * width + Math.min(width - 1, Math.floor(x / scale)))
  const isBoxed = (x: number, y: number) => {
    if (!box) return true
    const [u, v] = [(x + 0.5) * scale, (y + 0.5) * scale]
    return u >= box.x && v >= box.y && u <= box.x + box.width && v <= box.y + box.height
  }
  return { on: placesOf(on), beside: placesOf(beside), isBoxed, hasBox: box !== null }
}

/** For each pixel 1 where it must be inside, 2 where it must not, 0 otherwise. */
function mustOf({ on, beside, isBoxed }: Places, width: number): (at: number) => number {
  const inside = new Set(on)
  const outside = new Set(beside)
  return (at) => (inside.has(at) ? 1 : outside.has(at) || !isBoxed(at % width, Math.floor(at / width)) ? 2 : 0)
}

/** The first cut, between patches. */
function* cutOf(graph: SuperpixelGraph, patches: Superpixels, hints: Places): Pieces<PatchCut | null> {
  const { labels, count, width } = patches
  const patchesAt = (places: readonly number[]) => [...new Set(places.map((at) => labels[at]).filter((label) => label >= 0))]
  const on = patchesAt(hints.on)
  const must = new Uint8Array(count)
  if (hints.hasBox) {
    const boxed = new Int32Array(count)
    for (let at = 0; at < labels.length; at++)
      if (labels[at] >= 0) boxed[labels[at]] += hints.isBoxed(at % width, Math.floor(at / width)) ? 1 : -1
    for (let patch = 0; patch < count; patch++) if (boxed[patch] <= 0) must[patch] = 2
  }
  for (const patch of patchesAt(hints.beside)) must[patch] = 2
  for (const patch of on) must[patch] = 1
  if (on.length === 0) {
    // A point that meets nothing is no reason to guess.
    if (!hints.hasBox || hints.on.length > 0) return null
    return yield* cutPatches(
      graph,
      must.map((value) => (value === 2 ? 0 : 1)),
      must,
      false,
    )
  }
  const tree = yield* regionTree(graph)
  const without = must.map((value) => (value === 2 ? 1 : 0))
  return yield* chooseThing(graph, candidatesAt(graph, tree, on, without), on, must)
}

/** Leaves what hangs together with the points, or the larger pieces where there are none, and fills small holes. */
function* tidy(mask: Uint8Array, { data, width, height }: Pixmap, { on, beside }: Places): Pieces<void> {
  yield* keepPieces(mask, width, height, (piece, sizes, labels) =>
    on.length > 0 ? on.some((at) => labels[at] === piece) : sizes[piece] >= PIECE * Math.max(...sizes),
  )
  const size = mask.reduce((sum, value) => sum + (value ? 1 : 0), 0)
  yield* fillHoles(mask, width, height, HOLE * size, beside)
  for (let i = 0; i < mask.length; i++) if (data[4 * i + 3] === 0) mask[i] = 0
}
