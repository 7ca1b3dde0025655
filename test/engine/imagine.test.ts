import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TaskOf } from '../../main/engine/contract.ts'
import { gridBounds, readGrid, readPicture, writePicture } from '../../main/engine/tiles.ts'
import { outcome } from '../../main/math/integrate.ts'
import { type Pixels, TILE } from '../../preload/contract/document.ts'
import type { Progress } from '../../preload/contract/event.ts'
import type { PlacedRegion } from '../../preload/contract/region.ts'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'
import { opaque, speckled } from './imagination/studio.ts'
import { faultOf, openWorkshop, type RunOptions, type Workshop } from './workshop.ts'

const { signal } = new AbortController()
const WHOLE = { x: 0, y: 0, width: 300, height: 280 }
const REGION: PlacedRegion = { from: 'rectangle', x: 40, y: 50, width: 30, height: 20 }

let shop: Workshop
let model: string
let layer: Pixels
beforeAll(async () => {
  shop = openWorkshop()
  model = await added('tiny')
  layer = await writePicture(shop.blobs, opaque(speckled(WHOLE, 5)).rgba, WHOLE, WHOLE, signal)
})
afterAll(() => shop[Symbol.asyncDispose]())

async function added(name: string, options: Parameters<typeof writeTinyDiffusion>[1] = {}): Promise<string> {
  const path = join(shop.folder, name)
  writeTinyDiffusion(path, options)
  const { models } = await outcome(shop.engine.models({ do: 'add', path }, signal))
  return models.find((one) => one.path === path)?.id ?? ''
}

const imagine = (changes: Partial<TaskOf<'imagine'>>, options?: RunOptions) =>
  shop.run(
    {
      type: 'imagine',
      pixels: layer,
      width: WHOLE.width,
      height: WHOLE.height,
      method: 'fill',
      model,
      objects: [{ region: REGION, becomes: 'a cat' }],
      params: { steps: 4 },
      seed: 7,
      ...changes,
    },
    options,
  )

const bytesOf = async (pixels: Pixels) => await readPicture(shop.blobs, readGrid(shop.blobs, pixels, 'rgba8'), WHOLE, signal)

test('the catalogue lists the ways and the model, with all that a panel draws from', async () => {
  const { methods, models } = await shop.engine.catalogue()
  const ways = methods.filter(({ role }) => role === 'imagination')
  expect(ways.map(({ id }) => id)).toEqual(['edit-objects', 'exact-edit', 'fill', 'generate'])
  for (const { params } of ways) expect(params).toMatchObject({ type: 'object', properties: { steps: { type: 'integer' } } })
  expect(models.find(({ id }) => id === model)).toMatchObject({ role: 'text-to-picture', side: 16, multiple: 4, problem: null })
})

test('a picture from words lies in the middle of the document, and the recipe has all to make it again', async () => {
  const result = await imagine({ method: 'generate', pixels: null, objects: [], params: { prompt: 'a cat', steps: 3 } })
  const [made] = result.layers
  const grid = readGrid(shop.blobs, made?.pixels as Pixels, 'rgba8')
  expect({ x: grid.x, y: grid.y }).toEqual({ x: 142, y: 132 })
  const rgba = await readPicture(shop.blobs, grid, { x: 142, y: 132, width: 16, height: 16 }, signal)
  expect(rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true)
  expect(result).toMatchObject({ params: { steps: 3, solver: 'unipc', width: null }, models: [{ id: model }], provider: 'cpu', notes: [] })
  expect(result.models[0]?.sha256).toMatch(/^[0-9a-f]{64}$/)
  const again = await imagine({ method: 'generate', pixels: null, objects: [], params: result.params })
  expect(again.layers).toEqual(result.layers)
})

