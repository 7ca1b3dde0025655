import sharp from 'sharp'
import type { ExportFormat } from '../../preload/contract/command.ts'
import type { Document, Layer, Pixels } from '../../preload/contract/document.ts'
import type { BlobId, LayerId } from '../../preload/contract/ids.ts'
import type { Workshop } from './workshop.ts'

export const WIDTH = 300
export const HEIGHT = 270

/** Smooth ramps, so that lossy formats stay close; opaque, or fading out to the right. */
export function ramps(fading = false): Uint8Array {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      rgba.set([(x * 255) / WIDTH, (y * 255) / HEIGHT, 128, fading ? 255 - (x * 255) / WIDTH : 255], 4 * (y * WIDTH + x))
  return rgba
}

/** Ready to be written as a file. */
export const picture = (rgba = ramps()) => sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })

/** Straight-alpha RGBA bytes of a file. */
export const raw = (bytes: Uint8Array) => sharp(bytes).ensureAlpha().raw().toBuffer()

export const place = (shop: Workshop, bytes: Uint8Array) => shop.run({ type: 'place', source: { blob: shop.blobs.put(bytes) } })

export const layerOf = (pixels: Pixels, change: Partial<Layer> = {}): Layer => ({
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

export const documentOf = (layers: Layer[], change: Partial<Document> = {}): Document => ({
  width: WIDTH,
  height: HEIGHT,
  layers,
  profile: null,
  exif: null,
  ...change,
})

/** A document written as a file and fetched. */
export async function exported(shop: Workshop, document: Document, format: ExportFormat = 'png', quality = 90) {
  const { file, notes } = await shop.run({ type: 'export', document, layer: null, format, quality, path: null })
  return { bytes: shop.blobs.get(file.blob as BlobId), file, notes }
}

/** Largest difference between two pictures, in levels. @throws RangeError when they differ in size. */
export function furthest(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} bytes are not ${b.length}.`)
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}
