import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEngineProcess } from '../../main/engine/child-process.ts'
import { type Document, type Job, type LayerId, type ProjectId, type RevisionId, TILE } from '../../preload/contract/index.ts'
import { decodeTileIndex } from '../../preload/contract/tile-index.ts'
import { type CommandInput, outcome, type TestStudio, temporaryFolder, testStudio } from '../kit/project.ts'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'

const [WIDTH, HEIGHT] = [48, 40]
let folder: ReturnType<typeof temporaryFolder>
let studio: TestStudio
let project: ProjectId
let layer: LayerId
let model: string

beforeAll(async () => {
  folder = temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  writeTinyDiffusion(at('tiny'))
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 25 }
  await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#7f6a50', noise } })
    .png()
    .toFile(at('in.png'))
  const alone = { HF_HUB_CACHE: at('nowhere'), COMFYUI_PATH: at('nowhere') }
  studio = await testStudio(at('data'), {
    startEngine: (wish) => startEngineProcess({ models: at('models'), library: at('library'), provider: 'cpu', env: alone, ...wish }),
  })
  const { models } = await outcome(studio.client.models({ do: 'add', path: at('tiny') }))
  model = models[0].id
  const opened = await studio.client.open({ from: 'path', path: at('in.png') })
  project = opened.file.id
  layer = opened.document.layers[0].id
})
afterAll(async () => {
  await studio.stop()
  folder[Symbol.dispose]()
})

/** Bytes of a layer's first tile: the whole picture lies in it. */
function tileOf(document: Document, id: LayerId): Uint8Array {
  const { pixels } = document.layers.find((one) => one.id === id)!
  const { tiles } = decodeTileIndex(studio.blobs(project).get(pixels!.index))
  return studio.blobs(project).get(tiles.get('0,0')!)
}

const boxes = [[4, 4, 10, 12], [30, 20, 9, 9]] as const // biome-ignore format: a table

test('two objects become something else; undone, run again, the same bytes; outside nothing changes', { timeout: 60_000 }, async () => {
  const objects = boxes.map(([x, y, width, height], i) => ({
    region: { from: 'rectangle' as const, x, y, width, height },
    becomes: ['a red cat', 'a hat'][i],
  }))
  const params = { source: 'two cats', steps: 4, feather: 2 }
  const command: CommandInput = { type: 'picture.imagine', method: 'edit-objects', model, layer, objects, params, seed: 11 }
  const jobs: Job[] = []
  const work = studio.client.run({ project, command })
  let next = await work.next()
  for (; !next.done; next = await work.next()) jobs.push(next.value)
  const revision = next.value.revision as RevisionId
  expect(jobs.some(({ progress }) => progress?.preview)).toBe(true)

  const { document, revisions } = await studio.state(project)
  expect(revisions.at(-1)?.label).toBe('Edit objects · two cats → a red cat, a hat')
  const made = document.layers[1]
  const [before, after] = [tileOf(document, layer), tileOf(document, made.id)]
  const changed = new Set<string>()
  for (let i = 0; i < after.length; i++) if (after[i] !== before[i]) changed.add(`${(i >> 2) % TILE},${Math.floor((i >> 2) / TILE)}`)
  const isInside = (at: string) => {
    const [x, y] = at.split(',').map(Number)
    return boxes.some(([left, top, width, height]) => x >= left - 2 && y >= top - 2 && x < left + width + 2 && y < top + height + 2)
  }
  expect(changed.size).toBeGreaterThan(0)
  expect([...changed].filter((at) => !isInside(at))).toEqual([])

  await studio.run(project, { type: 'history.undo' })
  const again = await studio.run(project, { type: 'revision.rerun', revision })
  expect(again.notes).toContain('The result is the same as the first time, byte for byte.')
  const rerun = (await studio.state(project)).document.layers[1]
  expect([rerun.pixels, rerun.recipe?.objects]).toEqual([made.pixels, made.recipe?.objects])
})

test('a region is shown at the size of the picture, as opaque as it covers', async () => {
  const region = { from: 'rectangle' as const, x: 4, y: 4, width: 10, height: 12 }
  const { file } = await studio.run(project, { type: 'region.show', layer, region })
  const png = sharp(studio.blobs(project).get(file!.blob!)).ensureAlpha()
  const { data, info } = await png.raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([WIDTH, HEIGHT])
  const opacity = (x: number, y: number) => data[info.channels * (y * WIDTH + x + 1) - 1]
  expect([opacity(3, 3), opacity(5, 5), opacity(13, 15), opacity(14, 16)]).toEqual([0, 255, 255, 0])
})

test('the frame grows and the new part is filled; what was there stays', { timeout: 60_000 }, async () => {
  await studio.run(project, { type: 'document.frame', x: -8, y: 0, width: WIDTH + 8, height: HEIGHT })
  const region = { from: 'rectangle' as const, x: 0, y: 0, width: 8, height: HEIGHT }
  const objects = [{ region, becomes: '' }]
  const params = { prompt: 'a wall', steps: 2, feather: 0 }
  await studio.run(project, { type: 'picture.imagine', method: 'fill', model, layer, objects, params, seed: 1 })
  const { document } = await studio.state(project)
  const filled = document.layers.find(({ recipe }) => recipe?.method === 'fill')!
  expect(filled.pixels).toMatchObject({ x: 8, y: 0 })
  expect(Buffer.compare(tileOf(document, filled.id), tileOf(document, layer))).toBe(0)
  const tiles = decodeTileIndex(studio.blobs(project).get(filled.pixels!.index)).tiles
  const left = studio.blobs(project).get(tiles.get('-1,0')!)
  expect([left[4 * (TILE - 8) + 3], left[4 * (TILE - 9) + 3]]).toEqual([255, 0])
})
