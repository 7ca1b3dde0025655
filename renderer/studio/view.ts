import { create } from 'zustand'
import type { Rect } from '../../main/math/rect.ts'
import type { LayerId } from '../../preload/contract/ids.ts'

export type ToolId =
  | 'move'
  | 'frame'
  | 'rectangle'
  | 'lasso'
  | 'object'
  | 'brush'
  | 'eraser'
  | 'mask-brush'
  | 'eyedropper'
  | 'hand'
  | 'zoom'

/** sRGB-encoded, 0..255. */
export type Color = readonly [red: number, green: number, blue: number]

/** The brush as the artist has set it; a stroke takes a copy when it begins. */
export interface BrushSettings {
  /** Diameter at full pressure, in document pixels. */
  readonly size: number
  /** 0..1 */
  readonly hardness: number
  /** 0..1 */
  readonly opacity: number
  readonly color: Color
  readonly background: Color
}

/** A zoom, a step towards one, or along with what lies in the picture when that has moved by document pixels. */
export type ZoomTarget = 'fit' | 'in' | 'out' | number | { readonly dx: number; readonly dy: number }

/** What the page knows and the studio does not: lost on reload, never in the history. */
export interface View {
  readonly tool: ToolId
  /** The active layer: where tools work. */
  readonly layer: LayerId | null
  /** Which part of the active layer is edited. */
  readonly target: 'pixels' | 'mask'
  /** Screen pixels (CSS) per document pixel; 1 is 100 %. */
  readonly zoom: number
  /** The document position in the middle of the canvas, in document pixels. */
  readonly center: { readonly x: number; readonly y: number }
  /** Where the shell asks the canvas to go; the canvas answers each new value once. */
  readonly zoomRequest: { readonly to: ZoomTarget; readonly serial: number } | null
  /** The pointer's document position, for the status bar; null outside the canvas. */
  readonly pointer: { readonly x: number; readonly y: number } | null
  readonly brush: BrushSettings
  /** The before/after divider: a layer with a recipe, and how far from its left edge the divider stands, 0..1. */
  readonly compare: { readonly layer: LayerId; readonly position: number } | null
  /** The frame the picture shall have, until Enter; null: the one it has. In document pixels. */
  readonly frame: Rect | null
  /** One line about the tool in hand, for the status bar. */
  readonly help: string

  setTool(tool: ToolId): void
  setLayer(layer: LayerId | null, target?: View['target']): void
  setTarget(target: View['target']): void
  setViewport(zoom: number, center: View['center']): void
  requestZoom(to: ZoomTarget): void
  setPointer(pointer: View['pointer']): void
  setBrush(change: Partial<BrushSettings>): void
  setCompare(compare: View['compare']): void
  setFrame(frame: Rect | null): void
  setHelp(help: string): void
}

export const useView = create<View>()((set) => ({
  tool: 'brush',
  layer: null,
  target: 'pixels',
  zoom: 1,
  center: { x: 0, y: 0 },
  zoomRequest: null,
  pointer: null,
  brush: { size: 40, hardness: 0.8, opacity: 1, color: [0, 0, 0], background: [255, 255, 255] },
  compare: null,
  frame: null,
  help: '',

  setTool: (tool) => set({ tool, frame: null }),
  setLayer: (layer, target = 'pixels') => set({ layer, target }),
  setTarget: (target) => set({ target }),
  setViewport: (zoom, center) => set({ zoom, center }),
  requestZoom: (to) => set(({ zoomRequest }) => ({ zoomRequest: { to, serial: (zoomRequest?.serial ?? 0) + 1 } })),
  setPointer: (pointer) => set({ pointer }),
  setBrush: (change) => set(({ brush }) => ({ brush: { ...brush, ...change } })),
  setCompare: (compare) => set({ compare }),
  setFrame: (frame) => set({ frame }),
  setHelp: (help) => set({ help }),
}))
