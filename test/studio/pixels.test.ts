import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LayerId, type ProjectId, type StrokePoint, TILE } from '../../preload/contract/index.ts'
import { decodeTileIndex } from '../../preload/contract/tile-index.ts'
import { type TestStudio, temporaryFolder, testStudio } from '../kit/project.ts'
import { pixelAt } from '../kit/tiny-engine.ts'
import { faultOf } from '../store/projects.ts'

let folder: ReturnType<typeof temporaryFolder>
let studio: TestStudio
let project: ProjectId
let layer: LayerId

beforeEach(async () => {
  folder = temporaryFolder()
  studio = await testStudio(folder.path)
  const { file, document } = await studio.size(300, 300)
  project = file.id
  layer = document.layers[0].id
})
afterEach(async () => {
  await studio.stop()
  folder[Symbol.dispose]()
})

const brush = { size: 1, hardness: 1, opacity: 1, color: [1, 2, 3] as [number, number, number], erase: false }
const stroke = (points: StrokePoint[], change: { target?: 'mask'; erase?: boolean; layer?: LayerId } = {}) =>
  studio.run(project, {
    type: 'stroke.paint',
    layer: change.layer ?? layer,
    target: change.target ?? 'pixels',
    brush: { ...brush, erase: change.erase ?? false },
    points,
  })

test('a stroke changes the tiles it touches and no others', async () => {
  await stroke([
    [5, 5, 1],
    [290, 290, 1],
  ])
  const before = (await studio.state(project)).document
  await stroke([[6, 5, 1]])
  const after = (await studio.state(project)).document
  const tiles = (document: typeof before) => decodeTileIndex(studio.blobs(project).get(document.layers[0].pixels!.index)).tiles
  expect(tiles(after).get('1,1')).toBe(tiles(before).get('1,1'))
  expect(tiles(after).get('0,0')).not.toBe(tiles(before).get('0,0'))
  expect(pixelAt(studio.blobs(project), after, 0, 6, 5)).toEqual([1, 2, 3, 255])
})

test('a stroke lies where it was laid in the document, wherever its layer has been moved', async () => {
  await stroke([[5, 5, 1]])
  await studio.run(project, { type: 'layer.translate', layer, dx: -100, dy: 37 })
  await stroke([[5, 5, 1]])
  const { document } = await studio.state(project)
  expect(document.layers[0].pixels).toMatchObject({ x: -100, y: 37 })
  expect(pixelAt(studio.blobs(project), document, 0, 5, 5)).toEqual([1, 2, 3, 255])
})

test('a mask is painted on its own', async () => {
  await expect(stroke([[5, 5, 1]], { target: 'mask' })).rejects.toThrow(faultOf('missing'))
  await studio.run(project, { type: 'mask.add', layer, rest: 255 })
  await stroke([[5, 5, 1]], { target: 'mask', erase: true })
  const [{ mask, pixels }] = (await studio.state(project)).document.layers
  const index = decodeTileIndex(studio.blobs(project).get(mask!.pixels.index))
  const tile = studio.blobs(project).get(index.tiles.get('0,0')!)
  expect([index.format, tile[5 * TILE + 5], tile[5 * TILE + 6], pixels]).toEqual(['r8', 0, 255, null])
})

test('a locked or unknown layer is not painted on, and no revision is made', async () => {
  await studio.run(project, { type: 'layer.set', layer, change: { locked: true } })
  await expect(stroke([[5, 5, 1]])).rejects.toThrow(faultOf('refused'))
  await expect(stroke([[5, 5, 1]], { layer: 'none' as LayerId })).rejects.toThrow(faultOf('missing'))
  expect((await studio.state(project)).revisions).toHaveLength(2)
})

test('a stroke that is cancelled before its turn is not laid down', async () => {
  const controller = new AbortController()
  const first = stroke([[1, 1, 1]])
  const command = { type: 'stroke.paint', layer, target: 'pixels', brush, points: [[2, 2, 1]] } as const
  const second = studio.run(project, { ...command, points: [[2, 2, 1]] }, controller.signal)
  controller.abort()
  await expect(second).rejects.toThrow(faultOf('cancelled'))
  expect((await first).revision).toBe(2)
  expect((await studio.state(project)).revisions).toHaveLength(2)
})
