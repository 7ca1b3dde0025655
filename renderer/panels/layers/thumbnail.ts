import type { Rect } from '../../../main/math/rect.ts'
import { type Pixels, TILE } from '../../../preload/contract/document.ts'
import type { BlobId, ProjectId } from '../../../preload/contract/ids.ts'
import { decodeTileIndex, parseTileKey } from '../../../preload/contract/tile-index.ts'
import { blobUrl } from '../../studio/client.ts'

/** Side of a tile's miniature: enough for a thumbnail of a picture a few tiles wide. */
const MINIATURE = 64
/** Miniatures kept; one is 16 KB. */
const MOST_KEPT = 4096
/** Fetches at once; the canvas needs the other connections more. */
const AT_ONCE = 2

const miniatures = new Map<BlobId, Promise<ImageBitmap>>()
const waiting: (() => void)[] = []
let working = 0

async function oneOfFew<T>(work: () => Promise<T>): Promise<T> {
  if (working >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  working++
  try {
    return await work()
  } finally {
    working--
    waiting.shift()?.()
  }
}

const bytesOf = (project: ProjectId, blob: BlobId): Promise<Uint8Array<ArrayBuffer>> =>
  oneOfFew(async () => {
    const response = await fetch(blobUrl(project, blob), { priority: 'low' })
    if (!response.ok) throw new Error(`The studio answered ${response.status}.`)
    return new Uint8Array(await response.arrayBuffer())
  })

async function shrunk(project: ProjectId, blob: BlobId): Promise<ImageBitmap> {
  const bytes = await bytesOf(project, blob)
  const image = new ImageData(TILE, TILE)
  if (bytes.length === image.data.length) image.data.set(bytes)
  else for (let i = 0; i < TILE * TILE; i++) image.data.fill(bytes[i] ?? 0, 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4)
  return createImageBitmap(image, { resizeWidth: MINIATURE, resizeHeight: MINIATURE, resizeQuality: 'medium' })
}

function miniature(project: ProjectId, blob: BlobId): Promise<ImageBitmap> {
  let made = miniatures.get(blob)
  if (!made) {
    made = shrunk(project, blob)
    made.catch(() => miniatures.delete(blob))
    miniatures.set(blob, made)
    const oldest = miniatures.keys().next().value
    if (miniatures.size > MOST_KEPT && oldest) miniatures.delete(oldest)
  }
  return made
}

export interface ThumbnailRequest {
  readonly project: ProjectId
  readonly pixels: Pixels
  /** Of the document, in pixels: the thumbnail shows all of it. */
  readonly width: number
  readonly height: number
  /** The part of it that is shown; the whole where it is left out. */
  readonly frame?: Rect | undefined
  /** Grey level where a mask has no tile; null for a layer, which is transparent there. */
  readonly rest: number | null
}

/** Draws a small picture of some pixels as they lie in the document, filling the canvas. */
export async function drawThumbnail(canvas: HTMLCanvasElement, request: ThumbnailRequest, signal: AbortSignal): Promise<void> {
  const { project, pixels, width, height, rest } = request
  const frame = request.frame ?? { x: 0, y: 0, width, height }
  const { tiles } = decodeTileIndex(await bytesOf(project, pixels.index))
  const scale = { x: canvas.width / frame.width, y: canvas.height / frame.height }
  const drawn = await Promise.all(
    [...tiles]
      .map(([key, blob]) => ({ ...parseTileKey(key), blob }))
      .map(({ column, row, blob }) => ({ x: pixels.x + column * TILE - frame.x, y: pixels.y + row * TILE - frame.y, blob }))
      .filter(({ x, y }) => x < frame.width && y < frame.height && x + TILE > 0 && y + TILE > 0)
      .map(async ({ x, y, blob }) => ({ x, y, bitmap: await miniature(project, blob) })),
  )
  const context = canvas.getContext('2d')
  if (!context || signal.aborted) return
  context.clearRect(0, 0, canvas.width, canvas.height)
  if (rest !== null) {
    context.fillStyle = `rgb(${rest} ${rest} ${rest})`
    context.fillRect(0, 0, canvas.width, canvas.height)
  }
  // Edges are rounded to whole pixels, so that neighbours meet without a seam.
  for (const { x, y, bitmap } of drawn) {
    const left = Math.round(x * scale.x)
    const top = Math.round(y * scale.y)
    context.drawImage(bitmap, left, top, Math.round((x + TILE) * scale.x) - left, Math.round((y + TILE) * scale.y) - top)
  }
}