test('a model is asked as it wants to be, where nothing else is asked for; the recipe has what was', async () => {
  const usual_settings = { guidance: 1, steps: 3, schedule: 'uniform', solver: 'dpm-ot', magic: 2, feather: 'wide' }
  const particular = await added('particular', { index: { usual_settings } })
  const card = (await shop.engine.catalogue()).models.find(({ id }) => id === particular)
  expect(card?.usual).toEqual({ guidance: 1, steps: 3, schedule: 'uniform', solver: 'dpm-ot' })
  expect(card?.notes).toEqual([expect.stringContaining('magic 2'), expect.stringContaining('feather "wide"')])
  const asked = { model: particular, method: 'generate', pixels: null, objects: [] }
  const made = await imagine({ ...asked, params: { prompt: 'a cat', solver: 'ddim' } })
  expect(made.params).toMatchObject({ guidance: 1, steps: 3, schedule: 'uniform', solver: 'ddim' })
  expect(made.notes).toEqual([])
  expect((await imagine({ ...asked, params: made.params })).layers).toEqual(made.layers)
  // A fill begins at the picture, not at a board; it is told that this was asked for in vain.
  const filled = await imagine({ model: particular, params: { feather: 2 } })
  expect(filled.params).toMatchObject({ guidance: 1, steps: 3, schedule: 'uniform', solver: 'unipc', feather: 2 })
  expect(filled.notes.filter((note) => note.includes('left out'))).toEqual([expect.stringContaining('solver "dpm-ot"')])
})

test('a picture from words fills the region that is shown', async () => {
  const { layers } = await imagine({ method: 'generate', pixels: null })
  const grid = readGrid(shop.blobs, layers[0]?.pixels as Pixels, 'rgba8')
  expect({ x: grid.x, y: grid.y }).toEqual({ x: 40, y: 50 })
  const rgba = await readPicture(shop.blobs, grid, { x: 30, y: 40, width: 60, height: 50 }, signal)
  const shown = (x: number, y: number) => rgba[4 * (y * 60 + x) + 3]
  expect([shown(10, 10), shown(39, 29), shown(9, 10), shown(40, 29), shown(39, 30)]).toEqual([255, 255, 0, 0, 0])
})

test.each([
  ['fill', { steps: 4, prompt: 'a cat' }],
  ['exact-edit', { steps: 6, source: 'a dog', prompt: 'a cat' }],
  ['edit-objects', { steps: 6, source: 'a dog' }],
] as const)('%s: the layer comes back changed in its region alone, tile by tile, and the same again', async (method, params) => {
  const result = await imagine({ method, params })
  const pixels = result.layers[0]?.pixels as Pixels
  expect(result.layers).toMatchObject([{ visible: true }])
  const [before, after] = [await bytesOf(layer), await bytesOf(pixels)]
  const changed = { inside: 0, outside: 0 }
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue
    const [x, y] = [(i >> 2) % WHOLE.width, Math.floor((i >> 2) / WHOLE.width)]
    const isNear = x >= 32 && x < 78 && y >= 42 && y < 78
    changed[isNear ? 'inside' : 'outside']++
  }
  expect(changed.outside).toBe(0)
  expect(changed.inside).toBeGreaterThan(300)
  const [was, is] = [readGrid(shop.blobs, layer, 'rgba8'), readGrid(shop.blobs, pixels, 'rgba8')]
  expect([...is.tiles].filter(([key, id]) => was.tiles.get(key) !== id).map(([key]) => key)).toEqual(['0,0'])
  expect((await imagine({ method, params: result.params })).layers).toEqual(result.layers)
})

