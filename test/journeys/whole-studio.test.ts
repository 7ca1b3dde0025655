import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Document } from '../../preload/contract/document.ts'
import { difference, rest, see, stateOf, storedPicture } from './canvas-sight.ts'
import { keepScreenshot, launchBrowser, openStudio } from './kit/browser.ts'
import { enginePid } from './kit/engine.ts'
import { eventually } from './kit/eventually.ts'
import { command, historyLength, layerNames, layerRow, layers } from './kit/panels.ts'
import { give, noisyPicture } from './kit/pictures.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// The first main job from end to end, with the accidents of a working day: each test goes on where the last has stopped.

const WIDTH = 700
const HEIGHT = 520

let folder: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser
let page: Page

/** What every accident is measured against: the last acknowledged state, and how the picture looked. */
interface Kept {
  readonly document: Document
  readonly revisions: number
  readonly picture: Uint8Array
}

const keep = async (): Promise<Kept> => {
  const { document, revisions } = await stateOf(page)
  return { document, revisions: revisions.length, picture: await storedPicture(page) }
}

async function expectKept(kept: Kept): Promise<void> {
  const now = await keep()
  expect(now.document).toEqual(kept.document)
  expect(now.revisions).toBe(kept.revisions)
  expect(difference(now.picture, kept.picture)).toBe(0)
}

const headNow = async (): Promise<number> => (await stateOf(page)).head.revision

async function afterMove(act: () => Promise<unknown>): Promise<void> {
  const before = await headNow()
  await act()
  await eventually(headNow).not.toBe(before)
}

/** Notices lie over the canvas; a hand that wants to paint there puts them away first. */
async function dismissNotices(): Promise<void> {
  const dismiss = page.getByRole('button', { name: 'Dismiss' })
  while (await dismiss.count()) await dismiss.first().click()
}

async function drag(points: readonly (readonly [number, number])[]): Promise<void> {
  await dismissNotices()
  await rest(page)
  const { x, y } = await see(page)
  const [[startX, startY], ...others] = points as readonly [readonly [number, number], ...(readonly [number, number])[]]
  await page.mouse.move(x + startX, y + startY)
  await page.mouse.down()
  for (const [toX, toY] of others) await page.mouse.move(x + toX, y + toY, { steps: 8 })
  await page.mouse.up()
}

function engineNow(): number {
  const pid = enginePid(host.process.pid ?? 0)
  if (!pid) throw new Error('The host has no engine.')
  return pid
}

async function setSteps(steps: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Steps, number' })
  await field.fill(String(steps))
  await field.press('Enter')
}

const restoreButton = () => page.getByRole('button', { name: /^Restore( again)?$/ }).last()
const jobs = async () => (await stateOf(page)).jobs

beforeAll(async () => {
  folder = await privateFolder()
  host = await startWebHost(folder.path)
  browser = await launchBrowser()
  page = (await openStudio(browser, host.address)).page
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await folder?.[Symbol.asyncDispose]()
})

test('a photo is dropped, a new layer painted, and masked', async () => {
  await give(page, 'drop', 'Beach.png', 'image/png', await noisyPicture(WIDTH, HEIGHT))
  await page.locator('.stage canvas').first().waitFor()
  await page.keyboard.press('Control+1')
  await rest(page)
  await afterMove(() => command(page, 'New layer'))
  await page.keyboard.press('b')
  await afterMove(() =>
    drag([
      [120, 140],
      [360, 300],
      [560, 160],
    ]),
  )
  await afterMove(() => command(page, 'Add a mask'))
  await page.keyboard.press('q')
  await afterMove(() =>
    drag([
      [300, 120],
      [320, 420],
    ]),
  )
  const layer = (await stateOf(page)).document.layers.at(-1)
  expect([layer?.pixels !== null, layer?.mask?.enabled]).toEqual([true, true])
})

test('the engine is killed in the middle of a restoration: the job says why, nothing else changes, the next one runs', async () => {
  await layerRow(page, 'Beach').locator('[data-layer]').click()
  const kept = await keep()
  await setSteps(50)
  await restoreButton().click()
  await expect.poll(async () => (await jobs()).at(-1)?.progress?.step ?? 0, { timeout: 60_000 }).toBeGreaterThan(0)
  process.kill(engineNow(), 'SIGKILL')
  await expect.poll(async () => (await jobs()).at(-1)?.status, { timeout: 20_000 }).toBe('failed')
  const failed = (await jobs()).at(-1)
  expect(failed?.fault?.kind).toBe('engine')
  expect(failed?.fault?.why).toMatch(/killed/i)
  await expectKept(kept)
  await keepScreenshot(page, 'whole-engine-killed')

  await setSteps(2)
  await restoreButton().click()
  await expect.poll(async () => (await jobs()).at(-1)?.status, { timeout: 120_000 }).toBe('done')
  await eventually(() => layerNames(page)).toEqual(expect.arrayContaining(['Beach, realistic', 'Beach, faithful', 'Beach']))
  const { document } = await stateOf(page)
  const realistic = document.layers.find(({ name }) => name === 'Beach, realistic')
  expect(realistic?.recipe?.method).toBe('pmrf')
  expect(realistic?.recipe?.models.map(({ sha256 }) => sha256.length)).toEqual([64, 64])
  expect(realistic?.recipe?.input).toEqual(document.layers.find(({ name }) => name === 'Beach')?.pixels)
  expect(realistic?.pixels).not.toEqual(realistic?.recipe?.input)
  await keepScreenshot(page, 'whole-restored')
})

