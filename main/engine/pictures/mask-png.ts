import { constants, crc32, createDeflate } from 'node:zlib'
import type { Rect } from '../../math/rect.ts'
import { breathe } from '../breathe.ts'

/** How much each pixel of a rectangle of a picture is covered, 0..255, row by row; nothing is outside it. */
export interface MaskPart {
  readonly rect: Rect
  readonly mask: Uint8Array
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Bytes of rows that are packed at a time. */
const BAND = 2 ** 20

/**
 * A mask as a PNG of a whole picture: white, as opaque as the mask is high. Rows are packed band by band, so that a picture of a thousand
 * megapixels takes no more memory than a small one. @throws the signal's reason once it is aborted.
 */
export async function maskPng(
  part: MaskPart | null,
  { width, height }: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  // Values are places in a palette of 256 whites, each as opaque as its number: one byte a pixel.
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const opacities = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i))
  const chunks = [SIGNATURE, chunk('IHDR', header), chunk('PLTE', Buffer.alloc(768, 255)), chunk('tRNS', opacities)]
  // Masks are runs of one value: looking for anything else takes seven times as long and finds nothing.
  const deflate = createDeflate({ level: 6, strategy: constants.Z_RLE })
  deflate.on('data', (packed: Buffer) => chunks.push(chunk('IDAT', packed)))
  const rows = Math.max(1, Math.floor(BAND / (width + 1)))
  for (let from = 0; from < height; from += rows) {
    // The stream may hold on to a band until it has asked for the next.
    const band = Buffer.alloc((width + 1) * Math.min(rows, height - from))
    if (part) copyRows(band, part, from, width)
    await new Promise<void>((resolve, reject) => deflate.write(band, (thrown) => (thrown ? reject(thrown) : resolve())))
    await breathe(signal)
  }
  await new Promise<void>((resolve, reject) => deflate.once('error', reject).once('end', resolve).end())
  return Buffer.concat([...chunks, chunk('IEND', Buffer.alloc(0))])
}

/** Puts what a mask has of some rows where it belongs; each row begins with a byte that says that it is not filtered. */
function copyRows(band: Buffer, { rect, mask }: MaskPart, from: number, width: number): void {
  const rows = band.length / (width + 1)
  for (let y = Math.max(from, rect.y); y < Math.min(from + rows, rect.y + rect.height); y++) {
    const start = (y - rect.y) * rect.width
    band.set(mask.subarray(start, start + rect.width), (y - from) * (width + 1) + 1 + rect.x)
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length)
  return bytes
}
