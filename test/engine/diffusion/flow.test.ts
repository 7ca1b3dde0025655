import { afterAll, expect, test } from 'vitest'
import { drawsOf } from '../../../main/algorithms/diffusion/sample.ts'
import { readWords } from '../../../main/engine/diffusion/asking.ts'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { type Generation, generate } from '../../../main/engine/diffusion/generate.ts'
import type { Sessions } from '../../../main/engine/sessions/sessions.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { tensor } from '../../../main/math/tensor.ts'
import { CHANNELS, FACTOR } from '../../kit/tiny-diffusion.ts'
import { box, type ImaginationId, imagined, layerOf, opaque, patchedOver, speckled } from '../imagination/studio.ts'
import { openDiffusionStudio, request } from './studio.ts'

// A rectified flow in the clothes of a diffusion model: its ladder is told as betas, its straight line is the one from noise e to a
// picture x, z = (1 - share) x + share e, and z over its norm is the state of a network that predicts v.

const studio = openDiffusionStudio()
afterAll(() => studio[Symbol.asyncDispose]())
const { signal } = new AbortController()

const LEVELS = 1000
const MOST = 0.999
const shareOf = (level: number) => (MOST * (level + 1)) / LEVELS
const normOf = (share: number) => Math.hypot(share, 1 - share)

const abar = Array.from({ length: LEVELS }, (_, level) => ((1 - shareOf(level)) / normOf(shareOf(level))) ** 2)
const model = await studio.model({
  scheduler: {
    beta_start: undefined,
    beta_end: undefined,
    beta_schedule: undefined,
    steps_offset: undefined,
    trained_betas: abar.map((value, level) => 1 - value / (abar[level - 1] ?? 1)),
    prediction_type: 'v_prediction',
    set_alpha_to_one: true,
    timestep_spacing: 'trailing',
  },
})

const SHAPE = [1, CHANNELS, request.height / FACTOR, request.width / FACTOR] as const
const ENTRIES = SHAPE.reduce((a, b) => a * b)
const FLOW: Partial<Generation> = { guidance: 1, schedule: { id: 'uniform' }, solver: { id: 'ddim' } }

/** A generation, and the levels that the network was asked at. */
async function made(changes: Partial<Generation>): Promise<{ readonly latent: Float64Array; readonly asked: readonly number[] }> {
  const asked: number[] = []
  const listening: Pick<Sessions, 'leaseFile'> = {
    async leaseFile(file, stop) {
      const lease = await studio.sessions.leaseFile(file, stop)
      const run: typeof lease.run = (inputs, stopRun) => {
        if (inputs.timestep) asked.push(...inputs.timestep.data)
        return lease.run(inputs, stopRun)
      }
      return { run, [Symbol.dispose]: () => lease[Symbol.dispose]() }
    },
  }
  const { latent } = await outcome(generate(model, { ...request, ...FLOW, ...changes }, listening, signal))
  return { latent: latent.data, asked }
}

/** Euler's steps along the straight line, in even shares, with the network asked by hand. Ends in its clean picture. */
async function euler({ unet }: ModelFolder, steps: number): Promise<Float64Array> {
  const { conditionings } = await readWords(model, [request.prompt], studio.sessions, signal)
  using lease = await studio.sessions.leaseFile(unet.part.file, signal)
  const levels = Array.from({ length: steps }, (_, i) => (LEVELS * (steps - i)) / steps - 1)
  const shares = [...levels.map(shareOf), 0]
  let z = drawsOf(request.seed)(ENTRIES).map((value) => value * normOf(MOST))
  for (const [i, level] of levels.entries()) {
    const [share, next] = [shares[i] as number, shares[i + 1] as number]
    const [alpha, sigma] = [(1 - share) / normOf(share), share / normOf(share)]
    const x = z.map((value) => value / normOf(share))
    const inputs = { sample: tensor(SHAPE, Float32Array.from(x)), timestep: tensor([], Float32Array.of(level)) }
    const v = (await lease.run({ ...inputs, encoder_hidden_states: conditionings[0].context }, signal)).out_sample.data
    z = z.map((value, k) => value + (share - next) * (alpha * x[k] - sigma * v[k] - (sigma * x[k] + alpha * v[k])))
  }
  return z
}

const furthest = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i])))

test.each([
  [1, [999]],
  [2, [999, 499]],
  [4, [999, 749, 499, 249]],
])('%i steps are as many of Euler on the straight line, each of one call, from nothing but noise', async (steps, levels) => {
  const { latent, asked } = await made({ steps })
  expect(asked).toEqual(levels)
  // The ladder is a product of a thousand betas, and a float32 on the way into the network may round the other way.
  expect(furthest(latent, await euler(model, steps))).toBeLessThan(2e-6)
})

test.each([
  ['uniform', 'ddim'],
  ['uniform', 'euler'],
  ['multistep', 'unipc'],
  ['multistep', 'dpm-solver-pp'],
  ['euler-discrete', 'euler'],
])('one step of %s, %s lands on the clean picture that the network tells', async (schedule, solver) => {
  const { latent, asked } = await made({ steps: 1, schedule: { id: schedule }, solver: { id: solver } })
  expect(asked).toEqual([999])
  expect(furthest(latent, await euler(model, 1))).toBeLessThan(2e-6)
})

test('more steps end nearer to the flow, whose end many steps tell', async () => {
  const end = (await made({ steps: 500 })).latent
  const errors = await Promise.all([1, 2, 4, 20].map(async (steps) => furthest((await made({ steps })).latent, end)))
  expect(errors).toEqual([...errors].sort((a, b) => b - a))
})

test.each<[ImaginationId, object]>([
  ['exact-edit', { source: 'a cat', prompt: 'a dog', inversion: 'bdia-inversion' }],
  ['exact-edit', { source: 'a cat', prompt: 'a dog', inversion: 'edict' }],
  ['exact-edit', { source: 'a cat', prompt: 'a dog', inversion: 'ddim-inversion' }],
  ['edit-objects', { source: 'a cat' }],
  ['fill', { prompt: 'a dog', solver: 'ddim', schedule: 'uniform' }],
])('%s works in its few steps as well: %o', async (way, params) => {
  const rect = { x: 0, y: 0, width: 24, height: 20 }
  const picture = opaque(speckled(rect, 3))
  const given = { folder: model, sessions: studio.sessions, source: layerOf(picture), width: 24, height: 20, seed: 1 }
  const objects = [box({ x: 4, y: 4, width: 10, height: 8 }, 'a dog')]
  const { patch } = await imagined(way, { ...given, objects, params: { steps: 4, guidance: 1, feather: 0, ...params } })
  const after = patchedOver(picture, patch, rect)
  const changed = [...after].flatMap((value, i) => (value === picture.rgba[i] ? [] : [i >> 2]))
  expect(changed.length).toBeGreaterThan(0)
  expect(changed.every((i) => i % 24 >= 4 && i % 24 < 14 && i >= 4 * 24 && i < 12 * 24)).toBe(true)
})

test('with the same words an exact edit of four steps from nothing but noise leaves every byte', async () => {
  const rect = { x: 0, y: 0, width: 16, height: 16 }
  const picture = opaque(speckled(rect, 4))
  const given = { folder: model, sessions: studio.sessions, source: layerOf(picture), width: 16, height: 16, seed: 1, objects: [] }
  const params = { source: 'a cat', prompt: 'a cat', steps: 4, guidance: 1, strength: 1 }
  expect(patchedOver(picture, (await imagined('exact-edit', { ...given, params })).patch, rect)).toEqual(picture.rgba)
})
