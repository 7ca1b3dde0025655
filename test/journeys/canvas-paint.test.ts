import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { difference, dropPicture, rest, runElsewhere, type Seen, see, stateOf, storedPicture } from './canvas-sight.ts'
import { keepScreenshot, launchBrowser, openStudio } from './kit/browser.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// One sitting of an artist, each test goes on where the last has stopped: a photo, paint, masks, moves, and back again.

const WIDTH = 620
const HEIGHT = 460
/** A canvas rounds to bytes at every layer: one level each for the two that lie over the photo. */
const TOLERANCE = 2

let folder: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page
let errors: readonly string[]
let photo: Uint8Array

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

/** Drags over the picture, in document pixels at 100 %. */
async function drag(points: readonly (readonly [number, number])[], release = true): Promise<void> {
  const { x, y } = await see(page)
  const [first, ...others] = points
  if (!first) return
  await page.mouse.move(x + first[0], y + first[1])
  await page.mouse.down()
  for (const point of others) await page.mouse.move(x + point[0], y + point[1], { steps: 6 })
  if (release) await page.mouse.up()
}

const revisionNow = async (): Promise<number> => (await stateOf(page)).head.revision

/** Waits until the head has moved and the canvas shows what the studio has stored there. */
async function afterMove(act: () => Promise<unknown>): Promise<Seen> {
  const before = await revisionNow()
  await act()
  await expect.poll(revisionNow, { timeout: 10_000 }).not.toBe(before)
  await expectStored()
  return see(page)
}

/** Presses keys that move the head, each when the one before has. */
async function pressMoving(keys: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const before = await revisionNow()
    await page.keyboard.press(keys)
    await expect.poll(revisionNow, { timeout: 10_000 }).not.toBe(before)
  }
  await expectStored()
}

/** The canvas shows what is stored, composited by the other implementation. */
async function expectStored(): Promise<void> {
  const stored = await storedPicture(page)
  const distance = async () => {
    await rest(page)
    return difference((await see(page)).pixels, stored)
  }
  await expect.poll(distance, { timeout: 10_000 }).toBeLessThanOrEqual(TOLERANCE)
}

/** Tiles that the page and the engine have painted differently. */
const differed = () => page.evaluate(() => performance.getEntriesByName('stroke differed').map((mark) => (mark as PerformanceMark).detail))

beforeAll(async () => {
  folder = await privateFolder()
  host = await startWebHost(folder.path)
  browser = await launchBrowser()
  const opened = await openStudio(browser, host.address)
  page = opened.page
  errors = opened.errors
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await folder?.[Symbol.asyncDispose]()
})

test('a photo that is dropped is shown as it is, to the byte', async () => {
  const file = await drawPhoto()
  photo = await sharp(file).ensureAlpha().raw().toBuffer()
  await dropPicture(page, 'Photo.png', file)
  await page.keyboard.press('Control+1')
  await rest(page)
  const seen = await see(page)
  expect([seen.width, seen.height]).toEqual([WIDTH, HEIGHT])
  expect(difference(seen.pixels, photo)).toBe(0)
})

test('a stroke on a new layer is seen while it is drawn, and is what is stored', async () => {
  await page.getByRole('button', { name: 'New layer' }).first().click()
  await expect.poll(async () => (await stateOf(page)).document.layers.length).toBe(2)
  await page.keyboard.press('b')
  const wave = Array.from({ length: 24 }, (_, i) => [60 + i * 20, 200 + 90 * Math.sin(i / 2)] as const)
  let wet: Uint8Array | undefined
  const dry = await afterMove(async () => {
    await drag(wave, false)
    await rest(page)
    expect(difference((await see(page)).pixels, photo)).toBeGreaterThan(50)
    await page.mouse.up()
    wet = (await see(page)).pixels
  })
  expect(difference(dry.pixels, Uint8Array.from(wet ?? []))).toBe(0)
  expect(await differed()).toEqual([])
  await keepScreenshot(page, 'canvas-paint')
})

test('strokes may follow faster than they are stored', async () => {
  const before = (await stateOf(page)).revisions.length
  for (let i = 0; i < 4; i++) {
    await drag([
      [100 + 60 * i, 60],
      [140 + 60 * i, 400],
    ])
  }
  await expect.poll(async () => (await stateOf(page)).revisions.length, { timeout: 10_000 }).toBe(before + 4)
  await expectStored()
  expect(await differed()).toEqual([])
})

test('undo and redo bring the pixels back', async () => {
  const painted = (await see(page)).pixels
  await pressMoving('Control+z', 5)
  expect(difference((await see(page)).pixels, photo)).toBe(0)
  await pressMoving('Control+Shift+Z', 5)
  expect(difference((await see(page)).pixels, painted)).toBe(0)
})

test('undo right after a stroke undoes that stroke', async () => {
  const before = await see(page)
  const { revisions } = await stateOf(page)
  await drag([
    [40, 40],
    [200, 60],
  ])
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await stateOf(page)).revisions.length).toBe(revisions.length + 1)
  await expect.poll(revisionNow).toBe(revisions.at(-1)?.id)
  await expectStored()
  expect(difference((await see(page)).pixels, before.pixels)).toBe(0)
})

test('the mask brush hides and shows, and the eraser erases', async () => {
  await afterMove(() => page.getByRole('button', { name: 'Add a mask' }).first().click())
  await page.keyboard.press('q')
  const hidden = await afterMove(() =>
    drag([
      [60, 200],
      [400, 260],
    ]),
  )
  await page.keyboard.down('Control')
  const shown = await afterMove(() =>
    drag([
      [60, 200],
      [200, 220],
    ]),
  )
  await page.keyboard.up('Control')
  expect(difference(hidden.pixels, Uint8Array.from(shown.pixels))).toBeGreaterThan(50)
  await page
    .getByRole('button', { name: /^Paint on Layer/ })
    .first()
    .click()
  await page.keyboard.press('e')
  await afterMove(() =>
    drag([
      [480, 60],
      [500, 400],
    ]),
  )
  expect(await differed()).toEqual([])
  await keepScreenshot(page, 'canvas-mask')
})

