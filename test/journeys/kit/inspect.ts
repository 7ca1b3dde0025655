import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expect } from 'vitest'
import { keepScreenshot } from './browser.ts'

/** What a screen reader or a weak eye would stumble over, as "rule: element". */
async function stumblingBlocks(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

/** Nothing may stick out of the window. */
const overflow = (page: Page) =>
  page.evaluate(() => [document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight])

/** Buttons, fields and tabs that are shown and smaller than a finger's or a tired hand's 28 pixels (24 for a number in a row). */
const smallTargets = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, select, [role=tab], input:not([type=range], [type=checkbox], [type=radio])')]
      .filter((element) => element.checkVisibility())
      .map((element) => ({ name: element.getAttribute('aria-label') ?? element.textContent, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 24 || box.width < 24)
      .map(({ name, box }) => `${name} ${Math.round(box.width)} × ${Math.round(box.height)}`),
  )

/** Looks closely once a theme; the other size shows the same elements. */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(300)
  await keepScreenshot(page, name)
  expect(await overflow(page), name).toEqual([false, false])
  expect(await smallTargets(page), name).toEqual([])
  if (page.viewportSize()?.width === 1280) expect(await stumblingBlocks(page), name).toEqual([])
}
