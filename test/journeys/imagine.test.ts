import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Layer } from '../../preload/contract/document.ts'
import { type LocalHub, openHub } from '../engine/models/local-hub.ts'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'
import { rest, stateOf } from './canvas-sight.ts'
import { keepScreenshot, launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { command, layerNames, layerRow, layers } from './kit/panels.ts'
import { give } from './kit/pictures.ts'
import { awayFromBoth, BOX, DISC, sceneOfTwo } from './kit/scenes.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// Making and changing pictures with words, as an artist does it: each test goes on where the last has stopped.

const WIDTH = 420
const HEIGHT = 300
/** Beyond the feather that the methods begin with, and the pixel in which an edge lies. */
const OUTSIDE = 12

let folder: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let hub: LocalHub
let browser: Browser
let page: Page
let errors: readonly string[]

const taskBar = () => page.getByRole('toolbar', { name: 'What can be done now' })
const objects = () => page.locator('.object-row')
const becomes = (number: number) => page.getByRole('textbox', { name: `What object ${number} becomes` })
const dismissNotices = async () => {
  const dismiss = page.locator('.notices').getByRole('button', { name: 'Dismiss' })
  while (await dismiss.count()) await dismiss.first().click()
}

/** Positions as shares of the picture, on the page. */
async function at(x: number, y: number): Promise<{ x: number; y: number }> {
  await rest(page)
  const box = await page.locator('.stage-shadow').boundingBox()
  if (!box) throw new Error('There is no picture.')
  return { x: box.x + x * box.width, y: box.y + y * box.height }
}

async function drag(fromX: number, fromY: number, toX: number, toY: number): Promise<void> {
  await dismissNotices()
  const from = await at(fromX, fromY)
  const to = await at(toX, toY)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 6 })
  await page.mouse.up()
}

async function takeTool(key: string): Promise<void> {
  await page.getByTestId('stage').focus()
  await page.keyboard.press(key)
}

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

/** How many pixels differ, within the two objects and well outside them. */
function changes(before: Uint8Array, after: Uint8Array): { inside: number; outside: number } {
  const count = { inside: 0, outside: 0 }
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const i = 4 * (y * WIDTH + x)
      if ([0, 1, 2, 3].every((c) => before[i + c] === after[i + c])) continue
      const away = awayFromBoth(x + 0.5, y + 0.5, WIDTH, HEIGHT)
      if (away === 0) count.inside++
      else if (away > OUTSIDE) count.outside++
    }
  return count
}

const jobsEnded = () =>
  eventually(async () => (await stateOf(page)).jobs.every(({ status }) => status !== 'running' && status !== 'queued')).toBe(true)

