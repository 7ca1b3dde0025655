import type { Brush, StrokePoint } from '../../../preload/contract/command.ts'
import { beginStroke, type Stroke } from '../../math/stroke.ts'
import { breathe } from '../breathe.ts'

/** Points laid between two looks at the inbox. */
const BATCH = 64

/** Lays a whole stroke; its coverage is cut as a grid with this origin is. */
export async function layStroke(
  brush: Brush,
  points: readonly StrokePoint[],
  origin: { readonly x: number; readonly y: number },
  bounds: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Stroke['coverage']> {
  const stroke = beginStroke(brush, origin, bounds)
  for (const [i, point] of points.entries()) {
    stroke.extend(point)
    if (i % BATCH === BATCH - 1) await breathe(signal)
  }
  return stroke.coverage
}
