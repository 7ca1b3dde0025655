import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { difference, dropPicture, rest, runElsewhere, see, stateOf } from './canvas-sight.ts'
import { keepScreenshot, launchBrowser, openStudio } from './kit/browser.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// A small picture is restored in one step; the divider then stands between what went in and what came out.

const WIDTH = 256
const HEIGHT = 192

let folder: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page
let errors: readonly string[]
let before: Uint8Array
let after: Uint8Array

beforeAll(async () => {
  folder = await privateFolder()
  host = await startWebHost(folder.path)
  browser = await launchBrowser()
  const opened = await openStudio(browser, host.address)
  page = opened.page
  errors = opened.errors
  const noisy = await sharp({
    create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 120, sigma: 30 } },
  })
    .png()
    .toBuffer()
  await dropPicture(page, 'Grain.png', noisy)
  await page.keyboard.press('Control+1')
  await rest(page)
  before = (await see(page)).pixels
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await folder?.[Symbol.asyncDispose]()
})

/** Columns [from, to) of a picture. */
function columns(pixels: Uint8Array, from: number, to: number): Uint8Array {
  const rows = Array.from({ length: HEIGHT }, (_, y) => pixels.slice(4 * (y * WIDTH + from), 4 * (y * WIDTH + to)))
  return Uint8Array.from(rows.flatMap((row) => [...row]))
}
const divider = () => page.getByRole('slider', { name: 'Before and after' })

test('a restored picture is shown in place of the damaged one', async () => {
  const layer = (await stateOf(page)).document.layers[0]
  if (!layer) throw new Error('There is no layer.')
  await runElsewhere(page, { type: 'layer.restore', layer: layer.id, method: 'pmrf', params: { steps: 1 }, seed: 1 })
  await expect.poll(async () => (await stateOf(page)).document.layers.length, { timeout: 100_000 }).toBe(3)
  await rest(page)
  after = (await see(page)).pixels
  expect(difference(after, before)).toBeGreaterThan(20)
})

test('left of the divider lies what went in, right of it what came out', async () => {
  await page.keyboard.press('y')
  await divider().waitFor()
  await rest(page)
  const { pixels } = await see(page)
  expect(difference(columns(pixels, 0, 128), columns(before, 0, 128))).toBe(0)
  expect(difference(columns(pixels, 128, WIDTH), columns(after, 128, WIDTH))).toBe(0)
  await page.getByText('Before', { exact: true }).waitFor()
  await page.getByText(/^After · true to the original \d+\.\d dB$/).waitFor()
  await keepScreenshot(page, 'canvas-compare')
})

test('it follows the hand and the arrow keys, and says where it stands', async () => {
  const { x, y } = await see(page)
  await page.mouse.move(x + 128, y + 60)
  await page.mouse.down()
  await page.mouse.move(x + 64, y + 60, { steps: 4 })
  await page.mouse.up()
  expect(await divider().getAttribute('aria-valuenow')).toBe('25')
  await rest(page)
  const { pixels } = await see(page)
  expect(difference(columns(pixels, 0, 64), columns(before, 0, 64))).toBe(0)
  expect(difference(columns(pixels, 64, WIDTH), columns(after, 64, WIDTH))).toBe(0)
  await divider().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  expect(await divider().getAttribute('aria-valuenow')).toBe('36')
  await page.keyboard.press('End')
  await rest(page)
  expect(difference((await see(page)).pixels, before)).toBe(0)
})

test('a hidden result can be compared too: it is shown as long as the divider stands on it', async () => {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+[')
  await page.keyboard.press('y')
  await divider().waitFor()
  await rest(page)
  const { pixels } = await see(page)
  expect(difference(columns(pixels, 0, 128), columns(before, 0, 128))).toBe(0)
  expect(difference(columns(pixels, 128, WIDTH), columns(before, 128, WIDTH))).toBeGreaterThan(20)
  expect(difference(columns(pixels, 128, WIDTH), columns(after, 128, WIDTH))).toBeGreaterThan(0)
})

test('it goes as it came', async () => {
  await page.keyboard.press('Escape')
  await divider().waitFor({ state: 'detached' })
  await rest(page)
  expect(difference((await see(page)).pixels, after)).toBe(0)
  expect(errors).toEqual([])
})
