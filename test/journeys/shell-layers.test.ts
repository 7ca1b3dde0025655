import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { command, historyLabels, historyLength, layerNames, layerRow, layers, scrollHistory } from './kit/panels.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

let data: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page
let errors: readonly string[]

beforeAll(async () => {
  data = await privateFolder()
  host = await startWebHost(data.path)
  browser = await launchBrowser()
  ;({ page, errors } = await openStudio(browser, host.address))
})
afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await data?.[Symbol.asyncDispose]()
})

const second = (name: string) => layerRow(page, name).locator('.layer-second').textContent()

describe('layers, by hand and by keyboard', () => {
  test('an empty picture in one click has one layer and a history that begins with it', async () => {
    await page.getByRole('button', { name: /^Screen/ }).click()
    await layers(page).first().waitFor()
    expect(await layerNames(page)).toHaveLength(1)
    expect(await historyLabels(page)).toHaveLength(1)
  })

  test('layers are added above the active one and become active', async () => {
    await page.getByRole('button', { name: 'New layer' }).first().click()
    await eventually(() => layers(page).count()).toBe(2)
    await command(page, 'New layer')
    await eventually(() => layers(page).count()).toBe(3)
    await eventually(() => layers(page).first().getAttribute('aria-current')).toBe('true')
  })

  test('a name is changed in its place; Escape keeps the old one', async () => {
    await layers(page).first().dblclick()
    await page.getByRole('textbox', { name: 'Layer name' }).fill('Sky')
    await page.keyboard.press('Enter')
    await eventually(async () => (await layerNames(page))[0]).toBe('Sky')
    await layers(page).nth(1).click()
    await page.keyboard.press('F2')
    await page.getByRole('textbox', { name: 'Layer name' }).fill('Nothing')
    await page.keyboard.press('Escape')
    await page.keyboard.press('F2')
    await page.getByRole('textbox', { name: 'Layer name' }).fill('Hills')
    await page.keyboard.press('Enter')
    await eventually(async () => (await layerNames(page)).slice(0, 2)).toEqual(['Sky', 'Hills'])
  })

  test('blend mode and opacity show in the second line', async () => {
    await page.getByRole('combobox', { name: 'Blend mode' }).selectOption('soft-light')
    await page.getByRole('textbox', { name: 'Opacity, number' }).last().fill('60')
    await page.keyboard.press('Enter')
    await eventually(() => second('Hills')).toBe('Soft light · 60 % · empty')
  })

  test('layers are reordered by dragging, with Alt and the arrows, and with Control and brackets', async () => {
    const bottom = (await layerNames(page))[2]
    const [from, to] = await Promise.all([layers(page).first().boundingBox(), layers(page).last().boundingBox()])
    if (!from || !to) throw new Error('A layer is not on the screen.')
    await page.mouse.move(from.x + 20, from.y + 20)
    await page.mouse.down()
    await page.mouse.move(to.x + 20, to.y + to.height - 2, { steps: 6 })
    await page.mouse.up()
    await eventually(() => layerNames(page)).toEqual(['Hills', bottom, 'Sky'])
    await layers(page).last().focus()
    await page.keyboard.press('Alt+ArrowUp')
    await eventually(() => layerNames(page)).toEqual(['Hills', 'Sky', bottom])
    await layers(page).nth(1).click()
    await page.keyboard.press('Control+]')
    await eventually(() => layerNames(page)).toEqual(['Sky', 'Hills', bottom])
  })

  test('a mask has a picture of its own, and is painted on once it was clicked', async () => {
    await page.getByRole('button', { name: 'Add a mask' }).first().click()
    await page.getByRole('button', { name: 'Paint on the mask of Sky' }).waitFor()
    await eventually(() => page.locator('.option-target').textContent()).toBe('Painting on the mask Sky')
    await page.getByRole('button', { name: 'Paint on Sky' }).click()
    await eventually(() => page.locator('.option-target').textContent()).toBe('Painting on the layer Sky')
  })

  test('a locked layer refuses in three sentences', async () => {
    await page.getByRole('button', { name: 'Lock Sky', exact: true }).click()
    await page.getByRole('button', { name: 'Unlock Sky', exact: true }).waitFor()
    await page.locator('.canvas-zone').focus()
    await page.keyboard.press('Delete')
    const notice = page.locator('.notice.bad')
    await notice.waitFor()
    expect((await notice.locator('.notice-words > *').allTextContents()).filter((sentence) => sentence.endsWith('.'))).toHaveLength(3)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    expect(await layers(page).count()).toBe(3)
    await page.getByRole('button', { name: 'Unlock Sky', exact: true }).click()
  })

  test('the eye hides and shows; delete and undo bring back what was', async () => {
    await page.getByRole('button', { name: 'Hide Sky', exact: true }).click()
    await page.getByRole('button', { name: 'Show Sky', exact: true }).click()
    await page.getByRole('button', { name: 'Hide Sky', exact: true }).waitFor()
    await command(page, 'Delete layer')
    await eventually(() => layers(page).count()).toBe(2)
    await page.keyboard.press('Control+z')
    await eventually(() => layers(page).count()).toBe(3)
    await page.keyboard.press('Control+y')
    await eventually(() => layers(page).count()).toBe(2)
  })
})