beforeAll(async () => {
  folder = await privateFolder()
  writeTinyDiffusion(join(folder.path, 'Tiny painter'))
  hub = await openHub('painters/soft-pencil', { licence: 'creativeml-openrail-m' })
  hub.take(join(folder.path, 'Tiny painter'))
  host = await startWebHost(join(folder.path, 'data'))
  browser = await launchBrowser()
  ;({ page, errors } = await openStudio(browser, host.address))
  await give(page, 'drop', 'Table.png', 'image/png', await sceneOfTwo(WIDTH, HEIGHT))
  await layers(page).first().waitFor()
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await hub?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

describe('models', () => {
  test('where there is none that makes pictures, the panel says so and offers the one next step', async () => {
    await page.getByRole('tab', { name: 'Generate' }).click()
    // Such a model may have come with the studio.
    if (await page.locator('.imagine-empty').count()) await page.getByRole('button', { name: 'Add a model…' }).last().click()
    else await page.getByRole('button', { name: 'Add a model…' }).click()
    await page.getByRole('dialog', { name: 'Models' }).waitFor()
  })

  test('a folder that holds none says what, why and what to do', async () => {
    await page.getByRole('textbox', { name: 'Path of the folder' }).fill(join(folder.path, 'nowhere'))
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.work-line.bad').count()).toBe(1)
    expect((await page.locator('.work-line.bad').textContent())?.split('. ').length).toBeGreaterThanOrEqual(3)
    await page.locator('.work-line').getByRole('button', { name: 'Dismiss' }).click()
  })

  test('a folder is added and verified', async () => {
    await page.getByRole('textbox', { name: 'Path of the folder' }).fill(join(folder.path, 'Tiny painter'))
    await page.keyboard.press('Enter')
    const row = page.locator('.model-row').filter({ hasText: 'Tiny painter' })
    await row.waitFor()
    expect(await row.locator('.model-facts').textContent()).toMatch(/pictures from words · folder · .* · 16 px/)
    await row.getByRole('button', { name: 'What to do with Tiny painter' }).click()
    await row.getByRole('button', { name: 'Verify' }).click()
    await row.getByText('Done.').waitFor()
    expect(await row.locator('.good').textContent()).toBe('ready')
  })

  test('tuning shows how far it is, and can be stopped', async () => {
    const row = page.locator('.model-row').filter({ hasText: 'Tiny painter' })
    await row.getByRole('button', { name: 'What to do with Tiny painter' }).click()
    await row.getByRole('button', { name: 'Tune…' }).click()
    await row.getByRole('button', { name: 'Tune', exact: true }).click()
    await eventually(() => row.locator('.work-amount').textContent()).toMatch(/\d+ of \d+/)
    await row.getByRole('button', { name: 'Stop' }).click()
    await row.getByText('Stopped. It goes on from here next time.').waitFor()
  })

  test('a hub is searched; before anything is fetched its licence is shown', async () => {
    await page.getByRole('tab', { name: 'Find and download' }).click()
    await page.locator('summary').filter({ hasText: 'Hub address' }).click()
    await page.getByRole('textbox', { name: 'Hub address' }).fill(hub.address)
    await page.getByRole('textbox', { name: 'Search a hub' }).fill('soft')
    await page.keyboard.press('Enter')
    const row = page.locator('.model-row').filter({ hasText: 'painters/soft-pencil' })
    await row.waitFor()
    await row.getByRole('button', { name: 'Download' }).click()
    await row.getByText('creativeml-openrail-m”. Read it before you use the model.').waitFor()
    expect(hub.asked.filter((path) => path.includes('/resolve/'))).toEqual([])
  })

  test('a download can be stopped, goes on, and is a model of this machine', async () => {
    const row = page.locator('.model-row').filter({ hasText: 'painters/soft-pencil' })
    const gate = Promise.withResolvers<void>()
    hub.manners.gate = gate.promise
    await row.getByRole('button', { name: 'Accept and download' }).click()
    await row.getByRole('button', { name: 'Stop' }).click()
    await row.getByText('Stopped.').waitFor()
    hub.manners.gate = undefined
    gate.resolve()
    await row.getByRole('button', { name: 'Download' }).click()
    await row.getByRole('button', { name: 'Accept and download' }).click()
    await row.getByText('Downloaded.').waitFor()
    await page.getByRole('tab', { name: 'On this machine' }).click()
    const here = page.locator('.model-row').filter({ hasText: 'painters/soft-pencil' })
    expect(await here.locator('.model-facts').textContent()).toMatch(/downloaded here · .* · creativeml-openrail-m$/)
  })

  test('what is taken off the list is asked for first; the model added is chosen', async () => {
    const row = page.locator('.model-row').filter({ hasText: 'painters/soft-pencil' })
    await row.getByRole('button', { name: 'What to do with painters/soft-pencil' }).click()
    await row.getByRole('button', { name: 'Take off the list…' }).click()
    await row.getByRole('checkbox', { name: 'Also delete the files the studio downloaded' }).check()
    await row.getByRole('button', { name: 'Take off the list', exact: true }).click()
    await row.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    const choice = page.getByRole('combobox', { name: 'Model' })
    await choice.selectOption({ label: 'Tiny painter' })
    expect(await choice.locator('option:checked').textContent()).toBe('Tiny painter')
  })
})

describe('editing two objects', () => {
  let original: Uint8Array

  test('one is clicked, the other boxed: each has a row, a hue and a number', async () => {
    original = await exported('Table')
    await dismissNotices()
    await takeTool('w')
    const disc = await at(DISC.x, DISC.y)
    await page.mouse.click(disc.x, disc.y)
    await takeTool('m')
    await drag(BOX.x - 0.005, BOX.y - 0.005, BOX.x + BOX.width + 0.005, BOX.y + BOX.height + 0.005)
    await page.getByRole('tab', { name: /^Edit/ }).click()
    await eventually(() => objects().count()).toBe(2)
    // The studio has found the outline of what was clicked.
    await eventually(() => objects().first().locator('.object-chip path').getAttribute('d')).toMatch(/^M/)
    expect(await taskBar().getByRole('button', { name: 'Edit…' }).count()).toBe(1)
    await keepScreenshot(page, 'imagine-objects')
  })

  test('the verb on the canvas opens the panel with the keyboard in the first field', async () => {
    await taskBar().getByRole('button', { name: 'Edit…' }).click()
    await eventually(() => page.getByRole('radio', { name: 'Edit objects' }).isChecked()).toBe(true)
    await eventually(() => becomes(1).evaluate((field) => field === document.activeElement)).toBe(true)
    const run = page.getByRole('button', { name: 'Edit 2 objects' })
    expect(await run.isDisabled()).toBe(true)
    await page.keyboard.type('a cat')
    await becomes(2).fill('a box')
    expect(await run.first().isEnabled()).toBe(true)
    expect(await page.locator('.run-foot').textContent()).toMatch(/^≈ \d+ network calls · time known after the first run$/)
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
    await dismissNotices()
    await keepScreenshot(page, 'imagine-edited')
  })

  test('what led to it steps aside; the panel tells how deep each object was taken', async () => {
    await taskBar().getByRole('button', { name: 'Before / after' }).waitFor()
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
    await dismissNotices()
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
    await dismissNotices()
    const before = await exported('Table')
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Escape')
    await eventually(() => objects().count()).toBe(0)
    await takeTool('m')
    await drag(BOX.x, BOX.y, BOX.x + BOX.width, BOX.y + BOX.height)
    await taskBar().getByRole('button', { name: 'Fill…' }).click()
    await eventually(() => becomes(1).evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.type('a vase')
    await taskBar().getByRole('button', { name: 'Fill', exact: true }).click()
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
    await dismissNotices()
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Control+d')
    await taskBar().getByRole('button', { name: 'Generate…' }).click()
    const words = page.getByRole('textbox', { name: 'What shall it be?' })
    await eventually(() => words.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.type('a cat')
    await page.getByRole('combobox', { name: 'Variations' }).selectOption('4')
    await words.press('Control+Enter')
    const drafts = page.locator('.draft')
    await eventually(() => drafts.count()).toBe(4)
    await jobsEnded()
    await eventually(() => page.locator('.draft:not(:disabled)').count()).toBe(4)
    expect(await drafts.allTextContents()).toEqual(['seed 41', 'seed 42', 'seed 43', 'seed 44'])
    await dismissNotices()
    await keepScreenshot(page, 'imagine-drafts')
    expect(await drafts.nth(3).getAttribute('aria-pressed')).toBe('true')
    await page.getByTestId('stage').focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await drafts.nth(1).getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('Enter')
    await page.locator('.filmstrip').waitFor({ state: 'detached' })
    await eventually(async () => (await stateOf(page)).document.layers.filter(({ recipe }) => recipe?.method === 'generate').length).toBe(1)
    const { document } = await stateOf(page)
    expect(document.layers.find(({ recipe }) => recipe?.method === 'generate')?.recipe?.seed).toBe(42)
    expect(document.layers.every(({ visible }) => visible)).toBe(true)
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
    await takeTool('c')
    await drag(1, 0.5, 0.8, 0.5)
    await taskBar().getByRole('button', { name: 'Apply frame' }).waitFor()
    await page.keyboard.press('Escape')
    await eventually(() => taskBar().getByRole('button', { name: 'Apply frame' }).count()).toBe(0)
    expect((await stateOf(page)).document.width).toBe(WIDTH)
  })

  test('Enter crops; undo brings back what lay outside', async () => {
    await drag(1, 0.5, 0.8, 0.5)
    await page.keyboard.press('Enter')
    await eventually(async () => (await stateOf(page)).document.width).toBe(Math.round(0.8 * WIDTH))
    await page.keyboard.press('Control+z')
    await eventually(async () => (await stateOf(page)).document.width).toBe(WIDTH)
  })

  test('extended, the new part is ready to be filled', async () => {
    await page.locator('.layer-row').filter({ hasText: 'Table' }).last().locator('[data-layer]').click()
    await drag(1, 0.5, 1.1, 0.5)
    await taskBar().getByRole('button', { name: 'Apply, then fill the new part…' }).click()
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
    await dismissNotices()
    await keepScreenshot(page, 'imagine-extended')
  })
})

test('nothing went wrong behind the scenes', () => {
  expect(errors).toEqual([])
})
