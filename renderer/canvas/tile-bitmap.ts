import { type PixelFormat, TILE } from '../../preload/contract/document.ts'

/** A canvas to draw on and never to read from. */
export function board(width: number, height: number): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser gives no 2D canvas.')
  return { canvas, context }
}

const scratch = () => (shared ??= board(TILE, TILE))
let shared: ReturnType<typeof board> | undefined

/** A tile's bytes as the canvas wants them. A mask's value becomes alpha. */
export function tileImage(bytes: Uint8Array | Uint8ClampedArray, format: PixelFormat, into = new ImageData(TILE, TILE)): ImageData {
  if (format === 'rgba8') into.data.set(bytes)
  else for (let i = 0; i < TILE * TILE; i++) into.data[4 * i + 3] = bytes[i] ?? 0
  return into
}

/** A tile's bytes, ready to be drawn. */
export function tileBitmap(bytes: Uint8Array, format: PixelFormat): ImageBitmap {
  const { canvas, context } = scratch()
  context.putImageData(tileImage(bytes, format), 0, 0)
  return canvas.transferToImageBitmap()
}

type Quadrants = readonly [CanvasImageSource | null, CanvasImageSource | null, CanvasImageSource | null, CanvasImageSource | null]

/**
 * Four tiles, row by row, halved into one: each pixel is the mean of four.
 * @param rest alpha, 0..1, where there is no tile.
 */
export function halved(quadrants: Quadrants, rest: number): ImageBitmap {
  const { canvas, context } = scratch()
  const half = TILE / 2
  context.imageSmoothingEnabled = true
  context.imageSmoothingQuality = 'low'
  quadrants.forEach((tile, i) => {
    const x = (i % 2) * half
    const y = Math.floor(i / 2) * half
    if (tile) context.drawImage(tile, x, y, half, half)
    else if (rest > 0) {
      context.fillStyle = `rgb(0 0 0 / ${rest})`
      context.fillRect(x, y, half, half)
    }
  })
  return canvas.transferToImageBitmap()
}
