import type { LucideIcon } from 'lucide-react'
import type { z } from 'zod'
import type { Rect } from '../../main/math/rect.ts'
import type { Brush, Command, StrokePoint } from '../../preload/contract/command.ts'
import type { Document, Layer } from '../../preload/contract/document.ts'
import type { LayerId } from '../../preload/contract/ids.ts'
import type { Region } from '../../preload/contract/region.ts'
import type { Look, Point, Size } from '../canvas/viewport.ts'
import type { BrushSettings, ToolId } from '../studio/view.ts'

export interface Modifiers {
  readonly shift: boolean
  readonly alt: boolean
  /** Control, or Command on a Mac. */
  readonly mod: boolean
}

/** A pointer over the canvas. `at` is in document pixels, `screen` in CSS pixels from the canvas's corner. */
export interface PointerStep {
  readonly type: 'press' | 'drag' | 'release'
  readonly at: Point
  readonly screen: Point
  /** Every position since the last event, with its pressure. None where nothing pressed any more. */
  readonly points: readonly StrokePoint[]
  readonly modifiers: Modifiers
}

/** What a hand can do. */
export type ToolEvent =
  | PointerStep
  | { readonly type: 'key'; readonly key: string; readonly modifiers: Modifiers }
  /** The gesture was taken away: Escape, another window, a second finger. */
  | { readonly type: 'cancel' }

/** What a tool may look at. */
export interface ToolView {
  readonly document: Document
  /** The active layer. */
  readonly layer: Layer | null
  readonly target: 'pixels' | 'mask'
  readonly brush: BrushSettings
  readonly look: Look
  readonly canvas: Size
  /** The frame the picture shall have, while the artist has not settled; null: as it is. */
  readonly frame: Rect | null
  /** Where the last stroke on this layer ended; Shift draws a straight line from there. */
  readonly lastPoint: Point | null
  /** A name nobody has, for a layer that a tool makes. */
  readonly freshLayer: LayerId
}

/** What is shown while a gesture lasts. */
export type Overlay =
  /** The stroke as it will be laid, all of its points so far. */
  | {
      readonly type: 'stroke'
      readonly layer: LayerId
      readonly target: 'pixels' | 'mask'
      readonly brush: Brush
      readonly points: readonly StrokePoint[]
    }
  /** The layer, moved by whole document pixels. */
  | { readonly type: 'move'; readonly layer: LayerId; readonly dx: number; readonly dy: number }
  /** A closed line, x and y in turn. */
  | { readonly type: 'outline'; readonly line: readonly number[] }

/** What a tool asks of the page, not of the studio. */
export type Wish =
  | { readonly type: 'look'; readonly look: Look }
  /** Takes the colour of the picture at a document position. */
  | { readonly type: 'pick'; readonly at: Point; readonly to: 'color' | 'background' }
  | { readonly type: 'activate'; readonly layer: LayerId }
  /** A part of the picture was shown: it becomes an object. */
  | { readonly type: 'object'; readonly region: Region }
  /** A point on a thing, one more on the thing picked last, or one beside it. */
  | { readonly type: 'point'; readonly at: Point; readonly is: 'on' | 'on too' | 'beside' }
  /** The picture shall have this frame; null: the one it has. */
  | { readonly type: 'frame'; readonly frame: Rect | null }
  | { readonly type: 'apply-frame' }
  /** Nothing was done; these sentences say why. `remedy` is a command that would help. */
  | {
      readonly type: 'refuse'
      readonly what: string
      readonly why: string
      readonly todo: string
      readonly remedy: { readonly title: string; readonly command: CommandInput } | null
    }

export type CommandInput = z.input<typeof Command>

/** What follows from an event. No `overlay`: nothing is shown any more. */
export interface Outcome<S> {
  readonly state: S
  readonly overlay?: Overlay
  /** In the order in which they are to be run. */
  readonly commands?: readonly CommandInput[]
  readonly wishes?: readonly Wish[]
}

/** A tool: words for the rail, and a pure function from gestures to what comes of them. */
export interface Tool<S = unknown> {
  readonly id: ToolId
  readonly title: string
  readonly icon: LucideIcon
  readonly shortcut: string
  /** One line for the status bar. */
  readonly help: string
  /** Tools of a group stand together in the rail. */
  readonly group: number
  /** A CSS cursor, or the outline of the brush. */
  readonly cursor: string
  readonly start: S
  on(state: S, event: ToolEvent, view: ToolView): Outcome<S>
}

/** Forgets the type of a tool's state: whoever holds a tool only hands it back. */
export function tool<S>(of: Tool<S>): Tool {
  return { ...of, on: (state, event, view) => of.on(state as S, event, view) }
}
