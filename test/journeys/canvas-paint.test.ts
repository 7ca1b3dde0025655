import { afterAll, beforeAll, expect, test } from 'vitest'
import { difference, rest, see, stateOf } from './canvas-sight.ts'
import { HEIGHT, Sitting, WIDTH } from './canvas-sitting.ts'
import { keepScreenshot } from './kit/browser.ts'

// One sitting of an artist, each test goes on where the last has stopped: a photo, paint, masks, moves, and back again.

let sitting: Sitting
beforeAll(async () => {
  sitting = await Sitting.begin()
})
afterAll(() => sitting?.[Symbol.asyncDispose]())

test('a photo that is dropped is shown as it is, to the byte', async () => {
  const seen = await see(sitting.page)
  expect([seen.width, seen.height]).toEqual([WIDTH, HEIGHT])
  expect(difference(seen.pixels, sitting.photo)).toBe(0)
})

test('a stroke on a new layer is seen while it is drawn, and is what is stored', async () => {
  await sitting.page.getByRole('button', { name: 'New layer' }).first().click()
  await expect.poll(async () => (await stateOf(sitting.page)).document.layers.length).toBe(2)
  await sitting.page.keyboard.press('b')
  const wave = Array.from({ length: 24 }, (_, i) => [60 + i * 20, 200 + 90 * Math.sin(i / 2)] as const)
  let wet: Uint8Array | undefined
  const dry = await sitting.afterMove(async () => {
    await sitting.drag(wave, false)
    await rest(sitting.page)
    expect(difference((await see(sitting.page)).pixels, sitting.photo)).toBeGreaterThan(50)
    await sitting.page.mouse.up()
    wet = (await see(sitting.page)).pixels
  })
  expect(difference(dry.pixels, Uint8Array.from(wet ?? []))).toBe(0)
  expect(await sitting.differed()).toEqual([])
  await keepScreenshot(sitting.page, 'canvas-paint')
})

test('strokes may follow faster than they are stored', async () => {
  const before = (await stateOf(sitting.page)).revisions.length
  for (let i = 0; i < 4; i++) {
    await sitting.drag([
      [100 + 60 * i, 60],
      [140 + 60 * i, 400],
    ])
  }
  await expect.poll(async () => (await stateOf(sitting.page)).revisions.length, { timeout: 10_000 }).toBe(before + 4)
  await sitting.expectStored()
  expect(await sitting.differed()).toEqual([])
})

test('undo and redo bring the pixels back', async () => {
  const painted = (await see(sitting.page)).pixels
  await sitting.pressMoving('Control+z', 5)
  expect(difference((await see(sitting.page)).pixels, sitting.photo)).toBe(0)
  await sitting.pressMoving('Control+Shift+Z', 5)
  expect(difference((await see(sitting.page)).pixels, painted)).toBe(0)
})

test('undo right after a stroke undoes that stroke', async () => {
  const before = await see(sitting.page)
  const { revisions } = await stateOf(sitting.page)
  await sitting.drag([
    [40, 40],
    [200, 60],
  ])
  await sitting.page.keyboard.press('Control+z')
  await expect.poll(async () => (await stateOf(sitting.page)).revisions.length).toBe(revisions.length + 1)
  await expect.poll(() => sitting.revisionNow()).toBe(revisions.at(-1)?.id)
  await sitting.expectStored()
  expect(difference((await see(sitting.page)).pixels, before.pixels)).toBe(0)
})