describe('the history', () => {
  test('a click jumps; a change from there makes a variation and loses nothing', async () => {
    const before = await historyLength(page)
    await scrollHistory(page, 'start')
    await page.locator('.history-jump').first().click()
    await eventually(() => layers(page).count()).toBe(1)
    await page.getByRole('button', { name: 'New layer' }).first().click()
    await eventually(() => layers(page).count()).toBe(2)
    const variation = page.locator('.history-variation')
    await variation.waitFor()
    expect(await variation.locator('.history-words').textContent()).toContain(`${before - 1} steps`)
    await page.getByRole('button', { name: 'Show its steps' }).click()
    await eventually(() => historyLength(page)).toBe(before + 2)
  })

  test('a version gets a name and shows its flag', async () => {
    await scrollHistory(page, 'end')
    await command(page, 'Name this version')
    await page.getByRole('textbox', { name: 'Name' }).fill('client v1')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.history-version').textContent()).toBe('client v1')
  })

  test('a variation gets a name; its newest step is one click away', async () => {
    await scrollHistory(page, 'start')
    await page.locator('.history-variation').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Rename variation' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Evening')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.history-variation .history-words').textContent()).toContain('Evening')
    await page.locator('.history-variation .history-jump').click()
    await eventually(() => layers(page).count()).toBe(2)
    await eventually(() => layerNames(page)).toContain('Hills')
  })
})

describe('leaving', () => {
  test('an export arrives as a file of the picture’s size', async () => {
    await page.keyboard.press('Control+Shift+e')
    await page.getByRole('combobox', { name: 'Format' }).selectOption('webp')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export', exact: true }).last().click()
    const file = await download
    expect(file.suggestedFilename()).toBe('Untitled.webp')
    const { format, width, height } = await sharp(await readFile(await file.path())).metadata()
    expect({ format, width, height }).toEqual({ format: 'webp', width: 1920, height: 1080 })
    await page.locator('.notice.good').waitFor()
  })

  test('saved to a file, closed and opened again, everything is there', async () => {
    await page.keyboard.press('Control+Shift+s')
    await page.getByRole('textbox', { name: 'Path' }).fill(`${data.path}/hills`)
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.document-state').textContent()).toBe('saved')
    const version = page.locator('.history-version')
    const layer = await layerNames(page)
    await page
      .getByRole('button', { name: /^Close / })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Drop a picture' }).waitFor()
    await page.getByRole('region', { name: 'Recent' }).getByRole('button', { name: /hills/ }).first().click()
    await eventually(() => layerNames(page)).toEqual(layer)
    await scrollHistory(page, 'start')
    await page.getByRole('button', { name: 'Show its steps' }).click()
    await eventually(() => version.textContent()).toBe('client v1')
  })

  test('nothing went wrong behind the scenes', () => {
    expect(errors).toEqual([])
  })
})
