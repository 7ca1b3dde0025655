import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openStudio } from './kit/browser.ts'
import { eventually } from './kit/eventually.ts'
import { inspect } from './kit/inspect.ts'
import { command, layers } from './kit/panels.ts'
import { privateFolder, startWebHost, type WebHost } from './kit/web-host.ts'

let data: Awaited<ReturnType<typeof privateFolder>>
let host: WebHost
let browser: Browser

beforeAll(async () => {
  data = await privateFolder()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await data?.[Symbol.asyncDispose]()
})

describe.each([
  { theme: 'dark', size: { width: 1600, height: 1000 } },
  { theme: 'dark', size: { width: 1280, height: 800 } },
  { theme: 'light', size: { width: 1600, height: 1000 } },
  { theme: 'light', size: { width: 1280, height: 800 } },
  { theme: 'contrast', size: { width: 1280, height: 800 } },
] as const)('$theme, $size.width × $size.height', ({ theme, size }) => {
  const name = (state: string) => `shell-${state}-${theme}-${size.width}`
  let page: Page

  beforeAll(async () => {
    host = await startWebHost(data.path)
    const options = {
      viewport: size,
      colorScheme: theme === 'light' ? 'light' : 'dark',
      contrast: theme === 'contrast' ? 'more' : 'no-preference',
    } as const
    ;({ page } = await openStudio(browser, host.address, options))
    expect(await page.locator('html').getAttribute('data-theme')).toBe(theme)
  })
  afterAll(async () => {
    await page?.context().close()
    await host?.stop()
  })

  test('an empty canvas', async () => {
    await page.getByRole('region', { name: 'Try one' }).waitFor()
    await inspect(page, name('start'))
  })

  test('at rest, with one picture', async () => {
    await page.getByRole('region', { name: 'Try one' }).getByRole('button').first().click()
    await layers(page).first().waitFor()
    await eventually(() => page.locator('.layer-row canvas').first().getAttribute('data-drawn')).not.toBeNull()
    await inspect(page, name('rest'))
  })

  test('with ten layers, a mask and a variation', async () => {
    for (let count = 2; count <= 10; count++) {
      await command(page, 'New layer')
      await eventually(() => layers(page).count()).toBe(count)
    }
    await page.getByRole('button', { name: 'Add a mask' }).first().click()
    await page.getByRole('button', { name: /^Paint on the mask/ }).waitFor()
    await page.keyboard.press('Control+z')
    await eventually(() => page.getByRole('button', { name: /^Paint on the mask/ }).count()).toBe(0)
    await page.getByRole('combobox', { name: 'Blend mode' }).selectOption('multiply')
    await page.locator('.history-variation').waitFor()
    await inspect(page, name('ten-layers'))
  })

  test('with a job running', async () => {
    await layers(page).last().click()
    await page.locator('.run-line .primary').click()
    await page.locator('.job-card').getByText(/left/).waitFor({ timeout: 60_000 })
    await inspect(page, name('job'))
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Escape')
    await page.locator('.job-card').waitFor({ state: 'detached' })
  })

  // The larger window shows the same dialogs and has the same keys.
  if (size.width !== 1280) return

  test('what opens on top', async () => {
    await page.keyboard.press('Control+k')
    await inspect(page, name('palette'))
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor()
    await inspect(page, name('shortcuts'))
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Shift+e')
    await page.getByRole('dialog', { name: 'Export' }).waitFor()
    await inspect(page, name('export'))
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Engine/ }).click()
    await page.getByRole('dialog', { name: 'Engine' }).waitFor()
    await inspect(page, name('engine'))
    await page.keyboard.press('Escape')
    await layers(page).first().click({ button: 'right' })
    await page.getByRole('menu').waitFor()
    await inspect(page, name('menu'))
    await page.keyboard.press('Escape')
  })

  test('Tab hides the panels and shows them again; F6 walks the zones', async () => {
    await page.getByTestId('stage').focus()
    await page.keyboard.press('Tab')
    await page.locator('.dock').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await page.locator('.dock').waitFor()
    const zones = new Set<string>()
    for (let presses = 0; presses < 5; presses++) {
      await page.keyboard.press('F6')
      zones.add(
        await page.evaluate(
          () => document.activeElement?.closest('.top-bar, .option-bar, .tool-rail, .canvas-zone, .dock')?.className ?? '',
        ),
      )
    }
    expect(zones.size).toBe(5)
  })
})
