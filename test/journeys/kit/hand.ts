import type { Locator, Page } from 'playwright'
import { rest } from '../canvas-sight.ts'
import { command } from './panels.ts'

/** What a hand does on the picture; positions are shares of its width and height. */

export const taskBar = (page: Page): Locator => page.getByRole('toolbar', { name: 'What can be done now' })

/** Notices lie over a corner of the canvas; a hand that wants to go there puts them away first. */
export async function dismissNotices(page: Page): Promise<void> {
  const dismiss = page.locator('.notices').getByRole('button', { name: 'Dismiss' })
  while (await dismiss.count()) await dismiss.first().click()
}

/** Where a position of the picture lies on the page. */
export async function onPage(page: Page, x: number, y: number): Promise<readonly [number, number]> {
  await rest(page)
  const box = await page.locator('.stage-shadow').boundingBox()
  if (!box) throw new Error('There is no picture.')
  return [box.x + x * box.width, box.y + y * box.height]
}

export async function dragOn(page: Page, fromX: number, fromY: number, toX: number, toY: number): Promise<void> {
  await dismissNotices(page)
  await page.mouse.move(...(await onPage(page, fromX, fromY)))
  await page.mouse.down()
  await page.mouse.move(...(await onPage(page, toX, toY)), { steps: 6 })
  await page.mouse.up()
}

export async function takeTool(page: Page, key: string): Promise<void> {
  await page.getByTestId('stage').focus()
  await page.keyboard.press(key)
}

/** Adds a folder of models through the dialog, and waits until its row is there. */
export async function addModel(page: Page, path: string, title: string): Promise<void> {
  await command(page, 'Models…')
  const field = page.getByRole('textbox', { name: 'Path of the folder' })
  await field.fill(path)
  // In the field, wherever the keyboard is given back to when the palette has closed.
  await field.press('Enter')
  await page.locator('.model-row').filter({ hasText: title }).waitFor()
  await page.keyboard.press('Escape')
}

export const hasFocus = (field: Locator): Promise<boolean> => field.evaluate((element) => element === document.activeElement)
