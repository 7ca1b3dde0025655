import sharp from 'sharp'
import type { Document } from '../../preload/contract/document.ts'
import { dropPicture, rest, stateOf } from '../journeys/canvas-sight.ts'
import { launchBrowser, openStudio } from '../journeys/kit/browser.ts'
import { privateFolder, startWebHost } from '../journeys/kit/web-host.ts'

// From the hand's movement to the frame that shows its paint, in a real browser against the real studio, on a picture of twelve
// megapixels: alone, and between other layers. Most of the
// time is the wait for the browser's next frame; what the canvas itself takes of it stands beside, as a share of a frame at 60 Hz.

const WIDTH = 4000
const HEIGHT = 3000
const STROKES = 6
const MOVES = 60

await using folder = await privateFolder()
await using host = await startWebHost(folder.path)
const browser = await launchBrowser()
try {
  const { page } = await openStudio(browser, host.address)
  const photo = await sharp({
    create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#8899aa', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  })
    .jpeg()
    .toBuffer()
  const opened = performance.now()
  await dropPicture(page, 'Photo.jpg', photo)
  await rest(page)
  console.log(`12 MP photo dropped and wholly shown   ${((performance.now() - opened) / 1000).toFixed(2)} s`)

  await page.evaluate(() => {
    const measured = new Map<string, number[]>()
    Object.assign(window, { measured })
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) measured.set(name, [...(measured.get(name) ?? []), duration])
    }).observe({ type: 'measure' })
  })
  const layers = async (): Promise<Document['layers']> => (await stateOf(page)).document.layers

  const measure = async (label: string) => {
    const box = await page.locator('.stage').boundingBox()
    if (!box) throw new Error('There is no stage.')
    for (let stroke = 0; stroke < STROKES; stroke++) {
      const y = box.y + box.height * (0.25 + (0.4 * stroke) / STROKES)
      await page.mouse.move(box.x + box.width * 0.3, y)
      await page.mouse.down()
      for (let i = 0; i < MOVES; i++) await page.mouse.move(box.x + box.width * (0.3 + (0.4 * i) / MOVES), y + 30 * Math.sin(i / 4))
      await page.mouse.up()
    }
    const [paints, frames] = await page.evaluate(
      (names) => names.map((name) => (Reflect.get(window, 'measured') as Map<string, number[]>).get(name)?.splice(0) ?? []),
      ['brush event to paint', 'brush frame'],
    )
    console.log(
      `${label.padEnd(28)} event to paint ${summary(paints ?? [])}   canvas ${summary(frames ?? [])}   ${Math.round((share(frames ?? [], 0.5) * 100 * 60) / 1000)} % of a frame`,
    )
    await rest(page)
  }

  await page.keyboard.press('b')
  for (const [zoom, key] of [
    ['fit', 'Control+0'],
    ['100 %', 'Control+1'],
  ] as const) {
    await page.keyboard.press(key)
    await rest(page)
    await measure(`on the photo, ${zoom}`)
  }
  for (let i = 0; i < 4; i++) {
    const before = (await layers()).length
    await page.keyboard.press('Control+j')
    while ((await layers()).length === before) await page.waitForTimeout(50)
  }
  await page.keyboard.press('Alt+[')
  await page.keyboard.press('Alt+[')
  for (const [zoom, key] of [
    ['fit', 'Control+0'],
    ['100 %', 'Control+1'],
  ] as const) {
    await page.keyboard.press(key)
    await rest(page)
    await measure(`third of five photos, ${zoom}`)
  }
} finally {
  await browser.close()
}

function share(milliseconds: readonly number[], part: number): number {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

function summary(milliseconds: readonly number[]): string {
  const [p50, p95, most] = [0.5, 0.95, 1].map((part) => share(milliseconds, part).toFixed(1))
  return `p50 ${p50} p95 ${p95} max ${most} ms`
}
