import { afterAll, beforeAll, expect, test } from 'vitest'
import { difference, rest, runElsewhere, see, stateOf } from './canvas-sight.ts'
import { Sitting, WIDTH } from './canvas-sitting.ts'

// What does not become paint: a locked layer, a stroke that is refused or taken back; and a stroke that has no layer yet.

let sitting: Sitting
beforeAll(async () => {
  sitting = await Sitting.begin()
})
afterAll(() => sitting?.[Symbol.asyncDispose]())

test('a layer of its own to paint on', async () => {
  await sitting.page.getByRole('button', { name: 'New layer' }).first().click()
  await expect.poll(async () => (await stateOf(sitting.page)).document.layers.length).toBe(2)
})

test('painting on a locked layer says why and offers the remedy', async () => {
  await sitting.afterMove(() =>
    sitting.page
      .getByRole('button', { name: /^Lock Layer/ })
      .first()
      .click(),
  )
  await sitting.page.keyboard.press('b')
  const before = await sitting.revisionNow()
  await sitting.drag([
    [100, 100],
    [200, 100],
  ])
  await sitting.page.getByText('The layer is locked.').waitFor()
  expect(await sitting.revisionNow()).toBe(before)
  await sitting.afterMove(() => sitting.page.getByRole('button', { name: 'Unlock', exact: true }).click())
})

test('a stroke that the studio refuses is taken off again, with the reason', async () => {
  const before = await see(sitting.page)
  const layer = (await stateOf(sitting.page)).document.layers.at(-1)?.id
  if (!layer) throw new Error('There is no layer.')
  await sitting.drag(
    [
      [100, 300],
      [300, 330],
    ],
    false,
  )
  const unlocked = await sitting.revisionNow()
  await runElsewhere(sitting.page, { type: 'layer.set', layer, change: { locked: true } })
  await expect.poll(() => sitting.revisionNow()).not.toBe(unlocked)
  await sitting.page.mouse.up()
  await sitting.page
    .locator('.notices')
    .getByText(/locked/)
    .first()
    .waitFor()
  await sitting.expectStored()
  expect(difference((await see(sitting.page)).pixels, Uint8Array.from(before.pixels))).toBe(0)
  await sitting.afterMove(() => runElsewhere(sitting.page, { type: 'layer.set', layer, change: { locked: false } }))
})

test('Escape takes a stroke away', async () => {
  const before = await see(sitting.page)
  await sitting.drag(
    [
      [100, 300],
      [300, 330],
    ],
    false,
  )
  await rest(sitting.page)
  expect(difference((await see(sitting.page)).pixels, Uint8Array.from(before.pixels))).toBeGreaterThan(20)
  await sitting.page.keyboard.press('Escape')
  await sitting.page.mouse.up()
  await rest(sitting.page)
  expect(difference((await see(sitting.page)).pixels, Uint8Array.from(before.pixels))).toBe(0)
  await sitting.expectStored()
})

test('painting where there is no layer makes one', async () => {
  for (const { id } of (await stateOf(sitting.page)).document.layers) await runElsewhere(sitting.page, { type: 'layer.remove', layer: id })
  await expect.poll(async () => (await stateOf(sitting.page)).document.layers).toEqual([])
  await sitting.page.getByText('No layers yet').waitFor()
  await sitting.page.keyboard.press('d')
  await sitting.drag([
    [100, 100],
    [400, 300],
  ])
  await expect.poll(async () => (await stateOf(sitting.page)).document.layers[0]?.pixels ?? null).not.toBeNull()
  await sitting.expectStored()
  expect((await see(sitting.page)).pixels.slice(4 * (200 * WIDTH + 250), 4 * (200 * WIDTH + 250) + 3)).toEqual(Uint8Array.of(0, 0, 0))
  expect(await sitting.differed()).toEqual([])
})
