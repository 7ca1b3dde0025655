import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginStroke, paintMaskTileInto, paintTileInto } from '../../main/math/stroke.ts'
import type { Pixels } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { decodeTileIndex, encodeTileIndex } from '../../preload/contract/tile-index.ts'
import { faultOf, openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const SIZE = { width: 700, height: 400 }
const BRUSH = {
  size: 80,
  hardness: 0.3,
  opacity: 0.7,
  spacing: 0.1,
  color: [10, 200, 90] as [number, number, number],
  erase: false,
  pressureSize: true,
}
/** From the first tile into the second, in the upper row of tiles. */
const POINTS: [number, number, number][] = [
  [100, 100, 0.4],
  [180, 130, 1],
  [320, 90, 0.8],
]
const tilesOf = (pixels: Pixels) => decodeTileIndex(shop.blobs.get(pixels.index)).tiles
const tile = (id: BlobId | undefined) => (id === undefined ? null : shop.blobs.get(id))

test('a filled rectangle is opaque in its colour and empty beyond its edges', async () => {
  const { pixels } = await shop.run({ type: 'fill', ...SIZE, color: [200, 30, 40] })
  const tiles = tilesOf(pixels)
  expect([...tiles.keys()]).toEqual(['0,0', '1,0', '2,0', '0,1', '1,1', '2,1'])
  const corner = shop.blobs.get(tiles.get('2,1') as BlobId)
  const last = 4 * ((SIZE.height - 256 - 1) * 256 + SIZE.width - 512 - 1)
  expect([...corner.subarray(last, last + 8)]).toEqual([200, 30, 40, 255, 0, 0, 0, 0])
  expect([...corner.subarray(last + 4 * 256, last + 4 * 256 + 4)]).toEqual([0, 0, 0, 0])
})

test('what the engine paints is what the page paints, byte for byte, and untouched tiles keep their names', async () => {
  const { pixels: filled } = await shop.run({ type: 'fill', ...SIZE, color: [200, 30, 40] })
  const { pixels } = await shop.run({ type: 'paint', pixels: filled, ...SIZE, brush: BRUSH, points: POINTS })
  const stroke = beginStroke(BRUSH, { x: 0, y: 0 }, SIZE)
  for (const point of POINTS) stroke.extend(point)
  expect([...stroke.coverage.keys()].sort()).toEqual(['0,0', '1,0'])
  const before = tilesOf(filled)
  const after = tilesOf(pixels)
  for (const [key, id] of after) {
    const coverage = stroke.coverage.get(key)
    if (!coverage) {
      expect(id).toBe(before.get(key))
      continue
    }
    const painted = new Uint8Array(256 * 256 * 4)
    paintTileInto(painted, tile(before.get(key)), coverage, BRUSH.color, BRUSH.opacity, false)
    expect(Buffer.compare(shop.blobs.get(id), painted)).toBe(0)
  }
})

test('erasing everything of a layer leaves no tile behind', async () => {
  const { pixels } = await shop.run({ type: 'paint', pixels: null, ...SIZE, brush: BRUSH, points: POINTS })
  expect(tilesOf(pixels).size).toBe(2)
  const eraser = { ...BRUSH, erase: true, size: 1000, hardness: 1, opacity: 1 }
  const erased = await shop.run({ type: 'paint', pixels, ...SIZE, brush: eraser, points: [[200, 100, 1]] })
  expect(tilesOf(erased.pixels).size).toBe(0)
})

test('a moved layer is painted where the pointer was, also to the left of its first tile, and never outside the document', async () => {
  const { pixels } = await shop.run({ type: 'fill', width: 100, height: 100, color: [0, 0, 0] })
  const moved = { ...pixels, x: 300, y: 50 }
  const brush = { ...BRUSH, size: 20, hardness: 1, opacity: 1 }
  const { pixels: painted } = await shop.run({
    type: 'paint',
    pixels: moved,
    ...SIZE,
    brush,
    points: [
      [5, 60, 1],
      [45, 60, 1],
    ],
  })
  expect(painted).toMatchObject({ x: 300, y: 50 })
  const left = shop.blobs.get(tilesOf(painted).get('-2,0') as BlobId)
  // Tile (-2, 0) begins at column 300 - 512 = -212; the stroke's middle row is 60 - 50 = 10 within it.
  const row = Array.from(left.subarray(4 * 10 * 256, 4 * 11 * 256)).filter((_, i) => i % 4 === 3)
  expect(row.slice(0, 212).every((alpha) => alpha === 0)).toBe(true)
  expect(row.slice(213, 256).every((alpha) => alpha === 255)).toBe(true)
})

test('painting on a mask reveals, erasing hides, and what equals its rest is not stored', async () => {
  const empty: Pixels = { index: shop.blobs.put(encodeTileIndex({ format: 'r8', tiles: new Map() })), x: 0, y: 0 }
  const mask = { pixels: empty, rest: 255 as const, enabled: true }
  const hide = { ...BRUSH, erase: true }
  const { pixels: hidden } = await shop.run({ type: 'paint-mask', mask, ...SIZE, brush: hide, points: POINTS })
  const stroke = beginStroke(hide, { x: 0, y: 0 }, SIZE)
  for (const point of POINTS) stroke.extend(point)
  for (const [key, id] of tilesOf(hidden)) {
    const painted = new Uint8Array(256 * 256)
    paintMaskTileInto(painted, null, 255, stroke.coverage.get(key) as Uint8Array, hide.opacity, true)
    expect(Buffer.compare(shop.blobs.get(id), painted)).toBe(0)
  }
  const reveal = { ...BRUSH, size: 1000, hardness: 1, opacity: 1 }
  const shown = await shop.run({ type: 'paint-mask', mask: { ...mask, pixels: hidden }, ...SIZE, brush: reveal, points: [[200, 100, 1]] })
  expect(tilesOf(shown.pixels).size).toBe(0)
})

test('an index of masks is not taken for colours, and a blob that is not there is told', async () => {
  const index = shop.blobs.put(encodeTileIndex({ format: 'r8', tiles: new Map() }))
  const stroke = { type: 'paint' as const, ...SIZE, brush: BRUSH, points: POINTS }
  expect(await faultOf(shop.run({ ...stroke, pixels: { index, x: 0, y: 0 } }))).toMatchObject({ kind: 'damaged' })
  const nowhere = 'f'.repeat(64) as BlobId
  expect(await faultOf(shop.run({ ...stroke, pixels: { index: nowhere, x: 0, y: 0 } }))).toMatchObject({ kind: 'missing' })
  const short = shop.blobs.put(encodeTileIndex({ format: 'rgba8', tiles: new Map([['0,0', shop.blobs.put(new Uint8Array(7))]]) }))
  expect(await faultOf(shop.run({ ...stroke, pixels: { index: short, x: 0, y: 0 } }))).toMatchObject({ kind: 'damaged' })
})
