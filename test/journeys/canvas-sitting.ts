import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { expect } from 'vitest'
import { difference, dropPicture, rest, type Seen, see, stateOf, storedPicture } from './canvas-sight.ts'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

export const WIDTH = 620
export const HEIGHT = 460
/** A canvas rounds to bytes at every layer: one level each for the two that lie over the photo. */
const TOLERANCE = 2

type Path = readonly (readonly [number, number])[]

/** An artist before the studio: a browser on a web host of its own, a photo on the canvas at 100 %. */
export class Sitting implements AsyncDisposable {
  readonly page: Page
  /** What the page has reported as errors. */
  readonly errors: readonly string[]
  /** The photo as it was dropped, RGBA. */
  readonly photo: Uint8Array
  readonly #browser: Browser
  readonly #host: WebHost
  readonly #folder: AsyncDisposable

  private constructor(page: Page, errors: readonly string[], photo: Uint8Array, browser: Browser, host: WebHost, folder: AsyncDisposable) {
    this.page = page
    this.errors = errors
    this.photo = photo
    this.#browser = browser
    this.#host = host
    this.#folder = folder
  }

  static async begin(): Promise<Sitting> {
    const folder = await privateFolder()
    const host = await startWebHost(folder.path)
    const browser = await launchBrowser()
    const { page, errors } = await openStudio(browser, host.address)
    const file = await drawPhoto()
    await dropPicture(page, 'Photo.png', file)
    await page.keyboard.press('Control+1')
    await rest(page)
    return new Sitting(page, errors, await sharp(file).ensureAlpha().raw().toBuffer(), browser, host, folder)
  }

  /** Drags over the picture, in document pixels at 100 %. */
  async drag([first, ...others]: Path, release = true): Promise<void> {
    const { x, y } = await see(this.page)
    const { mouse } = this.page
    if (!first) return
    await mouse.move(x + first[0], y + first[1])
    await mouse.down()
    for (const point of others) await mouse.move(x + point[0], y + point[1], { steps: 6 })
    if (release) await mouse.up()
  }

  async revisionNow(): Promise<number> {
    return (await stateOf(this.page)).head.revision
  }

  /** Waits until the head has moved and the canvas shows what the studio has stored there. */
  async afterMove(act: () => Promise<unknown>): Promise<Seen> {
    const before = await this.revisionNow()
    await act()
    await expect.poll(() => this.revisionNow(), { timeout: 10_000 }).not.toBe(before)
    await this.expectStored()
    return see(this.page)
  }

  /** Presses keys that move the head, each when the one before has. */
  async pressMoving(keys: string, times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const before = await this.revisionNow()
      await this.page.keyboard.press(keys)
      await expect.poll(() => this.revisionNow(), { timeout: 10_000 }).not.toBe(before)
    }
    await this.expectStored()
  }

  /** The canvas shows what is stored, composited by the other implementation. */
  async expectStored(): Promise<void> {
    const stored = await storedPicture(this.page)
    const distance = async () => {
      await rest(this.page)
      return difference((await see(this.page)).pixels, stored)
    }
    await expect.poll(distance, { timeout: 10_000 }).toBeLessThanOrEqual(TOLERANCE)
  }

  /** Tiles that the page and the engine have painted differently. */
  differed(): Promise<unknown[]> {
    return this.page.evaluate(() => performance.getEntriesByName('stroke differed').map((mark) => (mark as PerformanceMark).detail))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
    await this.#host.stop()
    await this.#folder[Symbol.asyncDispose]()
  }
}

/** A picture in which no two places look alike. */
async function drawPhoto(): Promise<Buffer> {
  const bytes = Buffer.alloc(WIDTH * HEIGHT * 3)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      bytes.set([(x * 255) / WIDTH, (y * 255) / HEIGHT, 128 + 100 * Math.sin(x / 9) * Math.cos(y / 13)], 3 * (y * WIDTH + x))
  return sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer()
}
