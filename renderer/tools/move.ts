import { Move } from 'lucide-react'
import type { Layer } from '../../preload/contract/document.ts'
import type { Point } from '../canvas/viewport.ts'
import type { CommandInput, Outcome, PointerStep, Tool, ToolView, Wish } from './tool.ts'

type Moving = { readonly layer: Layer; readonly from: Point } | null

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

const translate = (layer: Layer, dx: number, dy: number): CommandInput => ({ type: 'layer.translate', layer: layer.id, dx, dy })

/** How far the hand has moved; with Shift only along the longer axis. */
function distance(state: NonNullable<Moving>, event: PointerStep): readonly [number, number] {
  const dx = Math.round(event.at.x - state.from.x)
  const dy = Math.round(event.at.y - state.from.y)
  if (!event.modifiers.shift) return [dx, dy]
  return Math.abs(dx) >= Math.abs(dy) ? [dx, 0] : [0, dy]
}

function refusalOf({ layer }: ToolView): Wish | null {
  if (layer && !layer.locked) return null
  return {
    type: 'refuse',
    what: layer ? `“${layer.name}” was not moved.` : 'There is nothing to move.',
    why: layer ? 'The layer is locked.' : 'No layer is selected.',
    todo: layer ? 'Unlock it, or move another layer.' : 'Select a layer first.',
    remedy: layer ? { title: 'Unlock', command: { type: 'layer.set', layer: layer.id, change: { locked: false } } } : null,
  }
}

/** Moves the active layer with its mask by whole pixels. */
export const move: Tool<Moving> = {
  id: 'move',
  title: 'Move',
  icon: Move,
  shortcut: 'V',
  help: 'Drag to move the layer. Shift keeps it straight. Arrows move it by a pixel, with Shift by ten.',
  group: 0,
  cursor: 'move',
  start: null,
  on(state, event, view): Outcome<Moving> {
    switch (event.type) {
      case 'press': {
        const refusal = refusalOf(view)
        if (refusal || !view.layer) return { state: null, ...(refusal && { wishes: [refusal] }) }
        return { state: { layer: view.layer, from: event.at }, overlay: { type: 'move', layer: view.layer.id, dx: 0, dy: 0 } }
      }
      case 'drag': {
        if (!state) return { state }
        const [dx, dy] = distance(state, event)
        return { state, overlay: { type: 'move', layer: state.layer.id, dx, dy } }
      }
      case 'release': {
        if (!state) return { state }
        const [dx, dy] = distance(state, event)
        return { state: null, ...((dx || dy) && { commands: [translate(state.layer, dx, dy)] }) }
      }
      case 'key': {
        const step = STEPS[event.key]
        if (!step || state) return { state }
        const refusal = refusalOf(view)
        if (refusal || !view.layer) return { state, ...(refusal && { wishes: [refusal] }) }
        const reach = event.modifiers.shift ? 10 : 1
        return { state, commands: [translate(view.layer, step[0] * reach, step[1] * reach)] }
      }
      case 'cancel':
        return { state: null }
      default:
        return event satisfies never
    }
  },
}
