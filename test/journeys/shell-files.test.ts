import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { layerNames, layers } from './kit/panels.ts'
import { give, noisyPicture } from './kit/pictures.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

let data: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page

beforeAll(async () => {
  data = await privateFolder()
  host = await startWebHost(data.path)
  browser = await launchBrowser()
  ;({ page } = await openStudio(browser, host.address))
})
afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await data?.[Symbol.asyncDispose]()
})

const tabs = () => page.locator('.document-tab')

test('a picture dropped on an empty canvas becomes a document', async () => {
  await give(page, 'drop', 'harbour.png', 'image/png', await noisyPicture(200, 120))
  await eventually(() => layerNames(page)).toEqual(['harbour'])
  expect(await page.locator('.status-bar').textContent()).toContain('200 × 120 px')
})

test('a picture dropped on a document becomes a layer, and so does one that is pasted', async () => {
  await give(page, 'drop', 'boat.png', 'image/png', await noisyPicture(50, 40, 2))
  await eventually(() => layerNames(page)).toEqual(['boat', 'harbour'])
  await give(page, 'paste', 'sail.png', 'image/png', await noisyPicture(30, 30, 3))
  await eventually(() => layerNames(page)).toEqual(['sail', 'boat', 'harbour'])
})

test('what is no picture is refused in words, and changes nothing', async () => {
  await give(page, 'drop', 'notes.txt', 'text/plain', Buffer.from('Buy varnish.'))
  await page.locator('.notice.bad').waitFor()
  expect(await page.locator('.notice.bad').textContent()).not.toMatch(/Error|undefined|\bat \w+ \(/)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  expect(await layers(page).count()).toBe(3)
})

test('a project that is dropped opens in a tab of its own', async () => {
  const path = join(data.path, 'harbour.palimpsest')
  await page.keyboard.press('Control+Shift+s')
  await page.getByRole('textbox', { name: 'Path' }).fill(path)
  await page.keyboard.press('Enter')
  await eventually(() => page.locator('.document-state').textContent()).toBe('saved')
  await page.getByRole('button', { name: /^Close / }).click()
  await page.getByRole('heading', { name: 'Drop a picture' }).waitFor()
  await give(page, 'drop', 'harbour.palimpsest', 'application/octet-stream', await readFile(path))
  await eventually(() => layerNames(page)).toEqual(['sail', 'boat', 'harbour'])
})

test('documents live side by side in tabs, each with its own layers', async () => {
  await page.getByRole('button', { name: 'New or open' }).click()
  await page.getByRole('menuitem', { name: 'New picture' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Blank')
  await page.keyboard.press('Enter')
  await eventually(() => tabs().count()).toBe(2)
  await eventually(() => layers(page).count()).toBe(1)
  await tabs().first().getByRole('button').first().click()
  await eventually(() => layers(page).count()).toBe(3)
})

test('the tabs are there again when the page is loaded anew', async () => {
  await page.reload()
  await eventually(() => tabs().count()).toBe(2)
  await eventually(() => layers(page).count()).toBe(3)
})

test('a studio that dies says so; started again, it has everything', async () => {
  await page.getByRole('button', { name: 'New layer' }).first().click()
  await eventually(() => layers(page).count()).toBe(4)
  await host.kill()
  await page.getByText('Connection lost').waitFor()
  host = await startWebHost(data.path)
  await page.goto(host.address)
  const recents = page.getByRole('region', { name: 'Recent' }).getByRole('button')
  await eventually(async () => (await tabs().count()) + (await recents.count())).toBeGreaterThan(0)
  if ((await tabs().count()) === 0) await recents.filter({ hasText: 'harbour' }).first().click()
  else await tabs().filter({ hasText: 'harbour' }).getByRole('button').first().click()
  await eventually(() => layers(page).count()).toBe(4)
})
