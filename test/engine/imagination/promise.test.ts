import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import type { Place } from '../../../main/engine/imagination/define-imagination.ts'
import type { Rect } from '../../../main/math/rect.ts'
import { FaultError } from '../../../preload/contract/fault.ts'
import { openDiffusionStudio } from '../diffusion/studio.ts'
import { type ImaginationId, imagined, layerOf, type Picture, patchedOver, speckled } from './studio.ts'

const studio = openDiffusionStudio()
let folder: ModelFolder
beforeAll(async () => {
  folder = await studio.model({ alpha: true })
})
afterAll(() => studio[Symbol.asyncDispose]())

const FEW: Readonly<Record<ImaginationId, Readonly<Record<string, unknown>>>> = {
  'edit-objects': { source: 'a dog', steps: 5 },
  'exact-edit': { source: 'a dog', prompt: 'a cat', steps: 5 },
  fill: { prompt: 'a cat', steps: 4 },
  generate: { prompt: 'a cat', steps: 3 },
}

interface Case {
  readonly width: number
  readonly height: number
  readonly picture: Picture
  readonly places: readonly Place[]
  readonly feather: number
  readonly seed: number
}

const rectIn = (width: number, height: number) =>
  fc
    .tuple(fc.nat(width - 1), fc.nat(height - 1), fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
    .map(([x, y, w, h]): Rect => ({ x, y, width: Math.min(w, width - x), height: Math.min(h, height - y) }))

/** A document, a layer that lies anywhere over it, one or two soft regions within it. */
const cases: fc.Arbitrary<Case> = fc.tuple(fc.integer({ min: 20, max: 90 }), fc.integer({ min: 20, max: 90 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    picture: fc
      .tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }), fc.integer({ min: 30, max: 100 }), fc.nat(99))
      .map(([x, y, side, seed]) => speckled({ x, y, width: side, height: side }, seed)),
    places: fc.array(
      fc.tuple(rectIn(width, height), fc.nat(99)).map(([rect, seed]): Place => {
        const { rgba } = speckled(rect, seed)
        const mask = new Uint8Array(rect.width * rect.height).map((_, i) => rgba[4 * i] ?? 0)
        mask[0] = 255
        return { rect, mask, becomes: 'a cat' }
      }),
      { minLength: 1, maxLength: 2 },
    ),
    feather: fc.constantFrom(0, 1, 2.5, 9),
    seed: fc.nat(1000),
  }),
)

/** Every pixel of a document further from all that is covered than the feather reaches. */
function outside({ width, height, places, feather }: Case): (x: number, y: number) => boolean {
  const covered: (readonly [number, number])[] = []
  for (const { rect, mask } of places)
    for (let i = 0; i < mask.length; i++)
      if ((mask[i] as number) > 0) covered.push([rect.x + (i % rect.width), rect.y + Math.floor(i / rect.width)])
  const touched = new Set<number>()
  const reach = Math.ceil(feather)
  for (const [x, y] of covered)
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++)
        if (dx * dx + dy * dy < feather * feather || (dx === 0 && dy === 0)) touched.add((y + dy) * 4096 + x + dx)
  return (x, y) => x < 0 || y < 0 || x >= width || y >= height || !touched.has(y * 4096 + x)
}

const run = (id: ImaginationId, given: Case, params: Readonly<Record<string, unknown>> = {}) =>
  imagined(id, {
    folder,
    sessions: studio.sessions,
    source: id === 'generate' ? null : layerOf(given.picture),
    width: given.width,
    height: given.height,
    objects: given.places,
    seed: given.seed,
    params: { ...FEW[id], ...(id === 'generate' ? {} : { feather: given.feather }), ...params },
  })

/** More than the document and the layer: a patch may reach anywhere. */
const around = ({ width, height }: Case): Rect => ({ x: -128, y: -128, width: width + 256, height: height + 256 })

/** An object that leaves nothing around it is refused, which is no subject here. */
function unlessItFillsAll(thrown: unknown): null {
  if (thrown instanceof FaultError && thrown.fault.what.includes('fills the whole')) return null
  throw thrown
}

test.each(['edit-objects', 'exact-edit', 'fill'] as const)(
  '%s: outside the region and its feather every byte stays, opacity included; the same seed gives the same bytes',
  async (id) => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const first = await run(id, given).catch(unlessItFillsAll)
        if (!first) return
        const area = around(given)
        const [before, after] = [
          patchedOver(given.picture, { rect: { ...area, width: 0, height: 0 }, rgba: new Uint8Array() }, area),
          patchedOver(given.picture, first.patch, area),
        ]
        const isOutside = outside(given)
        for (let y = 0; y < area.height; y++)
          for (let x = 0; x < area.width; x++) {
            if (!isOutside(x + area.x, y + area.y)) continue
            const at = 4 * (y * area.width + x)
            for (let c = 0; c < 4; c++)
              if (after[at + c] !== before[at + c])
                throw new Error(`Channel ${c} at ${x + area.x}, ${y + area.y} became ${after[at + c]}; it was ${before[at + c]}.`)
          }
        const again = await run(id, given)
        expect(Buffer.compare(again.patch.rgba, first.patch.rgba)).toBe(0)
      }),
      { numRuns: 25 },
    )
  },
)

test('generate: nothing shows outside the region, and the same seed gives the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const { patch } = await run('generate', given)
      const isOutside = outside({ ...given, feather: 0 })
      for (let i = 0; i < patch.rgba.length / 4; i++) {
        const [x, y] = [patch.rect.x + (i % patch.rect.width), patch.rect.y + Math.floor(i / patch.rect.width)]
        if (isOutside(x, y)) expect(patch.rgba[4 * i + 3]).toBe(0)
      }
      expect(Buffer.compare((await run('generate', given)).patch.rgba, patch.rgba)).toBe(0)
    }),
    { numRuns: 8 },
  )
})

test.each(['bdia-inversion', 'edict', 'ddim-inversion'] as const)(
  'exact-edit by %s: with the same words every byte comes back',
  async (inversion) => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { patch } = await run('exact-edit', given, { prompt: 'a dog', inversion })
        const area = around(given)
        const before = patchedOver(given.picture, { rect: { ...area, width: 0, height: 0 }, rgba: new Uint8Array() }, area)
        expect(Buffer.compare(patchedOver(given.picture, patch, area), before)).toBe(0)
      }),
      { numRuns: 6 },
    )
  },
)
