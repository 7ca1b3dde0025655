import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rest } from './canvas-sight.ts'
import { keepScreenshot, launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { layers } from './kit/panels.ts'
import { give } from './kit/pictures.ts'
import { sceneOfTwo } from './kit/scenes.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// A fresh studio, with nothing but what came with it: a sticker from the words it proposes.

let folder: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page
let errors: readonly string[]

beforeAll(async () => {
  folder = await privateFolder()
  host = await startWebHost(folder.path)
  browser = await launchBrowser()
  ;({ page, errors } = await openStudio(browser, host.address))
  await give(page, 'drop', 'Table.png', 'image/png', await sceneOfTwo(240, 160))
  await layers(page).first().waitFor()
  await page.getByRole('tab', { name: 'Generate' }).click()
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await folder?.[Symbol.asyncDispose]()
})

test('the model says what it may be asked for; a click asks for it', async () => {
  const field = page.getByRole('textbox', { name: 'What shall it be?' })
  const examples = page.locator('.examples button')
  await eventually(() => examples.count()).toBeGreaterThan(2)
  await keepScreenshot(page, 'sticker-examples')
  const [words = ''] = await examples.allTextContents()
  await examples.first().click()
  expect(await field.inputValue()).toBe(words)
  expect(await examples.count()).toBe(0)
})

test('the sticker is a layer of its own, and one sees through it beside the thing', async () => {
  await page.locator('.run-line .primary').click()
  await eventually(() => layers(page).count()).toBe(2)
  await rest(page)
  await keepScreenshot(page, 'sticker-made')
  await page.keyboard.press('Control+Shift+e')
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await dialog.getByRole('combobox', { name: 'What' }).selectOption({ index: 1 })
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  const alpha = await sharp(await readFile(await (await download).path()))
    .extractChannel('alpha')
    .raw()
    .toBuffer()
  const share = (test: (value: number) => boolean) => alpha.filter(test).length / alpha.length
  expect(share((value) => value === 0)).toBeGreaterThan(0.2)
  expect(share((value) => value > 200)).toBeGreaterThan(0.02)
})

test('nothing went wrong behind the scenes', () => {
  expect(errors).toEqual([])
})
