import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { canSeeProcesses, enginePid } from './kit/engine.ts'
import { eventually } from './kit/eventually.ts'
import { historyLabels, layerNames, layerRow, layers } from './kit/panels.ts'
import { give, noisyPicture } from './kit/pictures.ts'
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
  await give(page, 'drop', 'harbour.png', 'image/png', await noisyPicture(480, 360))
  await layers(page).first().waitFor()
})
afterAll(async () => {
  await browser?.close()
  await host?.stop()
  await data?.[Symbol.asyncDispose]()
})

const card = () => page.locator('.job-card')
const start = () => page.locator('.run-line .primary').click()
const setSteps = async (steps: number) => {
  await page.getByRole('textbox', { name: 'Steps, number' }).fill(String(steps))
  await page.keyboard.press('Enter')
}

describe('restoring', () => {
  test('the button says beforehand what it will cost', async () => {
    await setSteps(50)
    await eventually(() => page.locator('.run-foot').textContent()).toBe('≈ 51 network calls · time known after the first run')
  })

  test('Escape cancels; nothing has changed', async () => {
    await start()
    await card()
      .getByText(/step \d+ \/ 51/)
      .waitFor()
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Escape')
    await card().waitFor({ state: 'detached' })
    expect(await layers(page).count()).toBe(1)
    await page.getByRole('tab', { name: 'Jobs' }).click()
    await eventually(() => page.locator('.job-status').first().textContent()).toContain('Cancelled')
    await page.getByRole('tab', { name: 'History' }).click()
  })

  test('a job goes on while the page is loaded anew, and is still there to be seen', async () => {
    await start()
    await card()
      .getByText(/step \d+ \/ 51/)
      .waitFor()
    await page.reload()
    await card().waitFor()
    await card().getByRole('button', { name: 'Cancel' }).click()
    await card().waitFor({ state: 'detached' })
    expect(await layerNames(page)).toEqual(['harbour'])
  })

  test('a result lands as two layers with their recipe; the visible one is in hand', async () => {
    await setSteps(2)
    await start()
    await eventually(() => layers(page).count()).toBe(3)
    expect(await layerNames(page)).toEqual(['harbour, realistic', 'harbour, faithful', 'harbour'])
    await eventually(() => layerRow(page, 'harbour, realistic').getAttribute('class')).toContain('active')
    expect(await layerRow(page, 'harbour, faithful').getAttribute('class')).toContain('dimmed')
    expect(await layerRow(page, 'harbour, realistic').locator('.layer-second').textContent()).toMatch(/ · seed 41$/)
    await eventually(() => page.locator('.measures dd').first().textContent()).toMatch(/^\d+\.\d dB$/)
    expect((await historyLabels(page)).at(-1)).toMatch(/^→ Restore/)
  })

  test('before and after stand side by side; the arrows move the divider', async () => {
    await page.keyboard.press('y')
    const divider = page.getByRole('slider', { name: /before/i })
    await divider.waitFor()
    const before = Number(await divider.getAttribute('aria-valuenow'))
    await divider.focus()
    await page.keyboard.press('ArrowRight')
    await eventually(async () => Number(await divider.getAttribute('aria-valuenow'))).toBeGreaterThan(before)
    await page.keyboard.press('Escape')
    await divider.waitFor({ state: 'detached' })
  })

  test('the next run knows how long it will take', async () => {
    await eventually(() => page.locator('.run-foot').textContent()).toMatch(/^≈ 3 network calls · (about|under) /)
  })

  test('a row of the history runs again and gives the same bytes', async () => {
    const pictureOf = async (name: string) => layerRow(page, name).locator('canvas').first().getAttribute('data-drawn')
    await eventually(() => pictureOf('harbour, realistic')).toMatch(/^[0-9a-f]{64}$/)
    const first = await pictureOf('harbour, realistic')
    await page.locator('.history-jump.now').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Run again' }).click()
    await eventually(() => page.locator('.history-jump').count()).toBeGreaterThan(2)
    await eventually(async () => page.locator('.layer-row.active canvas').first().getAttribute('data-drawn')).toBe(first)
  })

  test.skipIf(!canSeeProcesses)('an engine that is killed says why; the picture is untouched and the next run works', async () => {
    const before = await layerNames(page)
    await setSteps(50)
    await layers(page).last().click()
    await start()
    await card()
      .getByText(/step [1-9]\d* \/ 51/)
      .waitFor()
    process.kill(enginePid(host.process.pid ?? 0) ?? 0, 'SIGKILL')
    await card().waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Jobs' }).click()
    expect(await page.locator('.job-fault').first().textContent()).toMatch(/killed/)
    expect(await layerNames(page)).toEqual(before)
    await page.locator('.notice.bad').getByRole('button', { name: 'Dismiss' }).click()
    await setSteps(1)
    await start()
    await eventually(() => layers(page).count()).toBe(before.length + 2)
  })

  test('another method brings its own knobs, and its result lands like any other', async () => {
    await page.getByRole('combobox', { name: 'Method' }).selectOption({ label: 'Undo a blur' })
    await page.getByRole('combobox', { name: 'Blur', exact: true }).selectOption({ label: 'Moved' })
    expect(await page.getByRole('textbox', { name: 'Realism, number' }).count()).toBe(0)
    const before = await layers(page).count()
    await page.locator('.params-more summary').first().click()
    await setSteps(2)
    await start()
    await eventually(() => layers(page).count()).toBe(before + 1)
    expect((await layerNames(page)).filter((name) => name.endsWith(', sharp'))).toHaveLength(1)
    await eventually(() => page.locator('.measures dt').allTextContents()).toContain('True to the original')
    await card().waitFor({ state: 'detached' })
  })

  test('nothing went wrong behind the scenes', () => {
    expect(errors).toEqual([])
  })
})
