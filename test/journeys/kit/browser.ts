import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'

const CANDIDATES = [process.env.PALIMPSEST_BROWSER, '/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge']

/** A browser of this machine; whoever asks closes it. @throws Error where there is none. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = CANDIDATES.find((path) => path && existsSync(path))
  if (!executablePath) throw new Error('There is no Chromium, Chrome or Edge here: install one, or name it in PALIMPSEST_BROWSER.')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A window of its own on the studio at `address`. `errors` gathers what the page reports as one. */
export async function openStudio(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(address)
  await page.getByRole('button', { name: 'New or open' }).waitFor()
  return { page, errors }
}

const RESULTS = join(import.meta.dirname, '../../../test-results')

/** Keeps what the window shows, to be looked at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(RESULTS, { recursive: true })
  await page.screenshot({ path: join(RESULTS, `${name}.png`) })
}
