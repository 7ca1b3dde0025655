import { Command } from '../../../preload/contract/command.ts'
import type { Document, Layer } from '../../../preload/contract/document.ts'
import type { BlobId, LayerId } from '../../../preload/contract/ids.ts'
import { toolOf } from '../../../renderer/tools/index.ts'
import type { CommandInput, Modifiers, Overlay, PointerStep, ToolEvent, ToolView, Wish } from '../../../renderer/tools/tool.ts'

export const still: Modifiers = { shift: false, alt: false, mod: false }
export const shift: Modifiers = { ...still, shift: true }
export const alt: Modifiers = { ...still, alt: true }
export const mod: Modifiers = { ...still, mod: true }

export const index = '0'.repeat(64) as BlobId
export const photo: Layer = {
  id: 'photo' as LayerId,
  kind: 'raster',
  name: 'Photo',
  visible: true,
  locked: false,
  opacity: 1,
  blend: 'normal',
  pixels: { index, x: 0, y: 0 },
  mask: null,
  recipe: null,
}
export const masked: Layer = { ...photo, mask: { pixels: { index, x: 0, y: 0 }, rest: 255, enabled: true } }
export const picture: Document = { width: 400, height: 300, layers: [photo], profile: null, exif: null }
export const fresh = 'fresh-1' as LayerId

export const viewOf = (change: Partial<ToolView> = {}): ToolView => ({
  document: picture,
  layer: photo,
  target: 'pixels',
  brush: { size: 20, hardness: 0.5, opacity: 0.8, color: [250, 10, 20], background: [255, 255, 255] },
  look: { zoom: 1, center: { x: 200, y: 150 } },
  canvas: { width: 400, height: 300 },
  frame: null,
  lastPoint: null,
  freshLayer: fresh,
  ...change,
})

export const step = (type: PointerStep['type'], x: number, y: number, modifiers = still, pressure = 1): PointerStep => ({
  type,
  at: { x, y },
  screen: { x, y },
  points: [[x, y, pressure]],
  modifiers,
})
export const press = (x: number, y: number, modifiers = still) => step('press', x, y, modifiers)
export const drag = (x: number, y: number, modifiers = still, pressure = 1) => step('drag', x, y, modifiers, pressure)
export const release = (x: number, y: number, modifiers = still) => step('release', x, y, modifiers)

export interface Played {
  readonly commands: CommandInput[]
  readonly wishes: Wish[]
  /** What is shown after each event; null for nothing. */
  readonly overlays: (Overlay | null)[]
}

/** Plays events to a tool from its start. */
export function play(id: Parameters<typeof toolOf>[0], events: readonly ToolEvent[], view = viewOf()): Played {
  const tool = toolOf(id)
  const played: Played = { commands: [], wishes: [], overlays: [] }
  let state = tool.start
  for (const event of events) {
    const outcome = tool.on(state, event, view)
    state = outcome.state
    played.commands.push(...(outcome.commands ?? []))
    played.wishes.push(...(outcome.wishes ?? []))
    played.overlays.push(outcome.overlay ?? null)
  }
  for (const command of played.commands) Command.parse(command)
  return played
}
