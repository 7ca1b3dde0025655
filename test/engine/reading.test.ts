import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentOf, exported, furthest, HEIGHT, layerOf, picture, place, ramps, raw, WIDTH } from './photographs.ts'
import { faultOf, openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
})
afterAll(() => shop[Symbol.asyncDispose]())

test.each([
  ['PNG', () => picture().png().toBuffer(), 0],
  ['TIFF', () => picture().tiff({ compression: 'lzw' }).toBuffer(), 0],
  ['WebP', () => picture().webp({ lossless: true }).toBuffer(), 0],
  // Bounds: what these codecs themselves lose on smooth ramps at high quality; GIF has 256 colours for all.
  ['JPEG', () => picture().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), 4],
  ['AVIF', () => picture().avif({ quality: 95 }).toBuffer(), 6],
  ['GIF', () => picture().gif({ dither: 0 }).toBuffer(), 24],
])('%s', async (_, make, bound) => {
  const placed = await place(shop, await make())
  expect(placed).toMatchObject({ width: WIDTH, height: HEIGHT })
  const { bytes } = await exported(shop, documentOf([layerOf(placed.pixels)]))
  expect(furthest(await raw(bytes), ramps())).toBeLessThanOrEqual(bound)
})

test('SVG is drawn at its own size; what it refers to outside itself is not fetched', async () => {
  const secret = join(shop.folder, 'secret.png')
  writeFileSync(secret, await picture().png().toBuffer())
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="20" height="30" fill="#ff0000"/>
    <image href="file://${secret}" x="20" width="20" height="30"/></svg>`
  const placed = await place(shop, Buffer.from(svg))
  expect(placed).toMatchObject({ width: 40, height: 30 })
  const { bytes } = await exported(shop, documentOf([layerOf(placed.pixels)], { width: 40, height: 30 }))
  const pixels = await raw(bytes)
  expect([...pixels.subarray(0, 4)]).toEqual([255, 0, 0, 255])
  expect(pixels[4 * 30 + 3]).toBe(0)
})

test('a turned photograph stands upright, and its EXIF no longer says that it is turned', async () => {
  const turned = await picture()
    .jpeg({ quality: 100 })
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD0: { Artist: 'Ada' } })
    .toBuffer()
  const placed = await place(shop, turned)
  expect(placed).toMatchObject({ width: HEIGHT, height: WIDTH })
  const document = documentOf([layerOf(placed.pixels)], { width: HEIGHT, height: WIDTH, exif: placed.exif })
  const { bytes } = await exported(shop, document, 'jpeg')
  const metadata = await sharp(bytes).metadata()
  expect(metadata.orientation).toBe(1)
  expect(metadata.exif?.includes('Ada')).toBe(true)
  // The ramp from left to right now runs from top to bottom.
  const pixels = await raw(bytes)
  expect(pixels[0]).toBeLessThan(20)
  expect(pixels[4 * HEIGHT * (WIDTH - 1)]).toBeGreaterThan(235)
})

test('16 bits are rounded to 8, with a note; grey becomes equal channels', async () => {
  for (const [colorType, channels] of [
    [0, 1],
    [2, 3],
    [6, 4],
  ] as const) {
    const placed = await place(shop, deepPng(colorType, channels))
    expect(placed.notes).toEqual([expect.stringContaining('8 bits')])
    const { bytes } = await exported(shop, documentOf([layerOf(placed.pixels)], { width: 64, height: 8 }))
    const pixels = await raw(bytes)
    const value = (x: number, channel: number) => (channels === 1 ? 4 * x : channel === 0 ? 4 * x : channel === 1 ? 255 - 4 * x : 7)
    for (const x of [0, 13, 63]) expect([...pixels.subarray(4 * x, 4 * x + 3)]).toEqual([value(x, 0), value(x, 1), value(x, 2)])
  }
})

test('CMYK is converted, with a note', async () => {
  const placed = await place(
    shop,
    await picture().removeAlpha().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer(),
  )
  expect(placed.notes).toEqual([expect.stringContaining('CMYK')])
  expect(placed.profile).not.toBeNull()
  const { bytes, notes } = await exported(shop, documentOf([layerOf(placed.pixels)], { profile: placed.profile }), 'jpeg')
  expect(notes).toEqual([expect.stringContaining('sRGB')])
  expect((await sharp(bytes).metadata()).space).toBe('srgb')
})

test('the first of several frames is taken, with a note', async () => {
  const frames = await sharp([await picture().png().toBuffer(), await picture(ramps(true)).png().toBuffer()], {
    join: { animated: true },
  })
    .gif()
    .toBuffer()
  const placed = await place(shop, frames)
  expect(placed).toMatchObject({ width: WIDTH, height: HEIGHT, notes: [expect.stringContaining('2 frames')] })
})

test('what is not a sound picture is refused in words', async () => {
  const png = await picture().png().toBuffer()
  const jpeg = await picture().jpeg().toBuffer()
  const noise = createHash('sha512').update('noise').digest()
  const cases: [Uint8Array, string, string][] = [
    [new Uint8Array(), 'damaged', 'empty'],
    [Buffer.from('This is a letter, not a picture.'), 'unsupported', 'not a picture'],
    [Buffer.from('%PDF-1.7 and so on'), 'unsupported', 'not a picture'],
    [png.subarray(0, png.length / 2), 'damaged', ''],
    [png.subarray(0, 20), 'damaged', ''],
    [jpeg.subarray(0, jpeg.length / 2), 'damaged', ''],
    [Buffer.concat([png.subarray(0, 60), noise, png.subarray(60 + noise.length)]), 'damaged', ''],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40000" height="10"/>'), 'unsupported', 'too large'],
    [deepPng(0, 1, { width: 30_000, height: 30_000 }), 'unsupported', 'too large'],
  ]
  for (const [bytes, kind, words] of cases) {
    const fault = await faultOf(place(shop, bytes))
    expect(fault).toMatchObject({ kind, what: expect.stringContaining(words) })
  }
})

test('a path is named when it cannot be read', async () => {
  const gone = join(shop.folder, 'gone.png')
  expect(await faultOf(shop.run({ type: 'place', source: { path: gone } }))).toMatchObject({
    kind: 'missing',
    what: expect.stringContaining('gone.png'),
  })
  expect(await faultOf(shop.run({ type: 'place', source: { path: shop.folder } }))).toMatchObject({ kind: 'invalid' })
})

/** A PNG of 16 bits a channel whose high and low bytes are equal: rows of 4x, 255 - 4x, 7, 255. */
function deepPng(colorType: 0 | 2 | 6, channels: number, { width, height } = { width: 64, height: 8 }): Uint8Array {
  const rows: number[] = []
  for (let y = 0; y < Math.min(height, 8); y++) {
    rows.push(0)
    for (let x = 0; x < Math.min(width, 64); x++)
      for (const value of [4 * x, 255 - 4 * x, 7, 255].slice(0, channels)) rows.push(value, value)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([16, colorType], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.from(rows))), chunk('IEND', Buffer.alloc(0))])
}
function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  data.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length)
  return bytes
}
