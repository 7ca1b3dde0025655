import { z } from 'zod'
import { BlobId } from './ids.ts'

/** Longest side of a document and furthest offset of a layer, in pixels. */
export const SIDE_LIMIT = 32_768
/** Side of a tile, in pixels. */
export const TILE = 256

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
