import type { Document, Layer, Mask, Pixels, Recipe } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { decodeTileIndex, encodeTileIndex } from '../../preload/contract/tile-index.ts'
import type { Blobs } from './blobs.ts'

/** What had to be left out of the documents of a damaged project. */
export interface Holes {
  /** Tiles that were left out, each counted once. */
  tiles: number
  /** Names of the layers they are missing from. */
  readonly layers: Set<string>
  attachments: number
}

const mended = new WeakMap<Blobs, Map<BlobId, BlobId | null>>()

/** The document with everything that `blobs` does not hold left out: tiles become empty, a layer without its index too. */
export function mendDocument(document: Document, blobs: Blobs, holes: Holes): Document {
  const known = mended.get(blobs) ?? new Map<BlobId, BlobId | null>()
  mended.set(blobs, known)
  const mendPixels = (pixels: Pixels, layer: Layer): Pixels | null => {
    let index = known.get(pixels.index)
    if (index === undefined) {
      index = mendIndex(pixels.index, blobs, holes)
      known.set(pixels.index, index)
    }
    if (index !== pixels.index) holes.layers.add(layer.name)
    return index && { ...pixels, index }
  }
  const mendMask = (mask: Mask, layer: Layer): Mask | null => {
    const pixels = mendPixels(mask.pixels, layer)
    return pixels && { ...mask, pixels }
  }
  // A recipe that lost what it was given, or where it worked, would make something else: it goes as a whole.
  const mendRecipe = (recipe: Recipe, layer: Layer): Recipe | null => {
    const input = recipe.input && mendPixels(recipe.input, layer)
    if (recipe.input && !input) return null
    const objects: Recipe['objects'] = []
    for (const { region, becomes } of recipe.objects) {
      if (region.from !== 'pixels') objects.push({ region, becomes })
      else {
        const pixels = region.pixels && mendPixels(region.pixels, layer)
        const mask = region.mask && mendMask(region.mask, layer)
        if ((region.pixels && !pixels) || (region.mask && !mask)) return null
        objects.push({ region: { ...region, pixels, mask }, becomes })
      }
    }
    return { ...recipe, input, objects }
  }
  const attachment = (id: BlobId | null) => {
    if (!id || blobs.has(id)) return id
    holes.attachments++
    return null
  }
  return {
    ...document,
    layers: document.layers.map((layer) => ({
      ...layer,
      pixels: layer.pixels && mendPixels(layer.pixels, layer),
      mask: layer.mask && mendMask(layer.mask, layer),
      recipe: layer.recipe && mendRecipe(layer.recipe, layer),
    })),
    profile: attachment(document.profile),
    exif: attachment(document.exif),
  }
}

function mendIndex(id: BlobId, blobs: Blobs, holes: Holes): BlobId | null {
  if (!blobs.has(id)) {
    holes.tiles++
    return null
  }
  const index = decodeTileIndex(blobs.get(id))
  const kept = new Map([...index.tiles].filter(([, tile]) => blobs.has(tile)))
  if (kept.size === index.tiles.size) return id
  holes.tiles += index.tiles.size - kept.size
  return blobs.put(encodeTileIndex({ ...index, tiles: kept }))
}
