import { planTiles } from '../../../main/math/tiles.ts'

/** How the built-in networks are tiled, where a method leaves it open; in pixels. */
const TILING = { size: 512, overlap: 64, multiple: 8 } as const
/** Three overlaps, which is as small as tiles can be. */
const SMALLEST = 3 * TILING.overlap

/** Network calls for a picture: each tile is looked at once, and once more for each step. An estimate: a network may ask for other tiles. */
export function networkCalls(width: number, height: number, { steps, tile }: { readonly steps: number; readonly tile?: number }): number {
  const size = Math.max(SMALLEST, tile ?? TILING.size)
  return planTiles(width, height, { ...TILING, size }).count * (1 + steps)
}
