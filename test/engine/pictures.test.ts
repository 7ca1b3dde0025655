import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExportFormat } from '../../preload/contract/command.ts'
import type { Document, Layer, Pixels } from '../../preload/contract/document.ts'
import type { BlobId, LayerId } from '../../preload/contract/ids.ts'
import { encodeTileIndex } from '../../preload/contract/tile-index.ts'
import { faultOf, openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const WIDTH = 300
const HEIGHT = 270
/** Smooth ramps, so that lossy formats stay close; opaque, or fading out to the right. */
function ramps(fading = false): Uint8Array {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      rgba.set([(x * 255) / WIDTH, (y * 255) / HEIGHT, 128, fading ? 255 - (x * 255) / WIDTH : 255], 4 * (y * WIDTH + x))
  return rgba
}
const picture = (rgba = ramps()) => sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
const place = (bytes: Uint8Array) => shop.run({ type: 'place', source: { blob: shop.blobs.put(bytes) } })

const layerOf = (pixels: Pixels, change: Partial<Layer> = {}): Layer => ({
  id: 'photo' as LayerId,
  kind: 'raster',
  name: 'Photo',
  visible: true,
  locked: false,
  opacity: 1,
  blend: 'normal',
  pixels,
  mask: null,
  recipe: null,
  ...change,
})
const documentOf = (layers: Layer[], change: Partial<Document> = {}): Document => ({
  width: WIDTH,
  height: HEIGHT,
  layers,
  profile: null,
  exif: null,
  ...change,
})
async function exported(document: Document, format: ExportFormat = 'png', quality = 90) {
  const { file, notes } = await shop.run({ type: 'export', document, layer: null, format, quality, path: null })
  return { bytes: shop.blobs.get(file.blob as BlobId), file, notes }
}
const raw = (bytes: Uint8Array) => sharp(bytes).ensureAlpha().raw().toBuffer()
function furthest(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}

describe('reading', () => {
  test.each([
    ['PNG', () => picture().png().toBuffer(), 0],
    ['TIFF', () => picture().tiff({ compression: 'lzw' }).toBuffer(), 0],
    ['WebP', () => picture().webp({ lossless: true }).toBuffer(), 0],
    // Bounds: what these codecs themselves lose on smooth ramps at high quality; GIF has 256 colours for all.
    ['JPEG', () => picture().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), 4],
    ['AVIF', () => picture().avif({ quality: 95 }).toBuffer(), 6],
    ['GIF', () => picture().gif({ dither: 0 }).toBuffer(), 24],
  ])('%s', async (_, make, bound) => {
    const placed = await place(await make())
    expect(placed).toMatchObject({ width: WIDTH, height: HEIGHT })
    const { bytes } = await exported(documentOf([layerOf(placed.pixels)]))
    expect(furthest(await raw(bytes), ramps())).toBeLessThanOrEqual(bound)
  })

  test('SVG is drawn at its own size; what it refers to outside itself is not fetched', async () => {
    const secret = join(shop.folder, 'secret.png')
    writeFileSync(secret, await picture().png().toBuffer())
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="20" height="30" fill="#ff0000"/>
      <image href="file://${secret}" x="20" width="20" height="30"/></svg>`
    const placed = await place(Buffer.from(svg))
    expect(placed).toMatchObject({ width: 40, height: 30 })
    const { bytes } = await exported(documentOf([layerOf(placed.pixels)], { width: 40, height: 30 }))
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
    const placed = await place(turned)
    expect(placed).toMatchObject({ width: HEIGHT, height: WIDTH })
    const document = documentOf([layerOf(placed.pixels)], { width: HEIGHT, height: WIDTH, exif: placed.exif })
    const { bytes } = await exported(document, 'jpeg')
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
      const placed = await place(deepPng(colorType, channels))
      expect(placed.notes).toEqual([expect.stringContaining('8 bits')])
      const { bytes } = await exported(documentOf([layerOf(placed.pixels)], { width: 64, height: 8 }))
      const pixels = await raw(bytes)
      const value = (x: number, channel: number) => (channels === 1 ? 4 * x : channel === 0 ? 4 * x : channel === 1 ? 255 - 4 * x : 7)
      for (const x of [0, 13, 63]) expect([...pixels.subarray(4 * x, 4 * x + 3)]).toEqual([value(x, 0), value(x, 1), value(x, 2)])
    }
  })

  test('CMYK is converted, with a note', async () => {
    const placed = await place(await picture().removeAlpha().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer())
    expect(placed.notes).toEqual([expect.stringContaining('CMYK')])
    expect(placed.profile).not.toBeNull()
    const { bytes, notes } = await exported(documentOf([layerOf(placed.pixels)], { profile: placed.profile }), 'jpeg')
    expect(notes).toEqual([expect.stringContaining('sRGB')])
    expect((await sharp(bytes).metadata()).space).toBe('srgb')
  })

  test('the first of several frames is taken, with a note', async () => {
    const frames = await sharp([await picture().png().toBuffer(), await picture(ramps(true)).png().toBuffer()], {
      join: { animated: true },
    })
      .gif()
      .toBuffer()
    const placed = await place(frames)
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
      const fault = await faultOf(place(bytes))
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
})

describe('writing', () => {
  test('a lossless round trip keeps every byte, transparency too', async () => {
    const placed = await place(await picture(ramps(true)).png().toBuffer())
    for (const [format, quality] of [
      ['png', 90],
      ['tiff', 90],
      ['webp', 100],
    ] as const) {
      const { bytes } = await exported(documentOf([layerOf(placed.pixels)]), format, quality)
      expect(furthest(visible(await raw(bytes)), visible(ramps(true)))).toBe(0)
    }
  })

  test('JPEG lays transparency on white, with a note', async () => {
    const placed = await place(await picture(ramps(true)).png().toBuffer())
    const { bytes, notes } = await exported(documentOf([layerOf(placed.pixels)]), 'jpeg', 100)
    expect(notes).toEqual([expect.stringContaining('white')])
    const pixels = await raw(bytes)
    expect(Math.min(...pixels.subarray(4 * (WIDTH - 1), 4 * WIDTH))).toBeGreaterThan(245)
  })

  test.each(['png', 'jpeg', 'webp', 'avif', 'tiff'] as const)('%s is tagged sRGB and keeps EXIF where it can', async (format) => {
    const placed = await place(
      await picture()
        .jpeg({ quality: 100 })
        .withExif({ IFD0: { Copyright: 'Ada 1843' } })
        .toBuffer(),
    )
    const { bytes, file, notes } = await exported(documentOf([layerOf(placed.pixels)], { exif: placed.exif }), format)
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
    const placed = await place(original)
    expect(placed.notes).toEqual([expect.stringContaining('P3')])
    const { bytes } = await exported(documentOf([layerOf(placed.pixels)], { profile: placed.profile }), 'png')
    const [before, after] = [await sharp(original).metadata(), await sharp(bytes).metadata()]
    expect(after.icc?.equals(before.icc as Buffer)).toBe(true)
    const untouched = (file: Uint8Array) => sharp(file, { ignoreIcc: true }).ensureAlpha().raw().toBuffer()
    expect(furthest(await untouched(bytes), await untouched(original))).toBeLessThanOrEqual(2)
  })

  test('a picture tagged sRGB needs no profile of its own', async () => {
    const placed = await place(await picture().withIccProfile('srgb').png().toBuffer())
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
    const first = async (layers: Layer[]) => [...(await raw((await exported(documentOf(layers, size))).bytes)).subarray(0, 4)]
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
})

test('a thumbnail is a PNG with the long side asked for, and looks like the picture', async () => {
  const placed = await place(await picture().png().toBuffer())
  const { blob } = await shop.run({ type: 'thumbnail', document: documentOf([layerOf(placed.pixels)]), side: 96 })
  const { data, info } = await sharp(shop.blobs.get(blob)).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  expect(info).toMatchObject({ width: 96, height: 86 })
  const small = await picture().resize(96, 86, { fit: 'fill' }).raw().toBuffer()
  // Tiles are averaged first and resized then: on a ramp that is a shift of less than half a small pixel, 2.7 levels wide.
  expect(furthest(data, small)).toBeLessThanOrEqual(4)
})

/** Colours of pixels that show; where alpha is 0 a format may keep any. */
const visible = (rgba: Uint8Array) => Uint8Array.from(rgba, (value, i) => (rgba[4 * (i >> 2) + 3] === 0 ? 0 : value))

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
