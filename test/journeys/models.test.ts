import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalHub, openHub } from '../engine/models/local-hub.ts'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { layers } from './kit/panels.ts'
import { give } from './kit/pictures.ts'
import { sceneOfTwo } from './kit/scenes.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

// The models of a machine in the window: each test goes on where the last has stopped.

let folder: Awaited<ReturnType<typeof privateFolder>>
let hub: LocalHub
let host: WebHost
let browser: Browser
let page: Page
let errors: readonly string[]

beforeAll(async () => {
  folder = await privateFolder()
  writeTinyDiffusion(join(folder.path, 'Tiny painter'))
  hub = await openHub('painters/soft-pencil', { licence: 'creativeml-openrail-m' })
  hub.take(join(folder.path, 'Tiny painter'))
  host = await startWebHost(join(folder.path, 'data'))
  browser = await launchBrowser()
  ;({ page, errors } = await openStudio(browser, host.address))
  await give(page, 'drop', 'Table.png', 'image/png', await sceneOfTwo(420, 300))
  await layers(page).first().waitFor()
})

afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await hub?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

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
  // With the dialog closed it goes on, and is seen where the engine is.
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Engine/ }).click()
  const chip = page.getByRole('dialog', { name: 'Engine' })
  await eventually(() => chip.locator('.work-amount').textContent()).toMatch(/\d+ of \d+/)
  await chip.getByRole('button', { name: 'Stop' }).click()
  await eventually(() => chip.locator('.work-amount').count()).toBe(0)
  await chip.getByRole('button', { name: 'Models…' }).click()
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

test('nothing went wrong behind the scenes', () => {
  expect(errors).toEqual([])
})
