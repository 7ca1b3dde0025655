import { z } from 'zod'
import { BlobId, LayerId } from './ids.ts'
import { Mask, Pixels, SIDE_LIMIT } from './pixels.ts'
import { PlacedRegion, Words } from './region.ts'

export { Mask, PixelFormat, Pixels, SIDE_LIMIT, TILE } from './pixels.ts'

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

/** A part of a picture and what became of it. */
export const EditedObject = z.object({ region: PlacedRegion, becomes: Words })
export type EditedObject = z.infer<typeof EditedObject>

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
  /** The pixels it was given; null for what was made from words alone. */
  input: Pixels.nullable(),
  /** The model the artist chose, where there was a choice. */
  model: z.string().nullable().default(null),
  /** Where it worked; empty where it was the whole. */
  objects: z.array(EditedObject).max(100).default([]),
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
