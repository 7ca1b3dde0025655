import sharp from 'sharp'
import type { TaskOf, TaskResultOf } from '../../main/engine/contract.ts'
import type { Blobs } from '../../main/store/blobs.ts'
import type { MethodCard } from '../../preload/contract/catalog.ts'
import { type Pixels, TILE } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import type { PlacedRegion } from '../../preload/contract/region.ts'
import { decodeTileIndex, encodeTileIndex, parseTileKey, tileKey } from '../../preload/contract/tile-index.ts'
import { filled } from './tiny-pixels.ts'

const paper = { title: 'Inverting', year: 2026, link: 'https://example.org' }
const words = (title: string) => ({ type: 'string', default: '', title, multiline: true })
const card = (id: string, title: string): MethodCard => ({
  id,
  role: 'imagination',
  title,
  summary: `${title}, with no model at all.`,
  paper,
  params: {
    type: 'object',
    properties: {
      prompt: words('Words'),
      source: words('As it is'),
      steps: { type: 'integer', default: 1, minimum: 1, maximum: 100, title: 'Steps' },
    },
  },
})

export const imaginationCards: readonly MethodCard[] = [
  card('generate', 'Generate'),
  card('fill', 'Fill'),
  card('exact-edit', 'Exact edit'),
  card('edit-objects', 'Edit objects'),
]

/** Words make a picture in one colour, which the seed and the letters decide; on a layer, colours are inverted within the regions. */
export function imagined(blobs: Blobs, task: TaskOf<'imagine'>): TaskResultOf<'imagine'> {
  const { pixels, width, height, params, seed, objects, model } = task
  const letters = [...String(params.prompt ?? ''), ...objects.map(({ becomes }) => becomes).join('')]
  const shade = letters.reduce((sum, letter) => sum + letter.charCodeAt(0), seed) % 256
  const made = pixels
    ? invertedWithin(blobs, pixels, seed, (x, y) => objects.length === 0 || objects.some(({ region }) => covers(region, x, y)))
    : filled(blobs, width, height, [shade, 255 - shade, seed % 256, 255])
  const layers = [{ label: 'result', visible: true, pixels: made, measures: { spread: 0.5 } }]
  return { type: 'imagine', layers, params, models: [{ id: model, sha256: 'ab'.repeat(32) }], provider: 'cpu', notes: ['Imagined.'] }
}

/** The mask of a region, and its picture. */
export async function regionShown(blobs: Blobs, task: TaskOf<'region'>): Promise<Omit<TaskResultOf<'region'>, 'type'>> {
  const { width, height, region } = task
  const flat = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) flat[y * width + x] = covers(region, x, y) ? 255 : 0
  const tiles = new Map<string, BlobId>()
  for (let row = 0; row * TILE < height; row++)
    for (let column = 0; column * TILE < width; column++) {
      const tile = new Uint8Array(TILE * TILE)
      for (let y = 0; y < Math.min(TILE, height - row * TILE); y++) {
        const from = (row * TILE + y) * width + column * TILE
        tile.set(flat.subarray(from, from + Math.min(TILE, width - column * TILE)), y * TILE)
      }
      tiles.set(tileKey(column, row), blobs.put(tile))
    }
  const index = blobs.put(encodeTileIndex({ format: 'r8', tiles }))
  const greyAlpha = Uint8Array.from({ length: 2 * flat.length }, (_, i) => (i % 2 === 0 ? 255 : flat[i >> 1]))
  const png = await sharp(greyAlpha, { raw: { width, height, channels: 2 } })
    .png()
    .toBuffer()
  return { mask: { pixels: { index, x: 0, y: 0 }, rest: 0, enabled: true }, blob: blobs.put(png) }
}

function invertedWithin(blobs: Blobs, pixels: Pixels, seed: number, isInside: (x: number, y: number) => boolean): Pixels {
  const tiles = [...decodeTileIndex(blobs.get(pixels.index)).tiles].map(([key, id]) => {
    const { column, row } = parseTileKey(key)
    const before = blobs.get(id)
    const bytes = before.map((value, i) => {
      if (i % 4 === 3 || before[i | 3] === 0) return value
      const [x, y] = [(i >> 2) % TILE, Math.floor((i >> 2) / TILE)]
      return isInside(pixels.x + column * TILE + x, pixels.y + row * TILE + y) ? (255 - value + seed) % 256 : value
    })
    return [key, blobs.put(bytes)] as const
  })
  return { ...pixels, index: blobs.put(encodeTileIndex({ format: 'rgba8', tiles: new Map(tiles) })) }
}

/** Ten pixels around a point for a thing; the box of a line; all of a layer. */
function covers(region: PlacedRegion, x: number, y: number): boolean {
  switch (region.from) {
    case 'rectangle':
      return x >= region.x && y >= region.y && x < region.x + region.width && y < region.y + region.height
    case 'polygon': {
      const [columns, rows] = [region.points.map((point) => point[0]), region.points.map((point) => point[1])]
      return x >= Math.min(...columns) && x < Math.max(...columns) && y >= Math.min(...rows) && y < Math.max(...rows)
    }
    case 'thing':
      return region.on.some(([px, py]) => Math.hypot(px - x, py - y) <= 10)
    case 'pixels':
      return true
    default:
      return region satisfies never
  }
}
