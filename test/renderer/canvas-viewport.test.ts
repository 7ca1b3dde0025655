import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bounded,
  fitted,
  type Look,
  levelFor,
  MOST_LEVELS,
  nextStop,
  placement,
  toDocument,
  toScreen,
  type Viewport,
  ZOOM_LIMIT,
  zoomAbout,
} from '../../renderer/canvas/viewport.ts'

const side = fc.integer({ min: 1, max: 32_768 })
const sizes = fc.record({ width: side, height: side })
const viewports = fc.record({
  width: fc.integer({ min: 50, max: 4000 }),
  height: fc.integer({ min: 50, max: 3000 }),
  ratio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
})
const share = fc.double({ min: 0, max: 1, noNaN: true })
/** A zoom and a centre that can be reached, and the document they belong to. */
const looks = fc.tuple(sizes, fc.double({ min: -6, max: 6, noNaN: true }), share, share).map(([size, power, x, y]) => ({
  size,
  look: bounded({ zoom: 2 ** power, center: { x: x * size.width, y: y * size.height } }, size),
}))

describe('viewport', () => {
  test('document and screen positions answer each other', () => {
    fc.assert(
      fc.property(viewports, looks, share, share, (viewport, { size, look }, x, y) => {
        const at = { x: x * size.width, y: y * size.height }
        const back = toDocument(viewport, look, size, toScreen(viewport, look, size, at))
        expect(Math.abs(back.x - at.x)).toBeLessThan(1e-6 * (1 + size.width))
        expect(Math.abs(back.y - at.y)).toBeLessThan(1e-6 * (1 + size.height))
      }),
    )
  })

  test('the picture lies on whole device pixels, its middle within one of where it belongs', () => {
    fc.assert(
      fc.property(viewports, looks, (viewport, { size, look }) => {
        const place = placement(viewport, look, size)
        expect(Object.values(place).every(Number.isInteger)).toBe(true)
        const middle = toScreen(viewport, look, size, look.center)
        // Half a pixel for where it begins, half a pixel for its length; a sliver is drawn one pixel thin, however much thinner it is.
        const most = (side: number) => 0.5 + Math.max(0.5, 1 - side * look.zoom * viewport.ratio) + 1e-6
        expect(Math.abs(middle.x - viewport.width / 2) * viewport.ratio).toBeLessThanOrEqual(most(size.width))
        expect(Math.abs(middle.y - viewport.height / 2) * viewport.ratio).toBeLessThanOrEqual(most(size.height))
      }),
    )
  })

  test('at 100 % a document pixel is a screen pixel', () => {
    const viewport: Viewport = { width: 801, height: 600, ratio: 1 }
    expect(placement(viewport, { zoom: 1, center: { x: 10.3, y: 20.7 } }, { width: 333, height: 222 })).toEqual({
      x: 390,
      y: 279,
      width: 333,
      height: 222,
    })
  })

  test('zooming keeps what lies under the pointer, unless the picture would leave', () => {
    fc.assert(
      fc.property(viewports, looks, fc.double({ min: -2, max: 2, noNaN: true }), share, share, (viewport, { size, look }, power, x, y) => {
        const at = { x: x * viewport.width, y: y * viewport.height }
        const next = zoomAbout(viewport, look, size, look.zoom * 2 ** power, at)
        const under = (of: Look) => of.center.x + (at.x - viewport.width / 2) / of.zoom
        const isHeld = next.center.x > 0 && next.center.x < size.width
        if (isHeld) expect(under(next)).toBeCloseTo(under(look), 3)
        expect(next.zoom).toBeLessThanOrEqual(ZOOM_LIMIT)
      }),
    )
  })

  test('what fits is seen whole and never enlarged', () => {
    fc.assert(
      fc.property(viewports, sizes, (viewport, size) => {
        const look = fitted(viewport, size)
        expect(look.zoom).toBeLessThanOrEqual(1)
        expect(look.center).toEqual({ x: size.width / 2, y: size.height / 2 })
      }),
    )
    expect(fitted({ width: 880, height: 680 }, { width: 4000, height: 3000 }).zoom).toBe(0.2)
  })

  test('what floats under a picture that fits has its room', () => {
    const size = { width: 3000, height: 3000 }
    const viewport = { width: 900, height: 700, ratio: 1 }
    const place = placement(viewport, fitted(viewport, size, 70), size)
    expect([place.y, viewport.height - place.y - place.height]).toEqual([40, 70])
    // A small picture has room enough in the middle.
    expect(fitted(viewport, { width: 100, height: 100 }, 70).center).toEqual({ x: 50, y: 50 })
  })

  test('a level has a pixel for each of the screen and less than two, as far as halving goes', () => {
    fc.assert(
      fc.property(viewports, looks, (viewport, { size, look }) => {
        const level = levelFor(viewport, look, size)
        const density = 1 / (look.zoom * viewport.ratio * 2 ** level)
        if (level > 0) expect(density).toBeGreaterThanOrEqual(1 - 1e-6)
        expect(level).toBeLessThanOrEqual(MOST_LEVELS)
        const isLast = level === MOST_LEVELS || Math.min(size.width, size.height) < 2 ** (level + 1)
        if (!isLast) expect(density).toBeLessThan(2)
      }),
    )
  })

  test('steps go to the stops everybody knows and come back', () => {
    expect([nextStop(1, 'in'), nextStop(1, 'out'), nextStop(0.9, 'in'), nextStop(0.9, 'out'), nextStop(64, 'in')]).toEqual([
      1.5,
      2 / 3,
      1,
      2 / 3,
      64,
    ])
  })
})
