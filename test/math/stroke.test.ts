import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TILE } from '../../main/math/dab.ts'
import type { Rect } from '../../main/math/rect.ts'
import { beginStroke, paintMaskTileInto, paintTileInto, type Stroke, type StrokeShape } from '../../main/math/stroke.ts'

const hard: StrokeShape = { size: 20, hardness: 1, opacity: 1, spacing: 0.1, pressureSize: false }
const page = { width: 600, height: 500 }

/** Coverage of a document pixel. */
function coverageAt(stroke: Stroke, x: number, y: number, origin = { x: 0, y: 0 }): number {
  const column = Math.floor((x - origin.x) / TILE)
  const row = Math.floor((y - origin.y) / TILE)
  const tile = stroke.coverage.get(`${column},${row}`)
  return tile ? tile[(y - origin.y - row * TILE) * TILE + (x - origin.x - column * TILE)] : 0
}

const shapes = fc.record({
  size: fc.double({ min: 1, max: 90, noNaN: true }),
  hardness: fc.double({ min: 0, max: 1, noNaN: true }),
  opacity: fc.constant(1),
  spacing: fc.double({ min: 0.05, max: 2, noNaN: true }),
  pressureSize: fc.boolean(),
})
const coordinate = fc.double({ min: -200, max: 800, noNaN: true })
const paths = fc.array(fc.tuple(coordinate, coordinate, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 12 })

