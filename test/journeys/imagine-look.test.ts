import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { dragOn, onPage } from './kit/hand.ts'
import { inspect } from './kit/inspect.ts'
import { command, layers } from './kit/panels.ts'
import { give } from './kit/pictures.ts'
import { BOX, DISC, sceneOfTwo } from './kit/scenes.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

let folder: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser

beforeAll(async () => {
  folder = await privateFolder()
  writeTinyDiffusion(join(folder.path, 'Tiny painter'))
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await folder?.[Symbol.asyncDispose]()
})

describe.each([
  { theme: 'dark', size: { width: 1600, height: 1000 } },
  { theme: 'dark', size: { width: 1280, height: 800 } },
  { theme: 'light', size: { width: 1280, height: 800 } },
  { theme: 'contrast', size: { width: 1280, height: 800 } },
] as const)('$theme, $size.width × $size.height', ({ theme, size }) => {
  const name = (state: string) => `imagine-${state}-${theme}-${size.width}`
  let page: Page

  beforeAll(async () => {
    host = await startWebHost(join(folder.path, name('data')))
    const options = {
      viewport: size,
      colorScheme: theme === 'light' ? 'light' : 'dark',
      contrast: theme === 'contrast' ? 'more' : 'no-preference',
    } as const
    ;({ page } = await openStudio(browser, host.address, options))
    await give(page, 'drop', 'Table.png', 'image/png', await sceneOfTwo(900, 640))
    await layers(page).first().waitFor()
  })
  afterAll(async () => {
    await page?.context().close()
    await host?.stop()
  })

  test('models: a folder added, what can be done with it, tuning, the hub', async () => {
    await command(page, 'Models…')
    const field = page.getByRole('textbox', { name: 'Path of the folder' })
    await field.fill(join(folder.path, 'Tiny painter'))
    await field.press('Enter')
    const row = page.locator('.model-row').filter({ hasText: 'Tiny painter' })
    await row.waitFor()
    await row.getByRole('button', { name: 'What to do with Tiny painter' }).click()
    await inspect(page, name('models'))
    await row.getByRole('button', { name: 'Tune…' }).click()
    await inspect(page, name('models-tune'))
    await page.getByRole('tab', { name: 'Find and download' }).click()
    await inspect(page, name('models-find'))
    await page.keyboard.press('Escape')
  })

  test('two objects with their words', async () => {
    await page.getByTestId('stage').focus()
    await page.keyboard.press('w')
    await page.mouse.click(...(await onPage(page, DISC.x, DISC.y)))
    await page.keyboard.press('m')
    await dragOn(page, BOX.x, BOX.y, BOX.x + BOX.width, BOX.y + BOX.height)
    await page.getByRole('toolbar', { name: 'What can be done now' }).getByRole('button', { name: 'Edit…' }).click()
    await page.getByRole('textbox', { name: 'What object 1 becomes' }).fill('a green apple')
    await page.getByRole('textbox', { name: 'What object 2 becomes' }).fill('a wooden crate')
    await eventually(() => page.locator('.object-chip path').first().getAttribute('d')).toMatch(/^M/)
    await inspect(page, name('objects'))
    await page.getByRole('radio', { name: 'Exact edit' }).check()
    await page.locator('.params-more summary').last().click()
    await inspect(page, name('exact'))
  })

  test('drafts to choose from', async () => {
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Control+d')
    await page.getByRole('tab', { name: 'Generate' }).click()
    await page.getByRole('textbox', { name: 'What shall it be?' }).fill('a green apple on a table')
    await page.locator('.params-more summary').first().click()
    await inspect(page, name('generate'))
    await page.getByRole('combobox', { name: 'Variations' }).selectOption('4')
    await page.locator('.run-line .primary').click()
    await eventually(() => page.locator('.draft:not(:disabled)').count()).toBe(4)
    await page.locator('.job-card').waitFor({ state: 'detached' })
    await inspect(page, name('drafts'))
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.locator('.filmstrip').waitFor({ state: 'detached' })
  })

  test('another frame', async () => {
    await page.getByTestId('stage').focus()
    await page.keyboard.press('c')
    await page.keyboard.press('Control+-')
    await dragOn(page, 1, 0.5, 1.15, 0.5)
    await inspect(page, name('frame'))
  })
})
