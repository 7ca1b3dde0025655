import { existsSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { chooseProvider, type ProviderName, type StartTrial } from '../../main/engine/sessions/provider.ts'
import { TRIAL_MODEL, trialAnswer } from '../../main/engine/sessions/trial.ts'
import type { Pixels } from '../../preload/contract/document.ts'
import { decodeTileIndex, encodeTileIndex } from '../../preload/contract/tile-index.ts'
import { trialModel } from '../kit/models.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

// Real processes, on a machine that may have much else to do.
vi.setConfig({ testTimeout: 120_000 })

/** A machine whose providers answer the trial rightly, after so many milliseconds by its clock for the small and the large picture. */
function machine(speeds: Partial<Record<ProviderName, readonly [small: number, large: number]>>, wrong: ProviderName[] = []) {
  let time = 0
  const start: StartTrial = async (provider) => {
    const speed = speeds[provider]
    if (!speed) throw new Error(`no ${provider}`)
    return {
      async run(_, side) {
        time += speed[side > 64 ? 1 : 0]
        // Only the small answer is looked at.
        if (side > 64) return new Float32Array()
        return trialAnswer(side).map((value) => (wrong.includes(provider) ? value * 1.01 : value))
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
  }
  return { choose: (wanted?: string) => chooseProvider(ALL, start, wanted, () => time) }
}
const ALL = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml']

test('the trial model in the product is the one the test kit writes', () => {
  expect(Buffer.compare(TRIAL_MODEL, trialModel())).toBe(0)
})

test('the first accelerator that answers rightly and clearly sooner is taken', async () => {
  const choice = await machine({ cpu: [1, 40], cuda: [1, 4], webgpu: [1, 6] }).choose()
  expect(choice).toEqual({ provider: 'cuda', why: expect.stringContaining('as fast as the processor') })
})

test('what is not there, answers wrongly, is imitated or is no faster is passed over, each with its reason', async () => {
  const choice = await machine({ cpu: [1, 20], dml: [1, 2], coreml: [1, 19], webgpu: [80, 900] }, ['dml']).choose()
  expect(choice.provider).toBe('cpu')
  expect(choice.why).toContain('CUDA is not there')
  expect(choice.why).toContain('DirectML gives wrong answers')
  expect(choice.why).toContain('CoreML is not faster')
  expect(choice.why).toContain('WebGPU is only imitated in software')
})

test('what was asked for is taken whatever its speed, but not if it is not there', async () => {
  const { choose } = machine({ cpu: [1, 20], webgpu: [80, 900] })
  expect(await choose('webgpu')).toEqual({ provider: 'webgpu', why: 'It was asked for.' })
  expect(await choose('cpu')).toEqual({ provider: 'cpu', why: 'It was asked for.' })
  expect(await choose('cuda')).toEqual({ provider: 'cpu', why: expect.stringContaining('CUDA was asked for, but is not there') })
  expect(await choose('abacus')).toEqual({ provider: 'cpu', why: expect.stringContaining('"abacus" is not known') })
})

/** Vulkan in software, as Debian's chromium brings it. */
const ICD = '/usr/lib/chromium/vk_swiftshader_icd.json'
const VULKAN = { VK_ICD_FILENAMES: ICD, XDG_RUNTIME_DIR: '/tmp', LD_LIBRARY_PATH: '/usr/lib/chromium' }

async function restored(shop: Workshop): Promise<Uint8Array[]> {
  const rgba = Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 251))

  const index = shop.blobs.put(encodeTileIndex({ format: 'rgba8', tiles: new Map([['0,0', shop.blobs.put(rgba)]]) }))
  const task = {
    type: 'restore' as const,
    pixels: { index, x: 0, y: 0 },
    width: 64,
    height: 64,
    method: 'pmrf',
    params: { steps: 2 },
    seed: 5,
  }
  const { layers } = await shop.run(task)
  const tiles = (pixels: Pixels) => [...decodeTileIndex(shop.blobs.get(pixels.index)).tiles.values()].map((id) => shop.blobs.get(id))
  return layers.flatMap(({ pixels }) => tiles(pixels))
}

test.skipIf(!existsSync(ICD))(`WebGPU really runs on software Vulkan (skipped without ${ICD}) and agrees with the processor`, async () => {
  await using gpu = openWorkshop({ provider: 'webgpu', env: VULKAN })
  await using cpu = openWorkshop()
  const [one, other] = [await restored(gpu), await restored(cpu)]
  expect(gpu.engine.state).toMatchObject({ provider: 'webgpu', why: 'It was asked for.' })
  expect(one).toHaveLength(2)
  // Sums in another order differ in the last bits of float32: at most one level where a value lies between two.
  for (const [i, tile] of one.entries())
    expect(tile.every((value, at) => Math.abs(value - ((other[i] as Uint8Array)[at] as number)) <= 1)).toBe(true)
})

test.skipIf(!existsSync(ICD))('left to itself the engine does not choose an imitation, and says why', async () => {
  await using shop = openWorkshop({ provider: '', env: VULKAN })
  await restored(shop)
  expect(shop.engine.state.provider).toBe('cpu')
  expect(shop.engine.state.why).toContain('WebGPU is only imitated in software')
  expect(shop.engine.state.why).toContain('CUDA is not there')
})
