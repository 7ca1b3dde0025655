import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Pixels, TILE } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { decodeTileIndex, encodeTileIndex } from '../../preload/contract/tile-index.ts'
import { faultOf, openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const BOUNDS = { width: 300, height: 280 }
/** A layer of one tile: noise, a soft hole in the middle, nothing right of column 200. */
function holedLayer(): Pixels {
  const rgba = new Uint8Array(TILE * TILE * 4)
  for (let y = 0; y < TILE; y++)
    for (let x = 0; x < TILE; x++) {
      const grain = ((x * 7919 + y * 104_729) % 97) - 48
      const distance = Math.hypot(x - 100, y - 100)
      const alpha = x >= 200 ? 0 : Math.min(255, Math.max(0, (distance - 20) * 10))
      rgba.set([128 + grain, 100 + grain, 60 + (grain >> 1), alpha], 4 * (y * TILE + x))
    }
  return { index: shop.blobs.put(encodeTileIndex({ format: 'rgba8', tiles: new Map([['0,0', shop.blobs.put(rgba)]]) })), x: 10, y: -20 }
}
const tilesOf = (pixels: Pixels) => decodeTileIndex(shop.blobs.get(pixels.index)).tiles
const onlyTile = (pixels: Pixels) => shop.blobs.get(tilesOf(pixels).get('0,0') as BlobId)
const restore = (pixels: Pixels, params: Record<string, number | null> = {}, seed = 7) =>
  shop.run({ type: 'restore', pixels, ...BOUNDS, method: 'pmrf', params: { steps: 2, ...params }, seed })

test('lands as a faithful and a realistic picture on the grid of the source, with all that made it', async () => {
  const source = holedLayer()
  const result = await restore(source)
  expect(result.layers.map(({ label, visible }) => [label, visible])).toEqual([
    ['faithful', false],
    ['realistic', true],
  ])
  for (const { pixels, measures } of result.layers) {
    expect(pixels).toMatchObject({ x: 10, y: -20 })
    expect(measures.consistency).toEqual(expect.any(Number))
  }
  expect(result).toMatchObject({ provider: 'cpu', params: { steps: 2, blend: 1 } })
  expect(result.models).toEqual([
    { id: 'tiny-mean', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { id: 'tiny-flow', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ])
})

test('alpha stays, what does not show stays to the byte, what lies outside the picture is left out', async () => {
  const source = holedLayer()
  const before = onlyTile(source)
  const after = onlyTile((await restore(source)).layers[0]?.pixels as Pixels)
  let changed = 0
  for (let y = 0; y < TILE; y++)
    for (let x = 0; x < TILE; x++) {
      const at = 4 * (y * TILE + x)
      const [old, now] = [before.subarray(at, at + 4), after.subarray(at, at + 4)]
      // The layer lies 20 pixels above the picture; its first 20 rows are outside.
      if (y < 20 || x >= 200) expect([...now]).toEqual([0, 0, 0, 0])
      else if (old[3] === 0) expect([...now]).toEqual([...old])
      else {
        expect(now[3]).toBe(old[3])
        if (now[0] !== old[0]) changed++
      }
    }
  expect(changed).toBeGreaterThan(10_000)
})

test('a cut-out gets no dark rim: where nothing shows, the method sees the colours around', async () => {
  const rgba = new Uint8Array(TILE * TILE * 4)
  for (let y = 0; y < TILE; y++)
    for (let x = 0; x < TILE; x++) if (Math.hypot(x - 128, y - 128) < 100) rgba.set([200, 100, 50, 255], 4 * (y * TILE + x))
  const index = shop.blobs.put(encodeTileIndex({ format: 'rgba8', tiles: new Map([['0,0', shop.blobs.put(rgba)]]) }))
  const { layers } = await restore({ index, x: 0, y: 0 })
  const faithful = onlyTile(layers[0]?.pixels as Pixels)
  // The tiny network sees zeros beyond the picture it is given; the disc touches those at four places only.
  for (let i = 0; i < faithful.length; i += 4)
    if (faithful[i + 3] === 255 && Math.abs(((i / 4) % TILE) - 128) < 98 && Math.abs(i / 4 / TILE - 128) < 98)
      expect([...faithful.subarray(i, i + 3)]).toEqual([200, 100, 50])
})

test('the same seed gives the same bytes, another seed others; the engine that ran it does not matter', async () => {
  const source = holedLayer()
  const first = await restore(source)
  expect((await restore(source)).layers).toEqual(first.layers)
  expect((await restore(source, {}, 8)).layers[1]?.pixels).not.toEqual(first.layers[1]?.pixels)
  shop.engine.kill()
  expect((await restore(source)).layers).toEqual(first.layers)
})

test('a knob that is wrong is named', async () => {
  const source = holedLayer()
  expect(await faultOf(restore(source, { steps: 0 }))).toMatchObject({ kind: 'invalid', why: expect.stringContaining('Steps') })
  expect(await faultOf(restore(source, { blend: 2 }))).toMatchObject({ kind: 'invalid', why: expect.stringContaining('Realism') })
  expect(await faultOf(restore(source, { flavour: 1 }))).toMatchObject({ kind: 'invalid', why: expect.stringContaining('flavour') })
  const unknown = shop.run({ type: 'restore', pixels: source, ...BOUNDS, method: 'magic', params: {}, seed: 1 })
  expect(await faultOf(unknown)).toMatchObject({ kind: 'invalid', why: expect.stringContaining('magic') })
})

test('an empty layer, one beside the picture and a sliver are refused in words', async () => {
  const empty = { index: shop.blobs.put(encodeTileIndex({ format: 'rgba8', tiles: new Map() })), x: 0, y: 0 }
  expect(await faultOf(restore(empty))).toMatchObject({ kind: 'invalid', why: expect.stringContaining('empty') })
  expect(await faultOf(restore({ ...holedLayer(), x: 5000 }))).toMatchObject({ kind: 'invalid', why: expect.stringContaining('empty') })
  expect(await faultOf(restore({ ...holedLayer(), x: 295 }))).toMatchObject({ kind: 'invalid', why: expect.stringContaining('pixels') })
})

test('progress counts up to its end and shows a preview', async () => {
  const seen: { step: number; steps: number; left: number | null; preview: BlobId | null }[] = []
  await shop.run(
    { type: 'restore', pixels: holedLayer(), ...BOUNDS, method: 'pmrf', params: { steps: 4 }, seed: 1 },
    { onProgress: (progress) => seen.push(progress) },
  )
  const steps = seen.map(({ step }) => step)
  expect(steps).toEqual([...steps].sort((a, b) => a - b))
  expect(seen.at(-1)).toMatchObject({ step: seen[0]?.steps, left: 0 })
  const preview = shop.blobs.get(seen.at(-1)?.preview as BlobId)
  expect([...preview.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
})

test('a model whose file is not the one listed is not used, and the catalogue says so', async () => {
  await using other = openWorkshop()
  const source = await other.run({ type: 'fill', width: 64, height: 64, color: [9, 9, 9] })
  const task = { type: 'restore' as const, pixels: source.pixels, width: 64, height: 64, method: 'pmrf', params: { steps: 1 }, seed: 1 }
  const file = join(other.models, 'tiny-flow.onnx')
  writeFileSync(file, 'something else')
  expect(await faultOf(other.run(task))).toMatchObject({ kind: 'damaged', why: expect.stringContaining('SHA-256') })
  const { models } = await other.engine.catalogue()
  expect(models.map(({ problem }) => problem)).toEqual([null, expect.stringContaining('SHA-256')])
  rmSync(file)
  expect(await faultOf(other.run(task))).toMatchObject({ kind: 'missing', why: expect.stringContaining('tiny-flow.onnx') })
  writeFileSync(join(other.models, 'manifest.json'), '{ "models": [{}] }')
  expect(await faultOf(other.run(task))).toMatchObject({ kind: 'damaged' })
  rmSync(join(other.models, 'manifest.json'))
  expect(await faultOf(other.run(task))).toMatchObject({ kind: 'missing' })
  expect((await other.engine.catalogue()).models).toEqual([])
})

test('models that do not fit in the memory allowed are refused before they are loaded', async () => {
  await using small = openWorkshop({ memory: 600 })
  const source = await small.run({ type: 'fill', width: 64, height: 64, color: [9, 9, 9] })
  const task = { type: 'restore' as const, pixels: source.pixels, width: 64, height: 64, method: 'pmrf', params: { steps: 1 }, seed: 1 }
  expect(await faultOf(small.run(task))).toMatchObject({ kind: 'engine', what: expect.stringContaining('memory') })
  expect(small.engine.state.memory.used).toBeLessThanOrEqual(600)
})

test('a flow that was trained on another posterior mean is refused', async () => {
  const manifest = join(shop.models, 'manifest.json')
  const listed = readFileSync(manifest, 'utf8')
  const { models } = JSON.parse(listed) as { models: { role: string; sha256: string }[] }
  const trainedOn = (sha256: string | undefined) =>
    writeFileSync(
      manifest,
      JSON.stringify({ models: models.map((model) => (model.role === 'rectified-flow' ? { ...model, trainedOn: sha256 } : model)) }),
    )
  try {
    trainedOn('0'.repeat(64))
    expect(await faultOf(restore(holedLayer()))).toMatchObject({ kind: 'invalid', why: expect.stringContaining('tiny-flow') })
    trainedOn(models.find(({ role }) => role === 'posterior-mean')?.sha256)
    expect((await restore(holedLayer())).layers).toHaveLength(2)
  } finally {
    writeFileSync(manifest, listed)
  }
})
