import type { Page } from 'playwright'
import { z } from 'zod'
import { gatherInto, unpremultiplyInto } from '../../main/math/composite.ts'
import type { Command } from '../../preload/contract/command.ts'
import { type Document, type Mask, type Pixels, TILE } from '../../preload/contract/document.ts'
import { ProjectState } from '../../preload/contract/event.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { decodeTileIndex } from '../../preload/contract/tile-index.ts'

/** What the canvas shows of the picture, and where. */
export interface Seen {
  /** The picture's corner on the page and its size there, in CSS pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** RGBA as it is on the screen, over the chequerboard where the picture is transparent. */
  readonly pixels: Uint8Array
}

/** Waits until everything in view shows what it should. */
export async function rest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let quiet = 0; quiet < 4; quiet++) {
      await frame()
      if (document.querySelector('.stage')?.ariaBusy !== 'false') quiet = -1
    }
  })
}

/** The picture as the canvas shows it at this moment. It must lie within the window. */
export async function see(page: Page): Promise<Seen> {
  const seen = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.stage canvas')
    const shadow = document.querySelector('.stage-shadow')
    if (!canvas || !shadow) throw new Error('There is no canvas.')
    const corner = canvas.getBoundingClientRect()
    const { x, y, width, height } = shadow.getBoundingClientRect()
    const pixels = canvas.getContext('2d')?.getImageData(x - corner.x, y - corner.y, width, height).data
    let binary = ''
    for (const byte of pixels ?? []) binary += String.fromCharCode(byte)
    return { x, y, width, height, base64: btoa(binary) }
  })
  return { ...seen, pixels: new Uint8Array(Buffer.from(seen.base64, 'base64')) }
}

/** Asks the studio over a wire of its own, as a second window would. @returns the first thing it says. */
function ask(page: Page, name: 'watch' | 'run', input: object): Promise<unknown> {
  return page.evaluate(
    ([name, input]) =>
      new Promise<unknown>((resolve, reject) => {
        const { active: project } = JSON.parse(sessionStorage.getItem('palimpsest.tabs') ?? '{}') as { active: string }
        const socket = new WebSocket(`ws://${location.host}/wire`)
        socket.onopen = () => socket.send(JSON.stringify({ type: 'call', id: 1, name, input: { project, ...JSON.parse(input) } }))
        socket.onerror = () => reject(new Error('The studio does not answer.'))
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { type: string; value?: unknown; fault?: unknown }
          socket.close()
          if (message.type === 'fault') reject(new Error(JSON.stringify(message.fault)))
          else resolve(message.value)
        }
      }),
    [name, JSON.stringify(input)] as const,
  )
}

/** The project in front, as the studio tells it. */
export async function stateOf(page: Page): Promise<ProjectState> {
  const { state } = z.object({ state: ProjectState }).parse(await ask(page, 'watch', {}))
  return state
}

/** Runs a command as a second window would, and waits for the first word of it. */
export async function runElsewhere(page: Page, command: z.input<typeof Command>): Promise<void> {
  await ask(page, 'run', { command })
}

/** Blobs never change: each is fetched once. */
const known = new Map<BlobId, Uint8Array>()

async function blobOf(page: Page, blob: BlobId): Promise<Uint8Array> {
  const before = known.get(blob)
  if (before) return before
  const base64 = await page.evaluate(async (blob) => {
    const { active: project } = JSON.parse(sessionStorage.getItem('palimpsest.tabs') ?? '{}') as { active: string }
    const bytes = new Uint8Array(await (await fetch(`/blob/${project}/${blob}`)).arrayBuffer())
    let binary = ''
    for (const byte of bytes) binary += String.fromCharCode(byte)
    return btoa(binary)
  }, blob)
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  known.set(blob, bytes)
  return bytes
}

/** The stored pixels of a grid, cut to the document; `depth` bytes a pixel, `rest` where there is no tile. */
async function spread(page: Page, { index, x, y }: Pixels, { width, height }: Document, depth: number, rest: number): Promise<Uint8Array> {
  const whole = new Uint8Array(width * height * depth).fill(rest)
  for (const [key, id] of decodeTileIndex(await blobOf(page, index)).tiles) {
    const [column = 0, row = 0] = key.split(',').map(Number)
    const tile = await blobOf(page, id)
    for (let ty = 0; ty < TILE; ty++)
      for (let tx = 0; tx < TILE; tx++) {
        const [dx, dy] = [x + column * TILE + tx, y + row * TILE + ty]
        if (dx < 0 || dy < 0 || dx >= width || dy >= height) continue
        for (let c = 0; c < depth; c++) whole[(dy * width + dx) * depth + c] = tile[(ty * TILE + tx) * depth + c] ?? 0
      }
  }
  return whole
}

/** The picture as the studio has stored it: its tiles, composited by `math/composite`. Straight-alpha RGBA. */
export async function storedPicture(page: Page): Promise<Uint8Array> {
  const { document } = await stateOf(page)
  const gathered = new Float32Array(document.width * document.height * 4)
  for (const { pixels, mask, visible, blend, opacity } of document.layers) {
    if (!pixels || !visible) continue
    const cover = mask?.enabled ? await coverOf(page, mask, document) : null
    gatherInto(gathered, await spread(page, pixels, document, 4, 0), { blend, opacity, mask: cover })
  }
  const flat = new Uint8Array(gathered.length)
  unpremultiplyInto(flat, gathered)
  return flat
}

const coverOf = (page: Page, mask: Mask, document: Document) => spread(page, mask.pixels, document, 1, mask.rest)

/** Greatest difference of two pictures in levels of 255, where the second is opaque. */
export function difference(seen: Uint8Array, stored: Uint8Array): number {
  if (seen.length !== stored.length) return Number.POSITIVE_INFINITY
  let greatest = 0
  for (let i = 0; i < seen.length; i++) {
    if (stored[i - (i % 4) + 3] !== 255) continue
    greatest = Math.max(greatest, Math.abs((seen[i] ?? 0) - (stored[i] ?? 0)))
  }
  return greatest
}

/** Drops a picture file on the window. */
export async function dropPicture(page: Page, name: string, bytes: Buffer): Promise<void> {
  const data = await page.evaluateHandle(
    ([name, base64]) => {
      const transfer = new DataTransfer()
      const file = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      transfer.items.add(new File([file], name))
      return transfer
    },
    [name, bytes.toString('base64')] as const,
  )
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: data })
  await page.locator('.stage canvas').first().waitFor()
}