test('the mask brush hides and shows, and the eraser erases', async () => {
  await sitting.afterMove(() => sitting.page.getByRole('button', { name: 'Add a mask' }).first().click())
  await sitting.page.keyboard.press('q')
  const hidden = await sitting.afterMove(() =>
    sitting.drag([
      [60, 200],
      [400, 260],
    ]),
  )
  await sitting.page.keyboard.down('Control')
  const shown = await sitting.afterMove(() =>
    sitting.drag([
      [60, 200],
      [200, 220],
    ]),
  )
  await sitting.page.keyboard.up('Control')
  expect(difference(hidden.pixels, Uint8Array.from(shown.pixels))).toBeGreaterThan(50)
  await sitting.page
    .getByRole('button', { name: /^Paint on Layer/ })
    .first()
    .click()
  await sitting.page.keyboard.press('e')
  await sitting.afterMove(() =>
    sitting.drag([
      [480, 60],
      [500, 400],
    ]),
  )
  expect(await sitting.differed()).toEqual([])
  await keepScreenshot(sitting.page, 'canvas-mask')
})

test('a layer moves under the hand and by the arrows, and stays where it was put', async () => {
  await sitting.page.keyboard.press('v')
  const origin = async () => (await stateOf(sitting.page)).document.layers.at(-1)?.pixels
  const before = await origin()
  await sitting.afterMove(async () => {
    await sitting.drag(
      [
        [300, 200],
        [333, 181],
      ],
      false,
    )
    await rest(sitting.page)
    const held = (await see(sitting.page)).pixels
    await sitting.page.mouse.up()
    // Nothing jumps when the hand lets go.
    await rest(sitting.page)
    expect(difference((await see(sitting.page)).pixels, Uint8Array.from(held))).toBe(0)
  })
  await sitting.afterMove(() => sitting.page.keyboard.press('ArrowRight'))
  await sitting.afterMove(() => sitting.page.keyboard.press('Shift+ArrowUp'))
  expect(await origin()).toEqual({ index: before?.index, x: (before?.x ?? 0) + 34, y: (before?.y ?? 0) - 29 })
})

test('the eyedropper takes the colour under it', async () => {
  await sitting.page.keyboard.press('i')
  const { x, y, pixels } = await see(sitting.page)
  await sitting.page.mouse.click(x + 600, y + 440)
  const at = 4 * (440 * WIDTH + 600)
  const hex = [0, 1, 2].map((c) => (pixels[at + c] ?? 0).toString(16).padStart(2, '0')).join('')
  await expect.poll(() => sitting.page.locator('.swatches').innerHTML()).toContain(hex)
})

test('zooming keeps what is under the pointer, panning follows the hand', async () => {
  const position = () => sitting.page.locator('.status-position').textContent()
  const seen = await see(sitting.page)
  await sitting.page.mouse.move(seen.x + 401, seen.y + 120)
  const under = await position()
  await sitting.page.keyboard.down('Control')
  for (let i = 0; i < 5; i++) await sitting.page.mouse.wheel(0, -200)
  await sitting.page.keyboard.up('Control')
  await expect.poll(() => sitting.page.locator('.status-zoom').textContent()).not.toBe('100 %')
  await sitting.page.mouse.move(seen.x + 401.4, seen.y + 120)
  expect(await position()).toBe(under)
  await keepScreenshot(sitting.page, 'canvas-zoomed')

  await sitting.page.mouse.move(500, 300)
  const held = await position()
  await sitting.page.keyboard.down('Space')
  await sitting.page.mouse.down()
  await sitting.page.mouse.move(560, 350, { steps: 3 })
  await sitting.page.mouse.up()
  await sitting.page.keyboard.up('Space')
  expect(await position()).toBe(held)
  await sitting.page.keyboard.press('Control+0')
  await sitting.page.keyboard.press('Control+1')
  await expect.poll(() => sitting.page.locator('.status-zoom').textContent()).toBe('100 %')
  await sitting.expectStored()
})

test('after a reload everything is as it was', async () => {
  const before = await see(sitting.page)
  await sitting.page.reload()
  await sitting.page.locator('.stage canvas').first().waitFor()
  await sitting.page.keyboard.press('Control+1')
  await sitting.expectStored()
  expect(difference((await see(sitting.page)).pixels, before.pixels)).toBe(0)
  expect(sitting.errors).toEqual([])
})
