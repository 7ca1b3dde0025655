import type { Brush, StrokePoint } from '../../../preload/contract/command.ts'
import { beginStroke, type Stroke } from '../../math/stroke.ts'
import { breathe } from '../breathe.ts'

/** Milliseconds between two looks at the inbox: a wide brush lays few points in that time, a fine one thousands. */
const SPELL = 15

/** Lays a whole stroke; its coverage is cut as a grid with this origin is. */
export async function layStroke(
  brush: Brush,
  points: readonly StrokePoint[],
  origin: { readonly x: number; readonly y: number },
  bounds: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Stroke['coverage']> {
  const stroke = beginStroke(brush, origin, bounds)
  let rested = performance.now()
  for (const point of points) {
    stroke.extend(point)
    if (performance.now() - rested < SPELL) continue
    await breathe(signal)
    rested = performance.now()
  }
  return stroke.coverage
}
