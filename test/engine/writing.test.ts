import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Layer } from '../../preload/contract/document.ts'
import type { BlobId, LayerId } from '../../preload/contract/ids.ts'
import { encodeTileIndex } from '../../preload/contract/tile-index.ts'
import { documentOf, exported, furthest, HEIGHT, layerOf, picture, place, ramps, raw, WIDTH } from './photographs.ts'
import { faultOf, openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
})
afterAll(() => shop[Symbol.asyncDispose]())

test('a lossless round trip keeps every byte, transparency too', async () => {
  const placed = await place(shop, await picture(ramps(true)).png().toBuffer())
  for (const [format, quality] of [
    ['png', 90],
    ['tiff', 90],
    ['webp', 100],
  ] as const) {
    const { bytes } = await exported(shop, documentOf([layerOf(placed.pixels)]), format, quality)
    expect(furthest(visible(await raw(bytes)), visible(ramps(true)))).toBe(0)
  }
})

test('JPEG lays transparency on white, with a note', async () => {
  const placed = await place(shop, await picture(ramps(true)).png().toBuffer())
  const { bytes, notes } = await exported(shop, documentOf([layerOf(placed.pixels)]), 'jpeg', 100)
  expect(notes).toEqual([expect.stringContaining('white')])
  const pixels = await raw(bytes)
  expect(Math.min(...pixels.subarray(4 * (WIDTH - 1), 4 * WIDTH))).toBeGreaterThan(245)
})

test.each(['png', 'jpeg', 'webp', 'avif', 'tiff'] as const)('%s is tagged sRGB and keeps EXIF where it can', async (format) => {
  const placed = await place(
    shop,
    await picture()
      .jpeg({ quality: 100 })
      .withExif({ IFD0: { Copyright: 'Ada 1843' } })
      .toBuffer(),
  )
  const { bytes, file, notes } = await exported(shop, documentOf([layerOf(placed.pixels)], { exif: placed.exif }), format)
  expect(file).toMatchObject({ type: `image/${format}`, bytes: bytes.length })
  const metadata = await sharp(bytes).metadata()
  expect(metadata).toMatchObject({ width: WIDTH, height: HEIGHT, hasProfile: true })
  if (format === 'tiff') expect(notes).toEqual([expect.stringContaining('EXIF')])
  else expect(metadata.exif?.includes('Ada 1843')).toBe(true)
})

test('a Display P3 picture stays one: its profile to the byte, its colours within two levels', async () => {
  // Colours inside sRGB, so that nothing is cut off; two levels are what two conversions in 8 bits may round away.
  const soft = ramps().map((value, i) => (i % 4 === 3 ? 255 : 80 + value / 4))
  const original = await picture(soft).removeAlpha().withIccProfile('p3').jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
  const placed = await place(shop, original)
  expect(placed.notes).toEqual([expect.stringContaining('P3')])
  const { bytes } = await exported(shop, documentOf([layerOf(placed.pixels)], { profile: placed.profile }), 'png')
  const [before, after] = [await sharp(original).metadata(), await sharp(bytes).metadata()]
  expect(after.icc?.equals(before.icc as Buffer)).toBe(true)
  const untouched = (file: Uint8Array) => sharp(file, { ignoreIcc: true }).ensureAlpha().raw().toBuffer()
  expect(furthest(await untouched(bytes), await untouched(original))).toBeLessThanOrEqual(2)
})

test('a picture tagged sRGB needs no profile of its own', async () => {
  const placed = await place(shop, await picture().withIccProfile('srgb').png().toBuffer())
  expect(placed).toMatchObject({ profile: null, notes: [] })
})

test('layers, blend, opacity and masks are in the file; one layer can be written alone', async () => {
  const fill = (color: [number, number, number]) => shop.run({ type: 'fill', width: 100, height: 100, color })
  const [red, grey] = [await fill([200, 100, 50]), await fill([128, 128, 128])]
  const hidden = {
    pixels: { index: shop.blobs.put(encodeTileIndex({ format: 'r8', tiles: new Map() })), x: 0, y: 0 },
    rest: 0 as const,
    enabled: true,
  }
  const upper = layerOf(grey.pixels, { id: 'upper' as LayerId, blend: 'multiply', opacity: 0.5 })
  const size = { width: 100, height: 100 }
  const first = async (layers: Layer[]) => [...(await raw((await exported(shop, documentOf(layers, size))).bytes)).subarray(0, 4)]
  // Half of the way from c to c · 128/255.
  expect(await first([layerOf(red.pixels), upper])).toEqual([150, 75, 38, 255])
  expect(await first([layerOf(red.pixels), { ...upper, mask: hidden }])).toEqual([200, 100, 50, 255])
  expect(await first([layerOf(red.pixels), { ...upper, mask: { ...hidden, enabled: false } }])).toEqual([150, 75, 38, 255])
  expect(await first([layerOf(red.pixels), { ...upper, visible: false }])).toEqual([200, 100, 50, 255])
  const alone = {
    type: 'export' as const,
    document: documentOf([layerOf(red.pixels), upper], size),
    format: 'png' as const,
    quality: 90,
    path: null,
  }
  const { file } = await shop.run({ ...alone, layer: 'upper' as LayerId })
  expect([...(await raw(shop.blobs.get(file.blob as BlobId))).subarray(0, 4)]).toEqual([128, 128, 128, 128])
  expect(await faultOf(shop.run({ ...alone, layer: 'nobody' as LayerId }))).toMatchObject({ kind: 'missing' })
})

test('a file is written whole or not at all', async () => {
  const { pixels } = await shop.run({ type: 'fill', width: 100, height: 100, color: [1, 2, 3] })
  const folder = join(shop.folder, 'out')
  mkdirSync(join(folder, 'taken.png'), { recursive: true })
  writeFileSync(join(folder, 'old.png'), 'old')
  const write = (path: string) =>
    shop.run({ type: 'export', document: documentOf([layerOf(pixels)]), layer: null, format: 'png', quality: 90, path })
  const { file } = await write(join(folder, 'old.png'))
  expect(file).toMatchObject({ blob: null, bytes: readFileSync(join(folder, 'old.png')).length })
  expect(await faultOf(write(join(folder, 'taken.png')))).toMatchObject({ kind: 'invalid' })
  expect(await faultOf(write(join(folder, 'nowhere', 'a.png')))).toMatchObject({ kind: 'missing' })
  expect(await faultOf(write(join(folder, 'old.png', 'a.png')))).toMatchObject({ kind: 'missing' })
  expect(readdirSync(folder).sort()).toEqual(['old.png', 'taken.png'])
})

test('a thumbnail is a PNG with the long side asked for, and looks like the picture', async () => {
  const placed = await place(shop, await picture().png().toBuffer())
  const { blob } = await shop.run({ type: 'thumbnail', document: documentOf([layerOf(placed.pixels)]), side: 96 })
  const { data, info } = await sharp(shop.blobs.get(blob)).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  expect(info).toMatchObject({ width: 96, height: 86 })
  const small = await picture().resize(96, 86, { fit: 'fill' }).raw().toBuffer()
  // Tiles are averaged first and resized then: on a ramp that is a shift of less than half a small pixel, 2.7 levels wide.
  expect(furthest(data, small)).toBeLessThanOrEqual(4)
})

/** Colours of pixels that show; where alpha is 0 a format may keep any. */
const visible = (rgba: Uint8Array) => Uint8Array.from(rgba, (value, i) => (rgba[4 * (i >> 2) + 3] === 0 ? 0 : value))
