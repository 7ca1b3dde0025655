import { planTiles } from '../../../main/math/tiles.ts'
import type { Work } from '../knobs/forecast.ts'

/** How the built-in networks are tiled, where a method leaves it open; in pixels. */
const TILING = { size: 512, overlap: 64, multiple: 8 } as const
/** Three overlaps, which is as small as tiles can be. */
const SMALLEST = 3 * TILING.overlap

/** Network calls for a picture: each tile is looked at once, and once more for each step. An estimate: a network may ask for other tiles. */
export function networkCalls(width: number, height: number, { steps, tile }: { readonly steps: number; readonly tile?: number }): number {
  const size = Math.max(SMALLEST, tile ?? TILING.size)
  return planTiles(width, height, { ...TILING, size }).count * (1 + steps)
}

/** What restoring a picture will be: as much as the network is called. */
export function restorationOf(
  method: string,
  { width, height }: { readonly width: number; readonly height: number },
  { steps, tile }: Readonly<Record<string, unknown>>,
): Work {
  const amount = networkCalls(width, height, { steps: Number(steps ?? 0), ...(typeof tile === 'number' ? { tile } : {}) })
  return { name: method, settings: '', amount }
}
