import type { Page } from 'playwright'
import sharp from 'sharp'
import type { Document } from '../../preload/contract/document.ts'
import { rest, stateOf } from '../journeys/canvas-sight.ts'
import { launchBrowser, openStudio } from '../journeys/kit/browser.ts'
import { privateFolder, startWebHost } from '../journeys/kit/web-host.ts'

// From the hand's movement to the frame that shows its paint, in a real browser against the real studio, on a picture of twelve
// megapixels: alone, and between other layers. First the same hand on an empty page: the wait for the next frame, which nobody can avoid.

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
  const data = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer()
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    transfer.items.add(new File([bytes], 'Photo.jpg', { type: 'image/jpeg' }))
    return transfer
  }, photo.toString('base64'))
  const opened = performance.now()
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: data })
  await page.locator('.stage canvas').first().waitFor()
  await rest(page)
  console.log(`12 MP photo dropped and wholly shown   ${((performance.now() - opened) / 1000).toFixed(2)} s`)

  await page.evaluate(() => {
    const paints: number[] = []
    Object.assign(window, { paints })
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'brush event to paint') paints.push(duration)
    }).observe({ type: 'measure' })
  })
  const layers = async (): Promise<Document['layers']> => (await stateOf(page)).document.layers

  /** The same strokes, on any page. */
  const draw = async (on: Page, box: { x: number; y: number; width: number; height: number }) => {
    for (let stroke = 0; stroke < STROKES; stroke++) {
      const y = box.y + box.height * (0.25 + (0.4 * stroke) / STROKES)
      await on.mouse.move(box.x + box.width * 0.3, y)
      await on.mouse.down()
      for (let i = 0; i < MOVES; i++) await on.mouse.move(box.x + box.width * (0.3 + (0.4 * i) / MOVES), y + 30 * Math.sin(i / 4))
      await on.mouse.up()
    }
    return (await on.evaluate(() => Reflect.get(window, 'paints').splice(0))) as number[]
  }
  const bare = await browser.newPage()
  // Raw pointer events come to pages of a secure origin only.
  await bare.goto(new URL('/nothing', host.address).href)
  await bare.setContent('<body style="height:100vh;margin:0"></body>')
  await bare.evaluate(() => {
    const paints: number[] = []
    Object.assign(window, { paints })
    let unseen: number | null = null
    document.addEventListener('pointerrawupdate', ({ timeStamp }) => {
      unseen ??= timeStamp
      requestAnimationFrame(() => {
        if (unseen !== null) paints.push(performance.now() - unseen)
        unseen = null
      })
    })
  })
  const floor = middle(await draw(bare, { x: 0, y: 0, width: 1280, height: 720 }))
  await bare.close()
  console.log(`a frame of an empty page               p50 ${floor.toFixed(1)} ms`)

  const measure = async (label: string) => {
    const box = await page.locator('.stage').boundingBox()
    if (!box) throw new Error('There is no stage.')
    const paints = await draw(page, box)
    console.log(`${label.padEnd(38)} ${summary(paints)}   ${(middle(paints) / floor).toFixed(1)} × an empty page`)
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

function middle(milliseconds: readonly number[]): number {
  return share(milliseconds, 0.5)
}

function summary(milliseconds: readonly number[]): string {
  const [p50, p95, most] = [0.5, 0.95, 1].map((part) => share(milliseconds, part).toFixed(1))
  return `brush event to paint p50 ${p50} ms   p95 ${p95} ms   max ${most} ms`
}
