import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { openDiffusionStudio } from '../diffusion/studio.ts'
import { box, imagined, layerOf, opaque, patchedOver, speckled } from './studio.ts'

const studio = openDiffusionStudio()
let folder: ModelFolder
beforeAll(async () => {
  folder = await studio.model()
})
afterAll(() => studio[Symbol.asyncDispose]())

const document = { x: 0, y: 0, width: 60, height: 44 }
const given = () => ({ folder, sessions: studio.sessions, width: 60, height: 44, seed: 3 })
const FEW = { prompt: 'a cat', steps: 4, feather: 3 }

test('a region is made anew, and nothing else', async () => {
  const picture = opaque(speckled(document, 1))
  const region = { x: 20, y: 12, width: 14, height: 9 }
  const { patch } = await imagined('fill', { ...given(), source: layerOf(picture), objects: [box(region)], params: FEW })
  const after = patchedOver(picture, patch, document)
  let [inside, outside] = [0, 0]
  for (let y = 0; y < 44; y++)
    for (let x = 0; x < 60; x++) {
      const at = 4 * (y * 60 + x)
      const isNew = [0, 1, 2, 3].some((c) => after[at + c] !== picture.rgba[at + c])
      const dx = Math.max(region.x - x, x - (region.x + region.width - 1), 0)
      const dy = Math.max(region.y - y, y - (region.y + region.height - 1), 0)
      if (dx === 0 && dy === 0) inside += Number(isNew)
      else if (Math.hypot(dx, dy) >= FEW.feather) outside += Number(isNew)
    }
  expect(inside).toBeGreaterThan(0.9 * 14 * 9)
  expect(outside).toBe(0)
})
