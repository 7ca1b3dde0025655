import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BlendMode, blendModes } from '../../../main/math/blend.ts'
import { gatherInto, unpremultiplyInto } from '../../../main/math/composite.ts'
import { type Layer, TILE } from '../../../preload/contract/document.ts'
import { documentOf, hasChromium, layerOf, StagePage, tileOf } from './stage-page.ts'

/** A small generator: the same bytes on every run. */
function bytesFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  }
}

const SIDE = 160

/** Smooth colours with every alpha, so that no pixel is like its neighbour. */
function pictureOf(seed: number): Uint8Array {
  const next = bytesFrom(seed)
  return tileOf((x, y) => (x < SIDE && y < SIDE ? [next(), next(), next(), [0, 255, next(), next()][(x + y) % 4] ?? 0] : [0, 0, 0, 0]))
}

function maskOf(seed: number): Uint8Array {
  const next = bytesFrom(seed)
  return new Uint8Array(TILE * TILE).map((_, i) => (i % 3 === 0 ? 255 : next()))
}

interface Flat {
  readonly picture: Uint8Array
  readonly mask: Uint8Array | null
  readonly layer: Layer
}

/** A picture as a canvas keeps it: premultiplied bytes, so that the colours of faint pixels are coarse. */
function kept(picture: Uint8Array): Float32Array {
  return Float32Array.from(picture, (byte, i) => {
    const alpha = picture[i - (i % 4) + 3] ?? 0
    return i % 4 === 3 || alpha === 0 ? byte : (Math.round((byte * alpha) / 255) / alpha) * 255
  })
}

/** What `math/composite` makes of the visible layers. */
function expected(flats: readonly Flat[]): Uint8Array {
  const gathered = new Float32Array(TILE * TILE * 4)
  for (const { picture, mask, layer } of flats)
    if (layer.visible) gatherInto(gathered, kept(picture), { blend: layer.blend, opacity: layer.opacity, mask })
  const flat = new Uint8Array(TILE * TILE * 4)
  unpremultiplyInto(flat, gathered)
  return flat
}

/**
 * One level, for the bytes a canvas rounds to at every draw. In `difference` and `exclusion` Chromium's software raster
 * subtracts twice a product that it has rounded to a byte already: one level off there is two in the result.
 */
const toleranceOf = (mode: BlendMode): number => (mode === 'difference' || mode === 'exclusion' ? 2 : 1)

