import { z } from 'zod'
import { LayerId } from './ids.ts'
import { Mask, Pixels, SIDE_LIMIT } from './pixels.ts'

/** A position in the document, in pixels; fractions are fine. */
const coordinate = z
  .number()
  .min(-SIDE_LIMIT * 2)
  .max(SIDE_LIMIT * 2)
const point = z.tuple([coordinate, coordinate])

/** Ways to show a part of the picture that need nothing but themselves. */
const shown = [
  z.object({ from: z.literal('rectangle'), x: coordinate, y: coordinate, width: z.number().positive(), height: z.number().positive() }),
  /** The inside of a closed line, by the even-odd rule. */
  z.object({ from: z.literal('polygon'), points: z.array(point).min(3).max(20_000) }),
  /** The thing that lies there in the layer worked on, as the picture itself tells: points on it, points beside it, a box around it. */
  z.object({
    from: z.literal('thing'),
    on: z.array(point).max(100),
    beside: z.array(point).max(100).default([]),
    box: z.object({ x: coordinate, y: coordinate, width: z.number().positive(), height: z.number().positive() }).nullable().default(null),
  }),
] as const

/** A part of the picture, however the artist shows it. */
export const Region = z.discriminatedUnion('from', [
  ...shown,
  /** What a layer covers: its opacity times its mask. */
  z.object({ from: z.literal('layer'), layer: LayerId }),
])
export type Region = z.infer<typeof Region>

/** The same, with pixels in place of the layer: it means the same when that layer has changed. */
export const PlacedRegion = z.discriminatedUnion('from', [
  ...shown,
  z.object({ from: z.literal('pixels'), pixels: Pixels.nullable(), mask: Mask.nullable() }),
])
export type PlacedRegion = z.infer<typeof PlacedRegion>

/** Words for a thing, as long as an artist may write them. */
export const Words = z.string().max(2000)
