import { labOf } from './colour-lab.ts'
import { cutBand } from './grab-cut-band.ts'
import { chooseThing } from './grab-cut-choice.ts'
import { doubled, levelsOf, type Pixmap } from './grab-cut-levels.ts'
import { cutPatches, sidesOf } from './grab-cut-patches.ts'
import { fillPieces, maskPieces, piecesNear } from './mask-pieces.ts'
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
/** How far the outline may still move, in pixels, from one level to the next finer one. */
const FINE = 3
/** Holes of so small a share of the thing are no holes, and pieces of so small a share of the largest no pieces. */
const HOLE = 0.004
const PIECE = 0.05

/**
 * The thing that the points lie on, or that fills the box: 255 inside, 0 outside, a byte a pixel. Each point adds the thing it lies on,
 * and what does not hang together with one is left out (with a box alone: any larger piece counts); pixels that are wholly transparent never belong. All 0 where the hints meet nothing.
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
  const shown = new Uint8Array(columns * rows)
  for (let i = 0; i < shown.length; i++) shown[i] = rough[4 * i + 3]
  const area = Math.max(PATCH, (columns * rows) / PATCHES)
  const places = hintsAt(hints, levels, top)
  const seeds = [...places.on, ...places.beside]
  const patches = yield* superpixels(lab, shown, columns, rows, { area, compactness: COMPACTNESS, seeds })
  const graph = yield* superpixelGraph(lab, patches)
  const inside = yield* insideOf(graph, patches, places)
  if (!inside) return new Uint8Array(width * height)

  const { labels } = patches
  let mask: Uint8Array = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) mask[i] = labels[i] >= 0 && inside[labels[i]] ? 255 : 0
  const sides = sidesOf(graph, inside)
  const radius = Math.ceil(Math.sqrt(area) * 0.75) + 1
  for (let level = top; level >= 0; level--) {
    const at = levels[level]
    if (level < top) mask = doubled(mask, at.width, at.height)
    const here = hintsAt(hints, levels, level)
    // Where everything belongs there is no outline to move.
    if (sides) yield* cutBand(mask, mustOf(here, at.width), at, sides, level === top ? radius : FINE)
    yield* tidy(mask, at, here, radius * 2 ** (top - level))
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

/** The first cut, between patches: for each whether it lies inside. Each point adds the thing it lies on. */
function* insideOf(graph: SuperpixelGraph, patches: Superpixels, hints: Places): Pieces<Uint8Array | null> {
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
  for (const patch of on) must[patch] = 0
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
  const inside = new Uint8Array(count)
  for (const patch of on) {
    if (inside[patch]) continue
    inside[patch] = 1
    const found = yield* chooseThing(graph, tree, patch, must)
    if (found) for (let other = 0; other < count; other++) inside[other] |= found[other]
  }
  return inside
}

/**
 * Leaves the pieces that come within `reach` of a point, or the larger ones where there are no points, and fills small holes. What is
 * made of specks, as under dithered opacity, hangs together as its patches do: no piece of it is told from the others.
 */
function* tidy(mask: Uint8Array, { data, width, height }: Pixmap, { on, beside }: Places, reach: number): Pieces<void> {
  const found = yield* maskPieces(mask, width, height)
  const sizes = found.sizes.map((size, piece) => (found.isInside[piece] ? size : 0))
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0)
  const isSpecks = largest < PIECE * sizes.reduce((sum, size) => sum + size, 0)
  const near = new Set(on.flatMap((at) => [...piecesNear(found, width, at, reach)]))
  const held = sizes.reduce((sum, size, piece) => sum + (near.has(piece) ? size : 0), 0)
  // Where a point lies on a speck of another colour that fell out of the thing, the thing is the rest.
  const isKept = (piece: number) =>
    isSpecks || (on.length === 0 ? sizes[piece] >= PIECE * largest : near.has(piece) || (sizes[piece] === largest && 2 * held < largest))
  fillPieces(mask, found, (piece) => found.isInside[piece] && !isKept(piece), 0)
  yield
  const size = sizes.reduce((sum, pixels, piece) => sum + (isKept(piece) ? pixels : 0), 0)
  const left = yield* maskPieces(mask, width, height)
  const open = new Set(beside.flatMap((at) => [...piecesNear(left, width, at, 0)]))
  fillPieces(
    mask,
    left,
    (piece) => !(left.isInside[piece] || left.isOpen[piece] || left.sizes[piece] > HOLE * size || open.has(piece)),
    255,
  )
  yield
  for (let i = 0; i < mask.length; i++) if (data[4 * i + 3] === 0) mask[i] = 0
}