test('what lies beyond the layer is made to go on from it', async () => {
  const half = await writePicture(shop.blobs, opaque(speckled({ ...WHOLE, width: 200 }, 5)).rgba, { ...WHOLE, width: 200 }, WHOLE, signal)
  const beyond: PlacedRegion = { from: 'rectangle', x: 200, y: 0, width: 100, height: 280 }
  const { layers } = await imagine({ pixels: half, objects: [{ region: beyond, becomes: '' }], params: { steps: 3, feather: 0 } })
  const after = await bytesOf(layers[0]?.pixels as Pixels)
  const before = await bytesOf(half)
  for (let y = 0; y < WHOLE.height; y += 7)
    for (let x = 0; x < WHOLE.width; x += 3) {
      const at = 4 * (y * WHOLE.width + x)
      if (x < 200) expect(after.subarray(at, at + 4)).toEqual(before.subarray(at, at + 4))
      else expect(after[at + 3]).toBe(255)
    }
})

test('the way there is told with pictures, and a cancel is obeyed', async () => {
  const previews = new Set<string | null>()
  const labels = new Set<string>()
  const onProgress = ({ preview, label }: Progress) => {
    previews.add(preview)
    labels.add(label)
  }
  await imagine({}, { onProgress })
  expect(labels).toEqual(new Set(['Filling']))
  expect(previews.size).toBeGreaterThan(0)
  expect(previews).not.toContain(null)
  const controller = new AbortController()
  const cancelled = imagine({ params: { steps: 150 } }, { signal: controller.signal, onProgress: () => controller.abort() })
  expect(await faultOf(cancelled)).toMatchObject({ kind: 'cancelled' })
})

describe('what cannot be is said in words', () => {
  test('no such method, no such model, no such setting', async () => {
    expect(await faultOf(imagine({ method: 'magic' }))).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/magic/) })
    expect(await faultOf(imagine({ model: 'nothing' }))).toMatchObject({ kind: 'missing', why: expect.stringMatching(/nothing/) })
    expect(await faultOf(imagine({ params: { width: 3 } }))).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/width/) })
  })

  test('no words, no layer, nothing in the region, too large', async () => {
    const wordless = [{ region: REGION, becomes: ' ' }]
    for (const method of ['generate', 'exact-edit', 'edit-objects'])
      expect(await faultOf(imagine({ method, params: {}, objects: wordless }))).toMatchObject({
        kind: 'invalid',
        why: expect.stringMatching(/words|becomes/),
      })
    expect(await faultOf(imagine({ pixels: null }))).toMatchObject({ kind: 'invalid', todo: expect.stringMatching(/layer/) })
    const away: PlacedRegion = { from: 'rectangle', x: 400, y: 0, width: 9, height: 9 }
    expect(await faultOf(imagine({ objects: [{ region: away, becomes: 'a cat' }] }))).toMatchObject({
      why: expect.stringMatching(/Region 1/),
    })
    const large = { prompt: 'a cat', width: 64, height: 64 }
    expect(await faultOf(imagine({ method: 'generate', objects: [], params: large }))).toMatchObject({
      why: expect.stringMatching(/16 × 16/),
    })
    expect(await faultOf(imagine({ method: 'edit-objects', objects: [], params: {} }))).toMatchObject({ kind: 'invalid' })
    const corners = [0, 29_990].map((x): PlacedRegion => ({ from: 'rectangle', x, y: x, width: 10, height: 10 }))
    const apart = { width: 30_000, height: 30_000, objects: corners.map((region) => ({ region, becomes: 'a cat' })) }
    for (const method of ['generate', 'fill'])
      expect(await faultOf(imagine({ ...apart, method }))).toMatchObject({
        kind: 'invalid',
        why: expect.stringMatching(/pixels; 64 megapixels/),
      })
  })

  test('a model that takes no pictures in', async () => {
    const blind = await added('blind', { noEncoder: true })
    expect(await faultOf(imagine({ model: blind }))).toMatchObject({ kind: 'unsupported', why: expect.stringMatching(/vae_encoder/) })
    const { layers } = await imagine({ model: blind, method: 'generate', objects: [], params: { prompt: 'a cat', steps: 2 } })
    expect(layers).toHaveLength(1)
  })
})

