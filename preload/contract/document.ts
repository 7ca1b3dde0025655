import { z } from 'zod'
import { BlobId, LayerId } from './ids.ts'

/** Longest side of a document and furthest offset of a layer, in pixels. */
export const SIDE_LIMIT = 32_768
/** Side of a tile, in pixels. */
export const TILE = 256

/** The sixteen modes of the W3C's Compositing and Blending Level 1, by their CSS names. */
export const BlendMode = z.enum([
  'normal',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
  'hue',
  'saturation',
  'color',
  'luminosity',
])
export type BlendMode = z.infer<typeof BlendMode>

/**
 * How a tile's bytes are laid out, row-major, TILE × TILE, no padding.
 * `rgba8`: straight (not premultiplied) R, G, B, A, sRGB-encoded. `r8`: one byte, used by masks (255 reveals).
 */
export const PixelFormat = z.enum(['rgba8', 'r8'])
export type PixelFormat = z.infer<typeof PixelFormat>

const offset = z
  .int()
  .min(-SIDE_LIMIT * 2)
  .max(SIDE_LIMIT * 2)

/** Pixels that do not travel: the id of a tile index and where its tile (0, 0) lies in the document. */
export const Pixels = z.object({
  /** Blob of a tile index (see tile-index.ts). */
  index: BlobId,
  /** Document column of the left edge of tile (0, 0). */
  x: offset,
  /** Document row of the top edge of tile (0, 0). */
  y: offset,
})
export type Pixels = z.infer<typeof Pixels>

/** A non-destructive mask in `r8` tiles. Where it has no tile it holds `rest`. */
export const Mask = z.object({
  pixels: Pixels,
  /** Value where no tile is stored: 255 reveals all, 0 hides all. */
  rest: z.union([z.literal(0), z.literal(255)]),
  enabled: z.boolean(),
})
export type Mask = z.infer<typeof Mask>

/** What made a layer: enough to run it again and get the same bytes on the same provider. */
export const Recipe = z.object({
  /** Id of the method in the registry. */
  method: z.string(),
  params: z.record(z.string(), z.json()),
  seed: z.int().nonnegative(),
  /** Models it ran, each with the hash of its file. */
  models: z.array(z.object({ id: z.string(), sha256: z.string() })),
  /** Execution provider it ran on. */
  provider: z.string(),
  /** The pixels it was given. */
  input: Pixels,
  /** What it reports of itself: name → value, e.g. `consistency`. */
  measures: z.record(z.string(), z.number()),
})
export type Recipe = z.infer<typeof Recipe>

export const Layer = z.object({
  id: LayerId,
  kind: z.literal('raster'),
  name: z.string().max(200),
  visible: z.boolean(),
  /** A locked layer refuses every change but unlocking, showing and reordering. */
  locked: z.boolean(),
  /** 0..1. */
  opacity: z.number().min(0).max(1),
  blend: BlendMode,
  /** Null where nothing was painted yet. */
  pixels: Pixels.nullable(),
  mask: Mask.nullable(),
  /** Null for what was painted or placed by hand. */
  recipe: Recipe.nullable(),
})
export type Layer = z.infer<typeof Layer>

/** Everything a revision holds of the picture. Layers are listed bottom first. */
export const Document = z.object({
  width: z.int().min(1).max(SIDE_LIMIT),
  height: z.int().min(1).max(SIDE_LIMIT),
  layers: z.array(Layer).max(1000),
  /** ICC profile of the picture the document was made from, kept for export; null means sRGB. */
  profile: BlobId.nullable(),
  /** EXIF block of that picture, kept for export. */
  exif: BlobId.nullable(),
})
export type Document = z.infer<typeof Document>
