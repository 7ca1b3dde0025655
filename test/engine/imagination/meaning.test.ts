import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ModelFolder, readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import type { Imagined } from '../../../main/engine/imagination/define-imagination.ts'
import type { Rect } from '../../../main/math/rect.ts'
import { openDiffusionStudio } from '../diffusion/studio.ts'
import { type Kind, kindOf, painted, shadeAt, writeColourWorld } from './colour-world.ts'
import { box, type ImaginationId, imagined, layerOf, type Picture, patchedOver } from './studio.ts'

const studio = openDiffusionStudio()
const path = mkdtempSync(join(tmpdir(), 'palimpsest-world-'))
let folder: ModelFolder
beforeAll(async () => {
  writeColourWorld(path)
  folder = await readModelFolder(path)
})
afterAll(async () => {
  await studio[Symbol.asyncDispose]()
  rmSync(path, { recursive: true, force: true })
})

const DOCUMENT = { x: 0, y: 0, width: 64, height: 48 }
const REGION = { x: 20, y: 12, width: 20, height: 16 }
const dogs = painted(DOCUMENT, () => 'dog')
const holds = ({ x, y, width, height }: Rect, column: number, row: number) =>
  column >= x && column < x + width && row >= y && row < y + height

const run = (
  id: ImaginationId,
  picture: Picture | null,
  places: ReturnType<typeof box>[],
  params: Readonly<Record<string, unknown>>,
  seed = 1,
) =>
  imagined(id, {
    folder,
    sessions: studio.sessions,
    source: picture && layerOf(picture),
    width: DOCUMENT.width,
    height: DOCUMENT.height,
    objects: places,
    params: id === 'generate' ? params : { feather: 0, ...params },
    seed,
  })

/** Share of the pixels of an area that are of a kind. */
function shareOf(kind: Kind, picture: Picture, { patch }: Imagined, area: Rect): number {
  const after = patchedOver(picture, patch, area)
  let count = 0
  for (let i = 0; i < area.width * area.height; i++) count += Number(kindOf(after, i) === kind)
  return count / (area.width * area.height)
}

test('words become the picture they name, whichever solver takes the steps', async () => {
  for (const solver of ['unipc', 'ddim', 'dpm-solver-pp', 'euler', 'heun'])
    for (const [prompt, kind] of [
      ['a cat', 'cat'],
      ['a dog', 'dog'],
      ['one fox', 'fox'],
    ] as const) {
      const { patch } = await run('generate', null, [], {
        prompt,
        solver,
        schedule: 'multistep',
        steps: 12,
        guidance: 1,
        width: 32,
        height: 32,
      })
      const kinds = Array.from({ length: 32 * 32 }, (_, i) => kindOf(patch.rgba, i))
      expect(kinds.filter((one) => one === kind).length).toBeGreaterThan(0.99 * kinds.length)
    }
})

test('without words all kinds appear; what it shall not be stays away', async () => {
  const kindsOf = async (params: Readonly<Record<string, unknown>>) => {
    const { patch } = await run('generate', null, [], { steps: 20, width: 32, height: 32, ...params })
    return Array.from({ length: 32 * 32 }, (_, i) => kindOf(patch.rgba, i))
  }
  const any = await kindsOf({ prompt: '.', guidance: 1 })
  for (const kind of ['cat', 'dog', 'fox']) expect(any.filter((one) => one === kind).length).toBeGreaterThan(150)
  const noDogs = await kindsOf({ prompt: '.', negative: 'a dog', guidance: 3 })
  expect(noDogs.filter((one) => one === 'dog').length).toBeLessThan(30)
})

describe('fill', () => {
  test('a region becomes what the words say, to its edge', async () => {
    const result = await run('fill', dogs, [box(REGION)], { prompt: 'a cat' })
    expect(shareOf('cat', dogs, result, REGION)).toBeGreaterThan(0.99)
  })

  test('a little strength leaves it what it was, a lot makes it new', async () => {
    const [little, much] = [
      await run('fill', dogs, [box(REGION)], { prompt: '', strength: 0.1 }),
      await run('fill', dogs, [box(REGION)], { prompt: '', strength: 1 }),
    ]
    expect(shareOf('dog', dogs, little, REGION)).toBeGreaterThan(0.95)
    expect(shareOf('dog', dogs, much, REGION)).toBeLessThan(0.7)
  })

  test('beyond the edge of a layer it is made of words as well', async () => {
    const half = { ...DOCUMENT, width: 32 }
    const layer = painted(half, () => 'dog')
    const beyond = { ...DOCUMENT, x: 32, width: 32 }
    const result = await run('fill', layer, [box(beyond)], { prompt: 'a fox' })
    expect(shareOf('fox', layer, result, beyond)).toBeGreaterThan(0.99)
    expect(shareOf('dog', layer, result, half)).toBe(1)
  })

  test('a large region, which the model sees smaller than it is, becomes it as well', async () => {
    const place = { x: 2, y: 2, width: 60, height: 44 }
    const result = await run('fill', dogs, [box(place)], { prompt: 'a cat' })
    expect(shareOf('cat', dogs, result, place)).toBeGreaterThan(0.95)
  })
})

describe('exact edit', () => {
  const WORDS = { source: 'a dog', prompt: 'a cat', guidance: 2 }

  test.each(['bdia-inversion', 'edict', 'ddim-inversion'] as const)(
    '%s: what is a dog becomes a cat, light and dark where it was',
    async (inversion) => {
      const result = await run('exact-edit', dogs, [box(REGION)], { ...WORDS, inversion })
      expect(shareOf('cat', dogs, result, REGION)).toBeGreaterThan(0.97)
      const after = patchedOver(dogs, result.patch, REGION)
      const [before, now] = [[] as number[], [] as number[]]
      for (let y = 2; y < REGION.height - 2; y += 2)
        for (let x = 2; x < REGION.width - 2; x += 2) {
          before.push(shadeAt(REGION.x + x, REGION.y + y))
          now.push(after[4 * (y * REGION.width + x) + 1] as number)
        }
      expect(correlation(before, now)).toBeGreaterThan(0.5)
    },
  )

  test('a little strength leaves it what it was', async () => {
    const result = await run('exact-edit', dogs, [box(REGION)], { ...WORDS, strength: 0.1 })
    expect(shareOf('dog', dogs, result, REGION)).toBe(1)
  })
})

describe('edit objects', () => {
  const LEFT = { x: 8, y: 10, width: 16, height: 24 }
  const RIGHT = { x: 40, y: 14, width: 16, height: 20 }
  const foxes = painted(DOCUMENT, (x, y) => (holds(LEFT, x, y) || holds(RIGHT, x, y) ? 'dog' : 'fox'))

  test('each becomes what its own words say, and what lies between stays', async () => {
    const places = [box(LEFT, 'a cat'), box(RIGHT, 'a fox')]
    const result = await run('edit-objects', foxes, places, { source: 'a dog and a fox', guidance: 2 })
    expect(shareOf('cat', foxes, result, LEFT)).toBeGreaterThan(0.9)
    expect(shareOf('fox', foxes, result, RIGHT)).toBeGreaterThan(0.9)
    const between = { x: 24, y: 0, width: 16, height: 48 }
    expect(patchedOver(foxes, result.patch, between)).toEqual(
      patchedOver(foxes, { rect: { ...between, width: 0 }, rgba: new Uint8Array() }, between),
    )
    for (const depth of [result.measures.depth1, result.measures.depth2]) expect(depth).toBeGreaterThan(0.2)
  })
})

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const [meanA, meanB] = [mean(a), mean(b)]
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0)
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB))
}