describe('what a region covers', () => {
  const shownOf = async (region: PlacedRegion, pixels: Pixels | null = layer) => {
    const { mask, blob } = await shop.run({ type: 'region', pixels, width: WHOLE.width, height: WHOLE.height, region })
    const { data, info } = await sharp(shop.blobs.get(blob)).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    expect({ width: info.width, height: info.height }).toEqual({ width: WHOLE.width, height: WHOLE.height })
    const tiles = readGrid(shop.blobs, mask.pixels, 'r8').tiles
    return { at: (x: number, y: number) => data[(y * WHOLE.width + x) * info.channels + info.channels - 1], tiles, rest: mask.rest }
  }

  test('a rectangle with fractions, and a line by the even-odd rule', async () => {
    const { at, tiles, rest } = await shownOf({ from: 'rectangle', x: 10.5, y: 20.25, width: 250, height: 2 })
    expect([at(10, 20), at(11, 20), at(11, 21), at(260, 21), at(261, 21), at(11, 23)]).toEqual([96, 191, 255, 128, 0, 0])
    expect([...tiles.keys()].sort()).toEqual(['0,0', '1,0'])
    expect(rest).toBe(0)
    const square = (x: number, side: number): [number, number][] => [
      [x, x],
      [x + side, x],
      [x + side, x + side],
      [x, x + side],
      [x, x],
    ]
    const ring = await shownOf({ from: 'polygon', points: [...square(20, 60), ...square(40, 20)] })
    expect([ring.at(30, 30), ring.at(50, 50), ring.at(79, 79), ring.at(80, 79)]).toEqual([255, 0, 255, 0])
  })

  test('the pixels of a layer and what its mask leaves of them', async () => {
    const rect = { x: 5, y: 6, width: 20, height: 10 }
    const soft = speckled(rect, 2)
    const pixels = await writePicture(shop.blobs, soft.rgba, rect, rect, signal)
    const { at } = await shownOf({ from: 'pixels', pixels, mask: null })
    expect([at(5, 6), at(24, 15), at(4, 6)]).toEqual([soft.rgba[3], soft.rgba.at(-1), 0])
    const { mask } = await shop.run({
      type: 'region',
      pixels: null,
      width: WHOLE.width,
      height: WHOLE.height,
      region: { from: 'rectangle', x: 0, y: 0, width: 10, height: TILE },
    })
    const masked = await shownOf({ from: 'pixels', pixels, mask })
    expect([masked.at(5, 6), masked.at(9, 6), masked.at(10, 6)]).toEqual([at(5, 6), at(9, 6), 0])
    expect(gridBounds(readGrid(shop.blobs, pixels, 'rgba8'))).not.toBeNull()
  })

  test('the thing under a point, as the layer tells', async () => {
    const rgba = new Uint8Array(WHOLE.width * WHOLE.height * 4)
    for (let y = 0; y < WHOLE.height; y++)
      for (let x = 0; x < WHOLE.width; x++) {
        const isDisc = Math.hypot(x - 150, y - 120) < 40
        rgba.set(isDisc ? [200, 40, 30, 255] : [40, 90, 160, 255], 4 * (y * WHOLE.width + x))
      }
    const pixels = await writePicture(shop.blobs, rgba, WHOLE, WHOLE, signal)
    const { at } = await shownOf({ from: 'thing', on: [[150, 120]], beside: [], box: null }, pixels)
    expect([at(150, 120), at(120, 100), at(30, 30), at(280, 250)]).toEqual([255, 255, 0, 0])
    const nobody: PlacedRegion = { from: 'thing', on: [], beside: [], box: null }
    const asked = shop.run({ type: 'region', pixels, width: WHOLE.width, height: WHOLE.height, region: nobody })
    expect(await faultOf(asked)).toMatchObject({ kind: 'invalid' })
  })

  test('nothing at all is no fault', async () => {
    const { tiles } = await shownOf({ from: 'pixels', pixels: null, mask: null })
    expect(tiles.size).toBe(0)
  })
})
