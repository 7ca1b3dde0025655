import type { Rect } from '../../main/math/rect.ts'

export interface Point {
  readonly x: number
  readonly y: number
}
export interface Size {
  readonly width: number
  readonly height: number
}

/** What part of the document is looked at, and how large. */
export interface Look {
  /** CSS pixels per document pixel; 1 is 100 %. */
  readonly zoom: number
  /** The document position in the middle of the canvas. */
  readonly center: Point
}

/** A canvas on a screen: CSS pixels, and how many device pixels each has. */
export interface Viewport extends Size {
  readonly ratio: number
}

export const ZOOM_LIMIT = 64
/** Below this the picture would be smaller than a thumbnail. */
const SMALLEST_SIDE = 24
/** Room around a picture that fits, in CSS pixels. */
const FIT_MARGIN = 40
/** Zooming in or out by a step lands on these. */
const STOPS = [1 / 32, 1 / 24, 1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]

/**
 * Where the picture lies on the canvas, in whole device pixels: its edges are sharp, and at 100 % each of its pixels
 * falls on one of the screen's. Everything that is drawn or measured on the canvas goes through this rectangle.
 */
export function placement(viewport: Viewport, look: Look, document: Size): Rect {
  const scale = look.zoom * viewport.ratio
  return {
    x: Math.round((viewport.width * viewport.ratio) / 2 - look.center.x * scale),
    y: Math.round((viewport.height * viewport.ratio) / 2 - look.center.y * scale),
    width: Math.max(1, Math.round(document.width * scale)),
    height: Math.max(1, Math.round(document.height * scale)),
  }
}

/** The document position under a position of the canvas (CSS pixels). */
export function toDocument(viewport: Viewport, look: Look, document: Size, at: Point): Point {
  const place = placement(viewport, look, document)
  return {
    x: ((at.x * viewport.ratio - place.x) * document.width) / place.width,
    y: ((at.y * viewport.ratio - place.y) * document.height) / place.height,
  }
}

/** The position on the canvas (CSS pixels) of a document position. */
export function toScreen(viewport: Viewport, look: Look, document: Size, at: Point): Point {
  const place = placement(viewport, look, document)
  return {
    x: (place.x + (at.x * place.width) / document.width) / viewport.ratio,
    y: (place.y + (at.y * place.height) / document.height) / viewport.ratio,
  }
}

/** The zoom and centre closest to those asked for that keep the picture findable. */
export function bounded(look: Look, document: Size): Look {
  const least = Math.min(1, SMALLEST_SIDE / Math.max(document.width, document.height))
  return {
    zoom: Math.min(ZOOM_LIMIT, Math.max(least, look.zoom)),
    center: {
      x: Math.min(document.width, Math.max(0, look.center.x)),
      y: Math.min(document.height, Math.max(0, look.center.y)),
    },
  }
}

/** Zooms while the document position under `at` (CSS pixels) stays where it is. */
export function zoomAbout(viewport: Size, look: Look, document: Size, zoom: number, at: Point): Look {
  const next = bounded({ ...look, zoom }, document).zoom
  const shift = 1 / look.zoom - 1 / next
  const center = {
    x: look.center.x + (at.x - viewport.width / 2) * shift,
    y: look.center.y + (at.y - viewport.height / 2) * shift,
  }
  return bounded({ zoom: next, center }, document)
}

/** Pans by CSS pixels: positive dx brings into view what lies to the right. */
export const panBy = (look: Look, document: Size, dx: number, dy: number): Look =>
  bounded({ zoom: look.zoom, center: { x: look.center.x + dx / look.zoom, y: look.center.y + dy / look.zoom } }, document)

/**
 * The whole picture, as large as it fits, with some room around it; never enlarged.
 * @param below room to leave under it for what floats there, in CSS pixels.
 */
export function fitted(viewport: Size, document: Size, below = 0): Look {
  const bottom = Math.max(FIT_MARGIN, below)
  const zoom = Math.min(
    1,
    Math.max(1, viewport.width - 2 * FIT_MARGIN) / document.width,
    Math.max(1, viewport.height - FIT_MARGIN - bottom) / document.height,
  )
  const look = bounded({ zoom, center: { x: document.width / 2, y: document.height / 2 } }, document)
  // As high as that room asks for, if there is no more of it than the picture needs.
  const spare = (viewport.height - document.height * look.zoom) / 2
  const lift = below > 0 ? Math.max(0, Math.min(spare, bottom - spare)) : 0
  return bounded({ zoom: look.zoom, center: { x: look.center.x, y: look.center.y + lift / look.zoom } }, document)
}

/** The next zoom in a direction, from the stops everybody knows. */
export function nextStop(zoom: number, direction: 'in' | 'out'): number {
  const tolerance = 1.001
  return direction === 'in'
    ? (STOPS.find((stop) => stop > zoom * tolerance) ?? ZOOM_LIMIT)
    : (STOPS.findLast((stop) => stop < zoom / tolerance) ?? zoom / 2)
}

/** Halvings of the document that are drawn at this zoom: the last that still has a pixel for each of the screen's. */
export function levelFor(viewport: Viewport, look: Look, document: Size): number {
  const scale = look.zoom * viewport.ratio
  if (scale >= 1) return 0
  const most = Math.floor(Math.log2(Math.min(document.width, document.height)))
  return Math.min(most, MOST_LEVELS, Math.floor(Math.log2(1 / scale) + 1e-6))
}

/** At this level one tile holds 32 768 pixels a side, the most a document can have. */
export const MOST_LEVELS = 7