test('run again from the history, with the same seed, it gives the same bytes', async () => {
  const { document, head } = await stateOf(page)
  const first = document.layers.find(({ name }) => name === 'Beach, realistic')?.pixels?.index
  await afterMove(async () => {
    await page.locator('.history-jump.now').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Run again' }).click()
  })
  await page.getByText('byte for byte').waitFor()
  const again = (await stateOf(page)).document.layers.filter(({ recipe }) => recipe !== null).at(-1)
  expect(again?.pixels?.index).toBe(first)
  await afterMove(() => page.keyboard.press('Control+z'))
  expect(await headNow()).toBe(head.revision)
})

test('undo goes on after closing and opening again', async () => {
  const kept = await keep()
  for (let i = 0; i < 3; i++) await afterMove(() => page.keyboard.press('Control+z'))
  const undone = await keep()
  await page.getByRole('button', { name: 'Close Beach' }).first().click()
  await page.getByRole('heading', { name: 'Drop a picture' }).waitFor()
  await page.getByRole('region', { name: 'Recent' }).getByRole('button', { name: /Beach/ }).first().click()
  await page.locator('.stage canvas').first().waitFor()
  await expectKept(undone)
  await afterMove(() => page.keyboard.press('Control+z'))
  for (let i = 0; i < 4; i++) await afterMove(() => page.keyboard.press('Control+Shift+Z'))
  await expectKept(kept)
})

test('another way from an earlier step becomes a variation, and a version gets a name', async () => {
  await afterMove(() => page.keyboard.press('Control+z'))
  const branches = (await stateOf(page)).branches.length
  await afterMove(() => command(page, 'New layer'))
  expect((await stateOf(page)).branches.length).toBe(branches + 1)
  await page.keyboard.press('Control+1')
  await page.keyboard.press('b')
  await afterMove(() =>
    drag([
      [100, 420],
      [600, 440],
    ]),
  )
  await page.locator('.history-jump.now').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Name this version' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('for the client')
  await page.keyboard.press('Enter')
  await eventually(async () => (await stateOf(page)).revisions.at(-1)?.version).toBe('for the client')
})

test('the server is killed while a restoration runs: all that was acknowledged is there again', async () => {
  const kept = await keep()
  await layerRow(page, 'Beach').locator('[data-layer]').click()
  await setSteps(50)
  await restoreButton().click()
  await expect.poll(async () => (await jobs()).at(-1)?.progress?.step ?? 0, { timeout: 60_000 }).toBeGreaterThan(0)
  const engine = engineNow()
  await host.kill()
  // An engine whose studio is gone ends by itself.
  await eventually(() => existsSync(`/proc/${engine}`)).toBe(false)

  host = await startWebHost(folder.path)
  await page.context().close()
  page = (await openStudio(browser, host.address)).page
  await page.getByRole('region', { name: 'Recent' }).getByRole('button', { name: /Beach/ }).first().click()
  await page.locator('.stage canvas').first().waitFor()
  await expectKept(kept)
  const { jobs: rows, revisions, branches } = await stateOf(page)
  expect(rows.at(-1)?.status).toBe('interrupted')
  expect(rows.at(-1)?.fault?.todo.length).toBeGreaterThan(0)
  expect(revisions.some(({ version }) => version === 'for the client')).toBe(true)
  expect(branches.length).toBeGreaterThan(1)
  expect(await layers(page).count()).toBe(kept.document.layers.length)
  expect(await historyLength(page)).toBeGreaterThan(5)
  await keepScreenshot(page, 'whole-reopened')
})

test('the picture leaves as a file that shows what the canvas shows', async () => {
  const stored = await storedPicture(page)
  await page.keyboard.press('Control+Shift+e')
  await page.getByRole('combobox', { name: 'Format' }).selectOption('png')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).last().click()
  const { data, info } = await sharp(await readFile(await (await download).path()))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([WIDTH, HEIGHT])
  expect(difference(data, stored)).toBe(0)
})

test('a file named at the start is what the page begins with', async () => {
  const picture = join(folder.path, 'Named.png')
  await writeFile(picture, await noisyPicture(64, 48))
  await using other = await startWebHost(join(folder.path, 'other'), {}, [picture])
  const named = await openStudio(browser, other.address)
  await eventually(() => layerNames(named.page)).toEqual(['Named'])
  expect(new URL(named.page.url()).hash).toBe('')
  await named.page.context().close()
})
