import type { ToolId } from '../studio/view.ts'
import { brush } from './brush.ts'
import { eraser } from './eraser.ts'
import { eyedropper } from './eyedropper.ts'
import { frame } from './frame.ts'
import { hand } from './hand.ts'
import { lasso } from './lasso.ts'
import { maskBrush } from './mask-brush.ts'
import { move } from './move.ts'
import { object } from './object.ts'
import { rectangle } from './rectangle.ts'
import { type Tool, tool } from './tool.ts'
import { zoom } from './zoom.ts'

/** Every tool, in the order of the rail. */
export const tools: readonly Tool[] = [
  tool(move),
  tool(frame),
  tool(rectangle),
  tool(lasso),
  tool(object),
  tool(brush),
  tool(eraser),
  tool(maskBrush),
  tool(eyedropper),
  tool(hand),
  tool(zoom),
]

const byId = new Map(tools.map((one) => [one.id, one]))

/** @throws RangeError for a tool that is not in the list. */
export function toolOf(id: ToolId): Tool {
  const found = byId.get(id)
  if (!found) throw new RangeError(`There is no tool "${id}".`)
  return found
}