describe('a stroke', () => {
  it('covers the area of its disc with one dab', () => {
    for (const hardness of [1, 0.8]) {
      const stroke = beginStroke({ ...hard, size: 41, hardness }, { x: 0, y: 0 }, page)
      stroke.extend([100.3, 90.8, 1])
      let area = 0
      for (const byte of stroke.coverage.get('0,0')!) area += byte / 255
      if (hardness === 1) expect(area).toBeCloseTo(Math.PI * 20.5 ** 2, -1)
      else expect(area).toBeLessThan(Math.PI * 20.5 ** 2)
      expect(coverageAt(stroke, 100, 90)).toBe(255)
      expect(coverageAt(stroke, 122, 90)).toBe(0)
    }
  })

  it('never lays a core outside its rim, whatever its softness', () => {
    const soft = beginStroke({ ...hard, size: 100, hardness: 0 }, { x: 0, y: 0 }, page)
    soft.extend([128.5, 128.5, 1])
    const profile = Array.from({ length: 52 }, (_, d) => coverageAt(soft, 128 + d, 128))
    expect(profile[0]).toBe(255)
    expect(profile[50]).toBe(0)
    expect(profile).toEqual([...profile].sort((a, b) => b - a))
  })

  it('is gapless between far points and straight on a straight line', () => {
    const stroke = beginStroke(hard, { x: 0, y: 0 }, page)
    for (const x of [20, 21, 300, 560]) stroke.extend([x + 0.5, 250.5, 1])
    for (let x = 20; x <= 555; x++) {
      expect(coverageAt(stroke, x, 250)).toBe(255)
      expect(coverageAt(stroke, x, 239)).toBe(0)
      expect(coverageAt(stroke, x, 262)).toBe(0)
    }
  })

  it('rounds a bend that the points only sketch', () => {
    const stroke = beginStroke({ ...hard, size: 4 }, { x: 0, y: 0 }, page)
    for (let k = 0; k <= 12; k++) stroke.extend([250 + 200 * Math.cos((k * Math.PI) / 6), 250 + 200 * Math.sin((k * Math.PI) / 6), 1])
    // Past the first chord, the path strays from the circle by a third of what the chords do (6.8 pixels).
    for (const [key, tile] of stroke.coverage) {
      const [column, row] = key.split(',').map(Number)
      for (let i = 0; i < tile.length; i++) {
        if (tile[i] === 0) continue
        const x = column * TILE + (i % TILE) - 250
        const y = row * TILE + Math.floor(i / TILE) - 250
        const angle = (Math.atan2(y, x) * 180) / Math.PI
        if (angle < 0 || angle > 31) expect(Math.abs(Math.hypot(x, y) - 200)).toBeLessThan(3 + 2.3)
      }
    }
  })

  it('turns a corner without overshooting', () => {
    const stroke = beginStroke({ ...hard, size: 4 }, { x: 0, y: 0 }, page)
    for (const point of [
      [50, 50, 1],
      [300, 50, 1],
      [50, 50.01, 1],
    ] as const)
      stroke.extend(point)
    expect(coverageAt(stroke, 304, 50)).toBe(0)
  })

  it('gives the same bytes whatever the grid’s origin, and lays nothing outside the document', () => {
    fc.assert(
      fc.property(shapes, paths, fc.integer({ min: -700, max: 700 }), fc.integer({ min: -700, max: 700 }), (shape, points, x, y) => {
        const plain = beginStroke(shape, { x: 0, y: 0 }, page)
        const moved = beginStroke(shape, { x, y }, page)
        for (const point of points) {
          const touched = plain.extend(point)
          expect(moved.extend(point)).toEqual(touched)
        }
        let total = 0
        for (const [key, tile] of moved.coverage) {
          const [column, row] = key.split(',').map(Number)
          for (let i = 0; i < tile.length; i++) {
            if (tile[i] === 0) continue
            const px = x + column * TILE + (i % TILE)
            const py = y + row * TILE + Math.floor(i / TILE)
            if (px < 0 || py < 0 || px >= page.width || py >= page.height) throw new Error('paint outside the document')
            if (coverageAt(plain, px, py) !== tile[i]) throw new Error('the grid changes the stroke')
            total++
          }
        }
        let there = 0
        for (const tile of plain.coverage.values()) for (const byte of tile) if (byte > 0) there++
        expect(total).toBe(there)
      }),
      { numRuns: 40 },
    )
  })

  it('touches only what it says it touched', () => {
    fc.assert(
      fc.property(shapes, paths, (shape, points) => {
        const stroke = beginStroke(shape, { x: 0, y: 0 }, page)
        const before = new Map<string, Uint8Array>()
        for (const point of points) {
          const touched: Rect | null = stroke.extend(point)
          for (const [key, tile] of stroke.coverage) {
            const old = before.get(key)
            const [column, row] = key.split(',').map(Number)
            for (let i = 0; i < tile.length; i++) {
              if (tile[i] === (old?.[i] ?? 0)) continue
              const x = column * TILE + (i % TILE)
              const y = row * TILE + Math.floor(i / TILE)
              const inside = touched && x >= touched.x && y >= touched.y && x < touched.x + touched.width && y < touched.y + touched.height
              if (!inside) throw new Error(`pixel ${x},${y} changed outside ${JSON.stringify(touched)}`)
            }
            before.set(key, tile.slice())
          }
        }
      }),
      { numRuns: 25 },
    )
  })

  it('lays nothing at no pressure and grows under a pen pressed harder on the spot', () => {
    const stroke = beginStroke({ ...hard, pressureSize: true }, { x: 0, y: 0 }, page)
    expect(stroke.extend([50, 50, 0])).toBeNull()
    expect(stroke.coverage.size).toBe(0)
    stroke.extend([50, 50, 0.5])
    expect(coverageAt(stroke, 50, 57)).toBe(0)
    stroke.extend([50, 50, 1])
    expect(coverageAt(stroke, 50, 57)).toBe(255)
  })

  it('lays nothing where the pointer rests', () => {
    const dotted = beginStroke({ ...hard, spacing: 2 }, { x: 0, y: 0 }, page)
    dotted.extend([50, 50, 1])
    expect(dotted.extend([60, 50, 1])).toBeNull()
    expect(dotted.extend([60, 50, 1])).toBeNull()
    expect(coverageAt(dotted, 65, 50)).toBe(0)
  })

  it('gives up quickly on points far outside', () => {
    const stroke = beginStroke({ ...hard, size: 1, spacing: 0.02 }, { x: 0, y: 0 }, page)
    for (let i = 0; i < 20_000; i++) stroke.extend([60_000, i % 2 ? -60_000 : 60_000, 1])
    expect(stroke.coverage.size).toBe(0)
  })
})

