import type { Page } from 'playwright'
import sharp from 'sharp'

/** A small photograph-like PNG: soft shapes under noise, the same for the same seed. */
export function noisyPicture(width: number, height: number, seed = 1): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  let state = seed
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        const shape = 128 + 70 * Math.sin((x + 17 * channel) / 23) * Math.cos(y / 31)
        pixels[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, shape + ((state >>> 24) - 128) / 4))
      }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

/** Hands files to the page as a drop in its middle, or as a paste: what the system does when a hand lets go. */
export async function give(page: Page, how: 'drop' | 'paste', name: string, type: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    ({ how, name, type, base64 }) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }))
      const target = document.querySelector('main') ?? document.body
      if (how === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
      else
        for (const kind of ['dragenter', 'dragover', 'drop'])
          target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }))
    },
    { how, name, type, base64: bytes.toString('base64') },
  )
}
