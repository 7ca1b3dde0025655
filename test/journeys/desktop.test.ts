import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, layerNames } from './kit/panels.ts'
import { privateFolder } from './kit/web-host.ts'

// The same studio in its window. It needs Electron's binary, the bundles of `npm run build`, and a display.

const root = join(import.meta.dirname, '../..')
const electron = join(root, 'node_modules/electron')
const binary = existsSync(join(electron, 'path.txt')) ? join(electron, 'dist', readFileSync(join(electron, 'path.txt'), 'utf8')) : ''
const missing = [
  existsSync(binary) ? '' : 'Electron’s binary',
  existsSync(join(root, 'out/main/index.js')) ? '' : 'the bundles in out/',
  process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? '' : 'a display',
].filter(Boolean)

describe.skipIf(missing.length > 0)(`in the window${missing.length > 0 ? ` (skipped: without ${missing.join(', ')})` : ''}`, () => {
  let folder: Awaited<ReturnType<typeof privateFolder>>
  let app: ElectronApplication
  let page: Page

  const launch = async () => {
    // Chromium refuses to sandbox the superuser.
    const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    app = await _electron.launch({ executablePath: binary, args: [root, `--data=${folder.path}`, ...flags] })
    page = await app.firstWindow()
    await page.getByRole('button', { name: 'New or open' }).waitFor()
  }

  beforeAll(async () => {
    folder = await privateFolder()
    await launch()
  })
  afterAll(async () => {
    await app?.close()
    await folder?.[Symbol.asyncDispose]()
  })

  test('a sample opens, a layer is added, undone, and added again', async () => {
    await page.getByRole('button', { name: /A still life/ }).click()
    await expect.poll(() => layerNames(page)).toEqual(['A still life'])
    await command(page, 'New layer')
    await expect.poll(async () => (await layerNames(page)).length).toBe(2)
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(async () => (await layerNames(page)).length).toBe(1)
    await page.keyboard.press('ControlOrMeta+Shift+z')
    await expect.poll(async () => (await layerNames(page)).length).toBe(2)
  })

  test('the page reaches nothing but the studio', async () => {
    const reach = await page.evaluate(async () => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      opened: window.open('https://example.com/'),
      fetched: await fetch('http://127.0.0.1:9/').then(
        () => true,
        () => false,
      ),
      bridge: Object.keys(Reflect.get(window, 'palimpsest')).sort(),
    }))
    expect(reach).toEqual({
      require: 'undefined',
      process: 'undefined',
      opened: null,
      fetched: false,
      bridge: ['chooseOpen', 'chooseSave', 'host', 'onMenu', 'onOpenPath', 'pathForFile', 'receive', 'send'],
    })
  })

  test('after a restart the project is among the recent ones, with what was done to it', async () => {
    await app.close()
    await launch()
    await page
      .locator('.start-recents')
      .getByRole('button', { name: /A still life/ })
      .click()
    await expect.poll(async () => (await layerNames(page)).length).toBe(2)
  })
})