describe('painting a tile', () => {
  const bytes = (value: (i: number) => number, length: number) => Uint8Array.from({ length }, (_, i) => value(i))
  const base = bytes((i) => (i * 37 + 11) % 256, TILE * TILE * 4)
  const coverage = bytes((i) => (i % 3 === 0 ? 0 : (i * 7) % 256), TILE * TILE)

  it('keeps every byte of a pixel without coverage, even colours under no alpha', () => {
    const target = new Uint8Array(base.length)
    paintTileInto(target, base, coverage, [1, 2, 3], 1, false)
    for (let i = 0; i < coverage.length; i++)
      if (coverage[i] === 0) expect(target.subarray(4 * i, 4 * i + 4)).toEqual(base.subarray(4 * i, 4 * i + 4))
  })

  it('is source-over with straight alpha, to half a level', () => {
    const target = new Uint8Array(base.length)
    paintTileInto(target, base, coverage, [200, 100, 50], 0.6, false)
    for (let i = 1; i < 4000; i += 3) {
      const s = (coverage[i] / 255) * 0.6
      const ab = base[4 * i + 3] / 255
      const a = s + ab * (1 - s)
      if (a * 255 < 1) continue
      expect(Math.abs(target[4 * i + 3] - 255 * a)).toBeLessThanOrEqual(0.5001)
      for (const [c, paint] of [200, 100, 50].entries()) {
        const exact = (paint * s + base[4 * i + c] * ab * (1 - s)) / a
        expect(Math.abs(target[4 * i + c] - exact)).toBeLessThanOrEqual(0.5001)
      }
    }
  })

  it('covers wholly, erases wholly, and writes zeros where nothing is left', () => {
    const all = new Uint8Array(TILE * TILE).fill(255)
    const target = base.slice()
    paintTileInto(target, target, all, [9, 8, 7], 1, false)
    expect([...target.subarray(400, 404)]).toEqual([9, 8, 7, 255])
    paintTileInto(target, target, all, [9, 8, 7], 1, true)
    expect(target.every((byte) => byte === 0)).toBe(true)
    paintTileInto(target, null, all, [9, 8, 7], 0.5, true)
    expect(target.every((byte) => byte === 0)).toBe(true)
  })

  it('erases alpha and keeps the colour', () => {
    const target = new Uint8Array(base.length)
    const half = new Uint8Array(TILE * TILE).fill(128)
    const opaque = bytes((i) => (i % 4 === 3 ? 255 : 77), TILE * TILE * 4)
    paintTileInto(target, opaque, half, [0, 0, 0], 1, true)
    expect([...target.subarray(0, 4)]).toEqual([77, 77, 77, 127])
  })

  it('works on a region alone', () => {
    const whole = new Uint8Array(base.length)
    paintTileInto(whole, base, coverage, [5, 6, 7], 0.9, false)
    const part = base.slice()
    const region = { x: 10, y: 20, width: 30, height: 5 }
    paintTileInto(part, base, coverage, [5, 6, 7], 0.9, false, region)
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < 60; x++) {
        const inside = x >= 10 && x < 40 && y >= 20 && y < 25
        const o = 4 * (y * TILE + x)
        expect(part.subarray(o, o + 4)).toEqual((inside ? whole : base).subarray(o, o + 4))
      }
  })

  it('reveals and hides on a mask, from its rest', () => {
    const target = new Uint8Array(TILE * TILE)
    const half = new Uint8Array(TILE * TILE).fill(51)
    paintMaskTileInto(target, null, 255, half, 1, true)
    expect(target[0]).toBe(204)
    paintMaskTileInto(target, target, 255, half, 0.5, false)
    expect(target[0]).toBe(209)
    paintMaskTileInto(target, null, 0, new Uint8Array(TILE * TILE), 1, false)
    expect(target.every((byte) => byte === 0)).toBe(true)
  })
})
