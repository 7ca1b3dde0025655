import type { Locator, Page } from 'playwright'

/** The panels as an artist names them. */
export const layers = (page: Page): Locator => page.locator('[data-layer]')

/** Names of the layers, top first. */
export async function layerNames(page: Page): Promise<string[]> {
  return layers(page).locator('> :first-child').allTextContents()
}

export const layerRow = (page: Page, name: string): Locator =>
  page.locator('.layer-row').filter({ has: page.locator('[data-layer] > :first-child', { hasText: new RegExp(`^${name}$`) }) })

/** Labels of the history in view, oldest first, the one that is now with an arrow before it. */
export async function historyLabels(page: Page): Promise<string[]> {
  const lines = await page.locator('.history-jump').all()
  return Promise.all(
    lines.map(async (line) => {
      const label = await line.locator('.history-words').textContent()
      return (await line.getAttribute('aria-current')) ? `→ ${label}` : (label ?? '')
    }),
  )
}

/** Number of rows in the history, drawn or not: only those in view are. */
export async function historyLength(page: Page): Promise<number> {
  return Number(await page.locator('.history li').first().getAttribute('aria-setsize'))
}

/** Brings the oldest or the newest row of the history into view. */
export async function scrollHistory(page: Page, to: 'start' | 'end'): Promise<void> {
  await page.locator('.window-list').evaluate((list, end) => list.scrollTo(0, end ? list.scrollHeight : 0), to === 'end')
  const row = to === 'start' ? 1 : await historyLength(page)
  await page.locator(`.history li[aria-posinset="${row}"]`).waitFor()
}

/** Does something by its name in the command palette. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search or run' }).fill(title)
  await page.keyboard.press('Enter')
}
