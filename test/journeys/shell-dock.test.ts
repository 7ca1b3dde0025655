import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { layers } from './kit/panels.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// The parts of the dock share its room: each test goes on where the last has stopped.

let data: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page

beforeAll(async () => {
  data = await privateFolder()
  host = await startWebHost(data.path)
  browser = await launchBrowser()
  ;({ page } = await openStudio(browser, host.address))
  await page.getByRole('region', { name: 'Try one' }).getByRole('button').first().click()
  await layers(page).first().waitFor()
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await data?.[Symbol.asyncDispose]()
})

const heightOf = async (part: 'deeds' | 'layers' | 'lower') => Math.round((await page.locator(`.dock-${part}`).boundingBox())?.height ?? 0)
const edge = () => page.getByRole('separator', { name: 'Height of the history' })

test('an edge is dragged, or moved with the arrows; the layers take what is left', async () => {
  const [before, rest] = [await heightOf('lower'), await heightOf('layers')]
  await edge().focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp')
  await eventually(() => heightOf('lower')).toBe(before + 24)
  expect(await heightOf('layers')).toBe(rest - 24)
  const box = await edge().boundingBox()
  if (!box) throw new Error('There is no edge.')
  await page.mouse.move(box.x + 60, box.y + 4)
  await page.mouse.down()
  await page.mouse.move(box.x + 60, box.y - 1000, { steps: 4 })
  await page.mouse.up()
  // It goes as far as the others can give way, and no further.
  await eventually(() => heightOf('layers')).toBeLessThanOrEqual(117)
  expect(await heightOf('deeds')).toBeLessThanOrEqual(121)
})

test('a part is folded to its tabs; both outlive a reload', async () => {
  const lower = await heightOf('lower')
  await page.getByRole('button', { name: 'Fold what to do' }).click()
  await eventually(() => page.getByRole('tabpanel', { name: 'Restore' }).count()).toBe(0)
  await page.reload()
  await layers(page).first().waitFor()
  expect(await page.getByRole('tabpanel', { name: 'Restore' }).count()).toBe(0)
  expect(Math.abs((await heightOf('lower')) - lower)).toBeLessThanOrEqual(2)
  // Whoever chooses a tab wants to see it.
  await page.getByRole('tab', { name: 'Edit' }).click()
  await eventually(() => page.getByRole('tabpanel', { name: 'Edit' }).count()).toBe(1)
})

test('Enter on an edge lets the parts share the room again', async () => {
  await edge().focus()
  await page.keyboard.press('Enter')
  await eventually(() => heightOf('layers')).toBeGreaterThan(117)
})