describe.skipIf(!hasChromium)('the stage composites like math/composite', () => {
  let stage: StagePage
  beforeAll(async () => {
    stage = await StagePage.open({ width: 400, height: 300 })
  }, 60_000)
  afterAll(() => stage?.[Symbol.asyncDispose]())

  const flatOf = (name: string, picture: Uint8Array, mask: Uint8Array | null, change: Partial<Layer>): Flat => ({
    picture,
    mask,
    layer: layerOf(name, stage.pixels('rgba8', new Map([['0,0', picture]])), {
      ...change,
      mask: mask && { pixels: stage.pixels('r8', new Map([['0,0', mask]])), rest: 255, enabled: true },
    }),
  })
  /** The stage at 100 %, the document's corner on a device pixel. */
  async function shown(layers: Layer[]): Promise<Uint8Array> {
    await stage.show(documentOf(SIDE, SIDE, layers))
    await stage.look(1, { x: SIDE / 2, y: SIDE / 2 })
    return stage.read(200 - SIDE / 2, 150 - SIDE / 2, SIDE, SIDE)
  }
  function greatestDifference(pixels: Uint8Array, flat: Uint8Array): number {
    let greatest = 0
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        for (let c = 0; c < 4; c++)
          greatest = Math.max(greatest, Math.abs((pixels[4 * (y * SIDE + x) + c] ?? 0) - (flat[4 * (y * TILE + x) + c] ?? 0)))
    return greatest
  }
  const opaque = tileOf((x, y) => [x, y, (x + y) % 256, 255])

  test.each(blendModes)('%s, over an opaque layer', async (blend) => {
    const ground = flatOf('ground', opaque, null, {})
    const above = flatOf('above', pictureOf(7), null, { blend })
    expect(greatestDifference(await shown([ground.layer, above.layer]), expected([ground, above]))).toBeLessThanOrEqual(toleranceOf(blend))
  })

  test('five layers with blends, opacities and masks, all in one isolated group', async () => {
    const flats = [
      flatOf('ground', opaque, null, {}),
      flatOf('one', pictureOf(1), maskOf(11), { blend: 'multiply' }),
      flatOf('two', pictureOf(2), maskOf(12), { blend: 'luminosity', opacity: 0.5 }),
      flatOf('hidden', pictureOf(3), null, { visible: false, blend: 'difference' }),
      flatOf('three', pictureOf(4), null, { blend: 'screen', opacity: 0.3 }),
    ]
    // One level for each of the three layers over the ground, whose bytes are rounded one after the other.
    expect(greatestDifference(await shown(flats.map(({ layer }) => layer)), expected(flats))).toBeLessThanOrEqual(3)
  })

  test('blending does not see the chequerboard: alone, a layer in any mode looks as it does in normal', async () => {
    const [plain, blended] = (['normal', 'difference'] as const).map((blend) => flatOf(blend, pictureOf(5), null, { blend }))
    if (!plain || !blended) throw new Error('two layers')
    expect(greatest(await shown([plain.layer]), await shown([blended.layer]))).toBe(0)
  })

  test('where a mask has no tile its rest counts', async () => {
    const ground = flatOf('ground', opaque, null, {})
    const red = tileOf(() => [255, 0, 0, 255])
    const empty = stage.pixels('r8', new Map())
    const covered = (rest: 0 | 255) =>
      layerOf('red', stage.pixels('rgba8', new Map([['0,0', red]])), { mask: { pixels: empty, rest, enabled: true } })
    expect((await shown([ground.layer, covered(255)])).slice(0, 4)).toEqual(Uint8Array.of(255, 0, 0, 255))
    expect((await shown([ground.layer, covered(0)])).slice(0, 4)).toEqual(Uint8Array.of(0, 0, 0, 255))
  })

  test('at half size a pixel is the mean of four', async () => {
    const next = bytesFrom(9)
    const grain = tileOf(() => [next(), next(), next(), 255])
    await stage.show(documentOf(TILE, TILE, [layerOf('grain', stage.pixels('rgba8', new Map([['0,0', grain]])))]))
    await stage.look(0.5, { x: TILE / 2, y: TILE / 2 })
    const half = await stage.read(200 - TILE / 4, 150 - TILE / 4, TILE / 2, TILE / 2)
    const mean = half.map((_, i) => {
      const [c, x, y] = [i % 4, Math.floor(i / 4) % (TILE / 2), Math.floor(i / 4 / (TILE / 2))]
      const at = (dx: number, dy: number) => grain[4 * ((2 * y + dy) * TILE + 2 * x + dx) + c] ?? 0
      return Math.round((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4)
    })
    expect(greatest(half, mean)).toBeLessThanOrEqual(1)
  })

  test('a layer that lies between tiles shows no seam', () => expectNoSeam(stage, 1))
})

test.skipIf(!hasChromium)(
  'nor does it on a screen of one and a half device pixels',
  async () => {
    await using dense = await StagePage.open({ width: 400, height: 300 }, 1.5)
    await expectNoSeam(dense, 1.5)
  },
  60_000,
)

/** Where four tiles of one colour meet, off every grid, nothing but the colour is seen at any zoom. */
async function expectNoSeam(stage: StagePage, ratio: number): Promise<void> {
  const grey = tileOf(() => [120, 130, 140, 255])
  const keys = ['0,0', '1,0', '0,1', '1,1']
  const layer = layerOf('grey', stage.pixels('rgba8', new Map(keys.map((key) => [key, grey])), -77, -101))
  await stage.show(documentOf(400, 380, [layer]))
  for (const zoom of [1, 0.83, 0.41, 0.37, 1.7, 5.3]) {
    await stage.look(zoom, { x: 256 - 77, y: 256 - 101 })
    const pixels = await stage.read(200 * ratio - 10, 150 * ratio - 10, 20, 20)
    expect(new Set(Array.from({ length: 400 }, (_, i) => pixels.slice(4 * i, 4 * i + 4).join()))).toEqual(new Set(['120,130,140,255']))
  }
}

function greatest(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0)
}