test('a layer moves under the hand and by the arrows, and stays where it was put', async () => {
  await page.keyboard.press('v')
  const origin = async () => (await stateOf(page)).document.layers.at(-1)?.pixels
  const before = await origin()
  await afterMove(async () => {
    await drag(
      [
        [300, 200],
        [333, 181],
      ],
      false,
    )
    await rest(page)
    const held = (await see(page)).pixels
    await page.mouse.up()
    // Nothing jumps when the hand lets go.
    await rest(page)
    expect(difference((await see(page)).pixels, Uint8Array.from(held))).toBe(0)
  })
  await afterMove(() => page.keyboard.press('ArrowRight'))
  await afterMove(() => page.keyboard.press('Shift+ArrowUp'))
  expect(await origin()).toEqual({ index: before?.index, x: (before?.x ?? 0) + 34, y: (before?.y ?? 0) - 29 })
})

test('the eyedropper takes the colour under it', async () => {
  await page.keyboard.press('i')
  const { x, y, pixels } = await see(page)
  await page.mouse.click(x + 600, y + 440)
  const at = 4 * (440 * WIDTH + 600)
  const hex = [0, 1, 2].map((c) => (pixels[at + c] ?? 0).toString(16).padStart(2, '0')).join('')
  await expect.poll(() => page.locator('.swatches').innerHTML()).toContain(hex)
})

test('zooming keeps what is under the pointer, panning follows the hand', async () => {
  const position = () => page.locator('.status-position').textContent()
  const seen = await see(page)
  await page.mouse.move(seen.x + 401, seen.y + 120)
  const under = await position()
  await page.keyboard.down('Control')
  for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -200)
  await page.keyboard.up('Control')
  await expect.poll(() => page.locator('.status-zoom').textContent()).not.toBe('100 %')
  await page.mouse.move(seen.x + 401.4, seen.y + 120)
  expect(await position()).toBe(under)
  await keepScreenshot(page, 'canvas-zoomed')

  await page.mouse.move(500, 300)
  const held = await position()
  await page.keyboard.down('Space')
  await page.mouse.down()
  await page.mouse.move(560, 350, { steps: 3 })
  await page.mouse.up()
  await page.keyboard.up('Space')
  expect(await position()).toBe(held)
  await page.keyboard.press('Control+0')
  await page.keyboard.press('Control+1')
  await expect.poll(() => page.locator('.status-zoom').textContent()).toBe('100 %')
  await expectStored()
})

test('painting on a locked layer says why and offers the remedy', async () => {
  await afterMove(() =>
    page
      .getByRole('button', { name: /^Lock Layer/ })
      .first()
      .click(),
  )
  await page.keyboard.press('b')
  const before = await revisionNow()
  await drag([
    [100, 100],
    [200, 100],
  ])
  await page.getByText('The layer is locked.').waitFor()
  expect(await revisionNow()).toBe(before)
  await afterMove(() => page.getByRole('button', { name: 'Unlock', exact: true }).click())
})

test('a stroke that the studio refuses is taken off again, with the reason', async () => {
  const before = await see(page)
  const layer = (await stateOf(page)).document.layers.at(-1)?.id
  if (!layer) throw new Error('There is no layer.')
  await drag(
    [
      [100, 300],
      [300, 330],
    ],
    false,
  )
  const unlocked = await revisionNow()
  await runElsewhere(page, { type: 'layer.set', layer, change: { locked: true } })
  await expect.poll(revisionNow).not.toBe(unlocked)
  await page.mouse.up()
  await page
    .locator('.notices')
    .getByText(/locked/)
    .first()
    .waitFor()
  await expectStored()
  expect(difference((await see(page)).pixels, Uint8Array.from(before.pixels))).toBe(0)
  await afterMove(() => runElsewhere(page, { type: 'layer.set', layer, change: { locked: false } }))
})

test('Escape takes a stroke away', async () => {
  const before = await see(page)
  await drag(
    [
      [100, 300],
      [300, 330],
    ],
    false,
  )
  await rest(page)
  expect(difference((await see(page)).pixels, Uint8Array.from(before.pixels))).toBeGreaterThan(20)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await rest(page)
  expect(difference((await see(page)).pixels, Uint8Array.from(before.pixels))).toBe(0)
  await expectStored()
})

test('painting where there is no layer makes one', async () => {
  for (const { id } of (await stateOf(page)).document.layers) await runElsewhere(page, { type: 'layer.remove', layer: id })
  await expect.poll(async () => (await stateOf(page)).document.layers).toEqual([])
  await page.getByText('No layers yet').waitFor()
  await page.keyboard.press('d')
  await drag([
    [100, 100],
    [400, 300],
  ])
  await expect.poll(async () => (await stateOf(page)).document.layers[0]?.pixels ?? null).not.toBeNull()
  await expectStored()
  expect((await see(page)).pixels.slice(4 * (200 * WIDTH + 250), 4 * (200 * WIDTH + 250) + 3)).toEqual(Uint8Array.of(0, 0, 0))
  expect(await differed()).toEqual([])
})

test('after a reload everything is as it was', async () => {
  const before = await see(page)
  await page.reload()
  await page.locator('.stage canvas').first().waitFor()
  await page.keyboard.press('Control+1')
  await expectStored()
  expect(difference((await see(page)).pixels, before.pixels)).toBe(0)
  expect(errors).toEqual([])
})
