import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { dragOn, takeTool } from './kit/hand.ts'
import { type PainterSitting, sitWithPainter } from './kit/painter-sitting.ts'
import { layers } from './kit/panels.ts'
import { BOX } from './kit/scenes.ts'

// What the page alone knows of a picture, across frames and reloads: each test goes on where the last has stopped.

let sitting: PainterSitting
let page: Page
let errors: readonly string[]

beforeAll(async () => {
  sitting = await sitWithPainter()
  ;({ page, errors } = sitting)
})
afterAll(() => sitting?.[Symbol.asyncDispose]())

/** Where the first object lies, as its small picture draws it. */
const shape = () => page.locator('.object-chip path').first().getAttribute('d')
const edit = () => page.getByRole('tab', { name: /^Edit/ }).click()
const reload = async () => {
  await page.reload()
  await layers(page).first().waitFor()
}

test('objects stay over what they were shown on when a frame is undone and done again', async () => {
  await takeTool(page, 'm')
  await dragOn(page, BOX.x, BOX.y, BOX.x + BOX.width, BOX.y + BOX.height)
  await edit()
  await page.getByRole('textbox', { name: 'What object 1 becomes' }).fill('a crate')
  const before = await shape()
  await takeTool(page, 'c')
  await dragOn(page, 0, 0.5, 0.2, 0.5)
  await page.keyboard.press('Enter')
  await eventually(async () => (await shape()) === before).toBe(false)
  const framed = await shape()
  await page.keyboard.press('Control+z')
  await eventually(shape).toBe(before)
  await page.keyboard.press('Control+Shift+z')
  await eventually(shape).toBe(framed)
})

test('a page that is loaded anew has them again, with their words; undo finds them where they belong', async () => {
  const framed = await shape()
  await reload()
  await edit()
  await eventually(shape).toBe(framed)
  expect(await page.getByRole('textbox', { name: 'What object 1 becomes' }).inputValue()).toBe('a crate')
  await page.getByTestId('stage').focus()
  await page.keyboard.press('Control+z')
  await eventually(async () => (await shape()) === framed).toBe(false)
  await page.keyboard.press('Control+d')
})

test('drafts are there to choose from after a reload; what is undone does not wait', async () => {
  await page.getByRole('tab', { name: 'Generate' }).click()
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Tiny painter' })
  await page.getByRole('combobox', { name: 'Variations' }).selectOption('2')
  await page.getByRole('textbox', { name: 'What shall it be?' }).fill('a cat')
  await page.getByRole('textbox', { name: 'What shall it be?' }).press('Control+Enter')
  await eventually(() => page.locator('.draft:not(:disabled)').count()).toBe(2)
  await reload()
  await eventually(() => page.locator('.draft:not(:disabled)').count()).toBe(2)
  await page.getByTestId('stage').focus()
  await page.keyboard.press('Control+z')
  await eventually(() => page.locator('.draft-state').allTextContents()).toEqual(['undone'])
  await page.keyboard.press('Enter')
  await eventually(() => page.locator('.draft').count()).toBe(0)
  await reload()
  expect(await page.locator('.draft').count()).toBe(0)
})

test('nothing went wrong behind the scenes', () => {
  expect(errors).toEqual([])
})
