import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withPngText } from '../../main/engine/pictures/png-text.ts'
import type { Layer } from '../../preload/contract/document.ts'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'
import { stateOf } from './canvas-sight.ts'
import { keepScreenshot, launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { addModel, dismissNotices, dragOn, hasFocus, onPage, takeTool, taskBar } from './kit/hand.ts'
import { command, layerNames, layerRow, layers } from './kit/panels.ts'
import { give } from './kit/pictures.ts'
import { BOX, changesIn, DISC, sceneOfTwo } from './kit/scenes.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// Making and changing pictures with words, as an artist does it: each test goes on where the last has stopped.

const WIDTH = 420
const HEIGHT = 300
/** Beyond the feather that the methods begin with, and the pixel in which an edge lies. */
const OUTSIDE = 12

let folder: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page
let errors: readonly string[]

const objects = () => page.locator('.object-row')
const becomes = (number: number) => page.getByRole('textbox', { name: `What object ${number} becomes` })
const layerNamed = async (name: string | RegExp): Promise<Layer | undefined> =>
  (await stateOf(page)).document.layers.findLast((layer) => (typeof name === 'string' ? layer.name === name : name.test(layer.name)))

/** The bytes of a layer as the export dialog hands them over. */
async function exported(name: string): Promise<Uint8Array> {
  await page.keyboard.press('Control+Shift+e')
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await dialog.getByRole('combobox', { name: 'What' }).selectOption({ label: `Only “${name}”` })
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  const { data, info } = await sharp(await readFile(await (await download).path()))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([WIDTH, HEIGHT])
  return data
}

const changes = (before: Uint8Array, after: Uint8Array) => changesIn(before, after, { width: WIDTH, height: HEIGHT, margin: OUTSIDE })

const jobsEnded = () =>
  eventually(async () => (await stateOf(page)).jobs.every(({ status }) => status !== 'running' && status !== 'queued')).toBe(true)

beforeAll(async () => {
  folder = await privateFolder()
  writeTinyDiffusion(join(folder.path, 'Tiny painter'))
  host = await startWebHost(join(folder.path, 'data'))
  browser = await launchBrowser()
  ;({ page, errors } = await openStudio(browser, host.address))
  await give(page, 'drop', 'Table.png', 'image/png', await sceneOfTwo(WIDTH, HEIGHT))
  await layers(page).first().waitFor()
  await addModel(page, join(folder.path, 'Tiny painter'), 'Tiny painter')
  await page.getByRole('tab', { name: 'Generate' }).click()
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Tiny painter' })
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await folder?.[Symbol.asyncDispose]()
})

describe('editing two objects', () => {
  let original: Uint8Array

  test('one is clicked, the other boxed: each has a row, a hue and a number', async () => {
    original = await exported('Table')
    await dismissNotices(page)
    await takeTool(page, 'w')
    await page.mouse.click(...(await onPage(page, DISC.x, DISC.y)))
    await takeTool(page, 'm')
    await dragOn(page, BOX.x - 0.005, BOX.y - 0.005, BOX.x + BOX.width + 0.005, BOX.y + BOX.height + 0.005)
    await page.getByRole('tab', { name: /^Edit/ }).click()
    await eventually(() => objects().count()).toBe(2)
    // The studio has found the outline of what was clicked.
    await eventually(() => objects().first().locator('.object-chip path').getAttribute('d')).toMatch(/^M/)
    expect(await taskBar(page).getByRole('button', { name: 'Edit…' }).count()).toBe(1)
    await keepScreenshot(page, 'imagine-objects')
  })

  test('the verb on the canvas opens the panel with the keyboard in the first field', async () => {
    await taskBar(page).getByRole('button', { name: 'Edit…' }).click()
    await eventually(() => page.getByRole('radio', { name: 'Edit objects' }).isChecked()).toBe(true)
    await eventually(() => hasFocus(becomes(1))).toBe(true)
    const run = page.getByRole('button', { name: 'Edit 2 objects' })
    expect(await run.isDisabled()).toBe(true)
    await page.keyboard.type('a cat')
    await becomes(2).fill('a box')
    expect(await run.first().isEnabled()).toBe(true)
    expect(await page.locator('.run-foot').textContent()).toBe('time known after the first run')
  })

  test('it runs with a preview, and lands as a layer; outside the objects no pixel has changed', async () => {
    await becomes(2).press('Control+Enter')
    await page.getByRole('tab', { name: /^Jobs/ }).click()
    // How far it is and what there is so far, beside the job; the last of it stays there.
    await page.locator('.job-row .job-preview img').waitFor()
    await keepScreenshot(page, 'imagine-running')
    await page.getByRole('tab', { name: 'History' }).click()
    await eventually(() => layers(page).count()).toBe(2)
    await eventually(() => layerRow(page, '.*').first().getAttribute('class')).toContain('active')
    const [name = ''] = await layerNames(page)
    const { inside, outside } = changes(original, await exported(name))
    expect(inside).toBeGreaterThan(500)
    expect(outside).toBe(0)
    const recipe = (await layerNamed(name))?.recipe
    expect(recipe?.objects.map(({ becomes }) => becomes)).toEqual(['a cat', 'a box'])
    await dismissNotices(page)
    await keepScreenshot(page, 'imagine-edited')
  })

  test('what led to it steps aside; the panel tells how deep each object was taken', async () => {
    await taskBar(page).getByRole('button', { name: 'Before / after' }).waitFor()
    await eventually(() => page.locator('.measures dt').allTextContents()).toEqual(
      expect.arrayContaining(['Depth of object 1', 'Depth of object 2', 'Network calls']),
    )
  })

  test('undo takes it away and redo brings it back; run again from the history it gives the same bytes', async () => {
    const [name = ''] = await layerNames(page)
    const first = (await layerNamed(name))?.pixels?.index
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Control+z')
    await eventually(() => layers(page).count()).toBe(1)
    await page.keyboard.press('Control+Shift+Z')
    await eventually(() => layers(page).count()).toBe(2)
    await page.locator('.history-jump.now').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Run again' }).click()
    await eventually(() => layers(page).count()).toBe(3)
    const made = (await stateOf(page)).document.layers.filter(({ recipe }) => recipe !== null)
    expect(made.map(({ pixels }) => pixels?.index)).toEqual([first, first])
    await page.getByText('byte for byte').waitFor()
    await page.keyboard.press('Control+z')
    await eventually(() => layers(page).count()).toBe(2)
  })

  test('its settings are used again: words, objects, seed and the layer it was made of', async () => {
    await dismissNotices(page)
    await command(page, 'Clear the objects')
    await eventually(() => objects().count()).toBe(0)
    await layers(page).first().click()
    await page.locator('.measures').getByRole('button', { name: 'Use these settings' }).click()
    await eventually(() => objects().count()).toBe(2)
    expect([await becomes(1).inputValue(), await becomes(2).inputValue()]).toEqual(['a cat', 'a box'])
    await eventually(() => layerRow(page, 'Table').getAttribute('class')).toContain('active')
  })
})

describe('filling a part', () => {
  test('a box, a few words, one verb: a new layer, and the rest as it was', async () => {
    await dismissNotices(page)
    const before = await exported('Table')
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Escape')
    await eventually(() => objects().count()).toBe(0)
    await takeTool(page, 'm')
    await dragOn(page, BOX.x, BOX.y, BOX.x + BOX.width, BOX.y + BOX.height)
    await taskBar(page).getByRole('button', { name: 'Fill…' }).click()
    await eventually(() => hasFocus(becomes(1))).toBe(true)
    await page.keyboard.type('a vase')
    await taskBar(page).getByRole('button', { name: 'Fill', exact: true }).click()
    await eventually(() => layers(page).count()).toBe(3)
    await jobsEnded()
    const made = await layerNamed(/a vase/)
    expect(made?.recipe?.method).toBe('fill')
    const { inside, outside } = changes(before, await exported(made?.name ?? ''))
    expect(inside).toBeGreaterThan(500)
    expect(outside).toBe(0)
  })
})

describe('a picture from words', () => {
  test('drafts with seeds of their own are compared with the arrows; Enter keeps one', async () => {
    await dismissNotices(page)
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Control+d')
    await taskBar(page).getByRole('button', { name: 'Generate…' }).click()
    const words = page.getByRole('textbox', { name: 'What shall it be?' })
    await eventually(() => hasFocus(words)).toBe(true)
    await page.keyboard.type('a cat')
    await page.getByRole('combobox', { name: 'Variations' }).selectOption('4')
    await words.press('Control+Enter')
    const drafts = page.locator('.draft')
    await eventually(() => drafts.count()).toBe(4)
    await jobsEnded()
    await eventually(() => page.locator('.draft:not(:disabled)').count()).toBe(4)
    expect(await drafts.allTextContents()).toEqual(['seed 41', 'seed 42', 'seed 43', 'seed 44'])
    await dismissNotices(page)
    await keepScreenshot(page, 'imagine-drafts')
    expect(await drafts.nth(3).getAttribute('aria-pressed')).toBe('true')
    await page.getByTestId('stage').focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await drafts.nth(1).getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('Enter')
    await page.locator('.filmstrip').waitFor({ state: 'detached' })
    await eventually(async () => (await stateOf(page)).document.layers.filter(({ recipe }) => recipe?.method === 'generate').length).toBe(1)
    const { layers: kept } = (await stateOf(page)).document
    expect(kept.find(({ recipe }) => recipe?.method === 'generate')?.recipe?.seed).toBe(42)
    expect(kept.every(({ visible }) => visible)).toBe(true)
  })

  test('Escape puts all of them away, without a step in the history', async () => {
    const before = await stateOf(page)
    await page.getByRole('textbox', { name: 'What shall it be?' }).press('Control+Enter')
    await eventually(() => page.locator('.draft:not(:disabled)').count()).toBe(4)
    await jobsEnded()
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Escape')
    await page.locator('.filmstrip').waitFor({ state: 'detached' })
    await eventually(async () => (await stateOf(page)).head.revision).toBe(before.head.revision)
    expect((await stateOf(page)).document).toEqual(before.document)
    await page.getByRole('combobox', { name: 'Variations' }).selectOption('1')
  })
})

describe('another frame', () => {
  test('an edge is dragged, Escape leaves the picture as it is', async () => {
    await takeTool(page, 'c')
    await dragOn(page, 1, 0.5, 0.8, 0.5)
    await taskBar(page).getByRole('button', { name: 'Apply frame' }).waitFor()
    await page.keyboard.press('Escape')
    await eventually(() => taskBar(page).getByRole('button', { name: 'Apply frame' }).count()).toBe(0)
    expect((await stateOf(page)).document.width).toBe(WIDTH)
  })

  test('Enter crops; undo brings back what lay outside', async () => {
    await dragOn(page, 1, 0.5, 0.8, 0.5)
    await page.keyboard.press('Enter')
    await eventually(async () => (await stateOf(page)).document.width).toBe(Math.round(0.8 * WIDTH))
    await page.keyboard.press('Control+z')
    await eventually(async () => (await stateOf(page)).document.width).toBe(WIDTH)
  })

  test('extended, the new part is ready to be filled', async () => {
    await page.locator('.layer-row').filter({ hasText: 'Table' }).last().locator('[data-layer]').click()
    await dragOn(page, 1, 0.5, 1.1, 0.5)
    await taskBar(page).getByRole('button', { name: 'Apply, then fill the new part…' }).click()
    await eventually(async () => (await stateOf(page)).document.width).toBe(Math.round(1.1 * WIDTH))
    await eventually(() => objects().count()).toBe(1)
    const count = await layers(page).count()
    await becomes(1).fill('more table')
    await becomes(1).press('Control+Enter')
    await eventually(() => layers(page).count()).toBe(count + 1)
    const made = await layerNamed(/more table/)
    expect(made?.recipe?.objects.map(({ region }) => region)).toEqual([
      { from: 'rectangle', x: WIDTH, y: 0, width: Math.round(0.1 * WIDTH), height: HEIGHT },
    ])
    await dismissNotices(page)
    await keepScreenshot(page, 'imagine-extended')
  })
})

describe('what is there already', () => {
  test('what a layer covers becomes an object', async () => {
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Control+d')
    await layerRow(page, 'a cat').locator('[data-layer]').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Make an object of what it covers' }).click()
    await page.getByRole('tab', { name: /^Edit/ }).click()
    await eventually(() => objects().count()).toBe(1)
    await eventually(() => objects().first().locator('.object-chip path').getAttribute('d')).toMatch(/^M/)
    await command(page, 'Clear the objects')
  })

  test('a picture from another program brings its settings along', async () => {
    await dismissNotices(page)
    const parameters =
      'a cat on a mat\nNegative prompt: a dog\nSteps: 12, Sampler: DDIM, CFG scale: 5, Seed: 77, Size: 64x64, Model: pencil'
    const picture = withPngText(await sceneOfTwo(64, 64), 'parameters', parameters)
    await give(page, 'drop', 'Mat.png', 'image/png', Buffer.from(picture))
    await page.locator('.notice').getByRole('button', { name: 'Use these settings' }).click()
    await eventually(() => page.getByRole('textbox', { name: 'What shall it be?' }).inputValue()).toBe('a cat on a mat')
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('77')
    expect(await page.getByRole('textbox', { name: 'Steps, number' }).inputValue()).toBe('12')
    expect(await page.getByRole('textbox', { name: 'Guidance, number' }).inputValue()).toBe('5.0')
    expect(await page.getByRole('textbox', { name: 'Width' }).inputValue()).toBe('64')
  })
})

test('nothing went wrong behind the scenes', () => {
  expect(errors).toEqual([])
})
