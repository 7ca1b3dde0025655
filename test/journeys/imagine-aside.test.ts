import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stateOf } from './canvas-sight.ts'
import { eventually } from './kit/eventually.ts'
import { dragOn, onPage, takeTool, taskBar } from './kit/hand.ts'
import { type PainterSitting, sitWithPainter } from './kit/painter-sitting.ts'
import { layers } from './kit/panels.ts'
import { DISC } from './kit/scenes.ts'

// Words into a thing, and a second picture beside the one that is worked on: each test goes on where the last has stopped.

let sitting: PainterSitting
let page: Page
let errors: readonly string[]

const tab = (title: string) => page.locator('.document-tab').getByRole('button', { name: new RegExp(`^${title}`) })

beforeAll(async () => {
  sitting = await sitWithPainter()
  ;({ page, errors } = sitting)
})
afterAll(() => sitting?.[Symbol.asyncDispose]())

test('a picture from words goes where a thing was clicked, in its shape', async () => {
  await takeTool(page, 'w')
  await page.mouse.click(...(await onPage(page, DISC.x, DISC.y)))
  await page.getByRole('tab', { name: 'Generate' }).click()
  await page.getByRole('checkbox', { name: 'Only where the objects are shown' }).waitFor()
  await page.getByRole('tab', { name: /^Edit/ }).click()
  await eventually(() => page.locator('.object-chip path').first().getAttribute('d')).toMatch(/^M/)
  await page.getByRole('tab', { name: 'Generate' }).click()
  const words = page.getByRole('textbox', { name: 'What shall it be?' })
  await words.fill('a cat')
  await words.press('Control+Enter')
  await eventually(() => layers(page).count()).toBe(2)
  const made = (await stateOf(page)).document.layers.find(({ recipe }) => recipe?.method === 'generate')
  const region = made?.recipe?.objects[0]?.region
  const points = region?.from === 'polygon' ? region.points : []
  const [left, right] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))]
  expect(Math.abs((left + right) / 2 - 420 * DISC.x)).toBeLessThan(3)
  expect(Math.abs(right - left - 2 * 300 * DISC.radius)).toBeLessThan(6)
})

test('drafts of one picture leave the keys of another alone, and a frame stays with its picture', async () => {
  await page.getByTestId('stage').focus()
  await page.keyboard.press('Control+d')
  await page.getByRole('combobox', { name: 'Variations' }).selectOption('2')
  await page.getByRole('textbox', { name: 'What shall it be?' }).press('Control+Enter')
  await eventually(() => page.locator('.draft:not(:disabled)').count()).toBe(2)

  await page.keyboard.press('Escape')
  await page.getByTestId('stage').focus()
  await page.keyboard.press('Alt+n')
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  await eventually(async () => (await stateOf(page)).file.title).toBe('Untitled')
  const { width } = (await stateOf(page)).document
  await takeTool(page, 'c')
  await dragOn(page, 1, 0.5, 0.8, 0.5)
  await page.keyboard.press('Enter')
  await eventually(async () => (await stateOf(page)).document.width).toBe(Math.round(0.8 * width))

  await dragOn(page, 1, 0.5, 0.8, 0.5)
  await taskBar(page).getByRole('button', { name: 'Apply frame' }).waitFor()
  await tab('Table').click()
  await eventually(() => page.locator('.draft').count()).toBe(2)
  await tab('Untitled').click()
  await taskBar(page).waitFor()
  expect(await taskBar(page).getByRole('button', { name: 'Apply frame' }).count()).toBe(0)
})

test('nothing went wrong behind the scenes', () => {
  expect(errors).toEqual([])
})
