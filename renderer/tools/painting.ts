import type { Brush, StrokePoint } from '../../preload/contract/command.ts'
import type { Layer } from '../../preload/contract/document.ts'
import type { LayerId } from '../../preload/contract/ids.ts'
import { eyedropper } from './eyedropper.ts'
import type { CommandInput, Outcome, PointerStep, ToolEvent, ToolView, Wish } from './tool.ts'

/** A stroke on its way, a colour being picked with Alt, or nothing. */
export type Painting =
  | { readonly type: 'idle' }
  | { readonly type: 'picking' }
  | {
      readonly type: 'stroke'
      readonly layer: LayerId
      readonly target: 'pixels' | 'mask'
      readonly brush: Brush
      readonly points: readonly StrokePoint[]
    }

export const idle: Painting = { type: 'idle' }

/** A command holds no more points than this; a stroke that goes on longer is laid in pieces. */
const MOST_POINTS = 20_000
/** Points closer than this on the screen, in CSS pixels, add nothing that can be seen. */
const CLOSEST = 0.4

type Stroke = Extract<Painting, { type: 'stroke' }>

/** The part that brush, eraser and mask brush have in common. */
export function paint(state: Painting, event: ToolEvent, view: ToolView, brush: Brush, target: 'pixels' | 'mask'): Outcome<Painting> {
  switch (event.type) {
    case 'press':
      if (event.modifiers.alt) return { state: { type: 'picking' }, ...only(eyedropper.on(null, event, view)) }
      return begin(event, view, brush, target)
    case 'drag':
      if (state.type === 'picking') return { state, ...only(eyedropper.on(null, event, view)) }
      if (state.type !== 'stroke') return { state }
      return extend(state, event.points, view)
    case 'release': {
      if (state.type !== 'stroke') return { state: idle }
      const points = thinned(state.points, event.points, view.look.zoom)
      return { state: idle, commands: [command({ ...state, points })] }
    }
    case 'cancel':
      return { state: idle }
    case 'key':
      return state.type === 'stroke' ? { state, overlay: state } : { state }
    default:
      return event satisfies never
  }
}

const only = ({ wishes }: Outcome<unknown>): { wishes?: readonly Wish[] } => (wishes ? { wishes } : {})

const command = ({ layer, target, brush, points }: Stroke): CommandInput => ({
  type: 'stroke.paint',
  layer,
  target,
  brush,
  points: points.map(([x, y, pressure]) => [x, y, pressure]),
})

function begin(event: PointerStep, view: ToolView, brush: Brush, target: 'pixels' | 'mask'): Outcome<Painting> {
  const { layer, lastPoint } = view
  const refusal = layer && refusalOf(layer, target)
  if (refusal) return { state: idle, wishes: [refusal] }
  if (!layer && (target === 'mask' || brush.erase)) return { state: idle, wishes: [nothingThere] }
  const points: StrokePoint[] = event.points.slice(-1).map(([x, y, pressure]) => [x, y, pressure])
  const pressure = points[0]?.[2] ?? 1
  if (event.modifiers.shift && lastPoint && layer) points.unshift([lastPoint.x, lastPoint.y, pressure])
  const state: Stroke = { type: 'stroke', layer: layer?.id ?? view.freshLayer, target, brush, points }
  if (layer) return { state, overlay: state }
  return {
    state,
    overlay: state,
    commands: [{ type: 'layer.add', layer: view.freshLayer }],
    wishes: [{ type: 'activate', layer: view.freshLayer }],
  }
}

function extend(state: Stroke, added: readonly StrokePoint[], view: ToolView): Outcome<Painting> {
  const points = thinned(state.points, added, view.look.zoom)
  const next: Stroke = { ...state, points }
  if (points.length < MOST_POINTS) return { state: next, overlay: next }
  const onward: Stroke = { ...state, points: points.slice(MOST_POINTS - 1) }
  return { state: onward, overlay: onward, commands: [command({ ...state, points: points.slice(0, MOST_POINTS) })] }
}

function thinned(points: readonly StrokePoint[], added: readonly StrokePoint[], zoom: number): readonly StrokePoint[] {
  const all = [...points]
  for (const point of added) {
    const last = all.at(-1)
    const isNews = !last || Math.hypot(point[0] - last[0], point[1] - last[1]) * zoom >= CLOSEST || Math.abs(point[2] - last[2]) > 0.02
    if (isNews) all.push(point)
  }
  return all
}

const nothingThere: Wish = {
  type: 'refuse',
  what: 'There is nothing to paint on.',
  why: 'No layer is selected.',
  todo: 'Select a layer, or add one.',
  remedy: { title: 'Add a layer', command: { type: 'layer.add' } },
}

/** Why a layer cannot be painted on; null when it can. */
function refusalOf(layer: Layer, target: 'pixels' | 'mask'): Wish | null {
  const set = (change: { locked: false } | { visible: true }): CommandInput => ({ type: 'layer.set', layer: layer.id, change })
  if (layer.locked)
    return {
      type: 'refuse',
      what: `“${layer.name}” was not changed.`,
      why: 'The layer is locked.',
      todo: 'Unlock it, or paint on another layer.',
      remedy: { title: 'Unlock', command: set({ locked: false }) },
    }
  if (!layer.visible)
    return {
      type: 'refuse',
      what: `“${layer.name}” was not changed.`,
      why: 'The layer is hidden.',
      todo: 'Show it, or paint on another layer.',
      remedy: { title: 'Show', command: set({ visible: true }) },
    }
  if (target === 'mask' && !layer.mask)
    return {
      type: 'refuse',
      what: `“${layer.name}” has no mask.`,
      why: 'The mask brush hides and shows parts of a layer through its mask.',
      todo: 'Add a mask, then paint.',
      remedy: { title: 'Add a mask', command: { type: 'mask.add', layer: layer.id, rest: 255 } },
    }
  return null
}
