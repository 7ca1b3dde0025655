import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { type Generation, generate } from '../../../main/engine/diffusion/generate.ts'
import type { Tensors } from '../../../main/engine/sessions/message.ts'
import type { Sessions } from '../../../main/engine/sessions/sessions.ts'
import { type kinds, tune } from '../../../main/engine/tuning/tune.ts'
import { type Tuned, tunedFor } from '../../../main/engine/tuning/tuned.ts'
import { outcome } from '../../../main/math/integrate.ts'
import type { ModelRequest } from '../../../preload/contract/models.ts'
import { CHANNELS, TOKENS } from '../../kit/tiny-diffusion.ts'
import { FLOAT32, INT64, TinyGraph } from '../../kit/tiny-graph.ts'
import { bytesOf, openDiffusionStudio, request } from '../diffusion/studio.ts'
import { faultOf } from '../workshop.ts'
import { temporaryFolder } from './analytic.ts'

const studio = openDiffusionStudio()
const keep = temporaryFolder()
afterAll(async () => {
  await studio[Symbol.asyncDispose]()
  keep[Symbol.dispose]()
})
const { signal } = new AbortController()
const sha256 = '7'.repeat(64)
type Params = Extract<ModelRequest, { do: 'tune' }>['params']

const tuned = (model: ModelFolder, what: keyof typeof kinds, params: Params, hash = sha256): Promise<readonly string[]> =>
  outcome(tune(model, hash, { do: 'tune', model: 'tiny', what, params: { guidance: 3, ...params } }, keep.path, studio.sessions, signal))
const wish: Generation = { ...request, height: 16 }
const made = (model: ModelFolder, found: Tuned, changes: Partial<Generation>, sessions: Pick<Sessions, 'leaseFile'> = studio.sessions) =>
  outcome(generate({ ...model, tuned: found }, { ...wish, ...changes }, sessions, signal))

/** The real sessions, and what the U-Net was told. */
function listening(): { readonly sessions: Pick<Sessions, 'leaseFile'>; readonly heard: Tensors[] } {
  const heard: Tensors[] = []
  return {
    heard,
    sessions: {
      async leaseFile(file, stop) {
        const lease = await studio.sessions.leaseFile(file, stop)
        const run: typeof lease.run = (inputs, stopRun) => {
          if (inputs.timestep) heard.push(inputs)
          return lease.run(inputs, stopRun)
        }
        return { run, [Symbol.dispose]: () => lease[Symbol.dispose]() }
      },
    },
  }
}
const times = (heard: readonly Tensors[]) => heard.map(({ timestep }) => timestep?.data[0])

test('found steps are taken by name, one call each; with another guidance or solver it is said', async () => {
  const model = await studio.model()
  const found = { schedule: { id: 'auto-diffusion' } }
  expect(await faultOf(made(model, await tunedFor(keep.path, 'nobody'), found))).toMatchObject({ what: 'There are no found steps to use.' })

  await tuned(model, 'steps', { steps: 4, rounds: 2, cases: 2, heldOut: 2, referenceSteps: 20 })
  const all = await tunedFor(keep.path, sha256)
  const levels = all.steps[0]?.levels.toReversed() ?? []
  expect(levels).toHaveLength(4)
  const { sessions, heard } = listening()
  const { notes } = await made(model, all, { ...found, guidance: 3 }, sessions)
  expect(times(heard)).toEqual(levels)
  expect(notes).toEqual([])
  const others = await made(model, all, { ...found, guidance: 5, solver: { id: 'unipc' } })
  expect(others.notes).toEqual([
    'The found steps may be no better than usual: the model was tuned at guidance 3, and this is 5.',
    'The found steps were found for the solver ddim; with unipc they may be no better than even ones.',
  ])
  expect(await faultOf(made(model, all, { ...found, steps: 5 }))).toMatchObject({ why: 'Nothing was found for 5 steps of this model yet.' })
})

test('statistics and a recipe are taken by their solvers, whatever the schedule', async () => {
  const model = await studio.model()
  const v3 = { solver: { id: 'dpm-solver-v3' } }
  expect(await faultOf(made(model, await tunedFor(keep.path, 'nobody'), v3))).toMatchObject({
    what: 'DPM-Solver-v3 cannot run on this model.',
  })
  await tuned(model, 'statistics', { cases: 2, heldOut: 0, rows: 12, referenceSteps: 20 })
  await tuned(model, 'solver', { steps: 4, evaluations: 14, cases: 2, heldOut: 2, referenceSteps: 20 })
  const all = await tunedFor(keep.path, sha256)
  for (const schedule of ['uniform', 'multistep', 'karras', 'log-snr', 'euler-discrete']) {
    const { latent, notes } = await made(model, all, { ...v3, steps: 5, schedule: { id: schedule } })
    expect(latent.data.every(Number.isFinite)).toBe(true)
    expect(notes).toEqual([])
  }
  const unified = { solver: { id: 'unified-sampling' } }
  const evenly = await made(model, all, { ...unified, schedule: { id: 'uniform' } })
  for (const schedule of ['karras', 'euler-discrete'])
    expect(bytesOf(await made(model, all, { ...unified, schedule: { id: schedule } })).equals(bytesOf(evenly))).toBe(true)
  const { sessions, heard } = listening()
  const { notes } = await made(model, all, { ...unified, steps: 7, guidance: 1 }, sessions)
  expect(heard).toHaveLength(7)
  expect(notes).toEqual([expect.stringMatching(/^No recipe was found for 7 calls/)])
})

test('a board sends every seed to one of its pictures, with fresh noise on the way, and fits one size alone', async () => {
  const model = await studio.model()
  const plain = await made(model, await tunedFor(keep.path, 'nobody'), { solver: { id: 'dpm-ot' } })
  expect(plain.notes).toEqual([expect.stringMatching(/^This model has no board of pictures yet/)])
  await tuned(model, 'transport', { pictures: 3, level: 0.3, referenceSteps: 20 })
  const all = await tunedFor(keep.path, sha256)
  const [board] = all.boards
  expect(board).toMatchObject({ level: 300, shape: [CHANNELS, 8, 8] })
  expect(board?.targets).toHaveLength(3)
  const { sessions, heard } = listening()
  const exact = { solver: { id: 'dpm-ot', params: { variety: 'exact' } }, steps: 5, guidance: 1 }
  const pictures = new Set<string>()
  for (let seed = 0; seed < 12; seed++) pictures.add(bytesOf(await made(model, all, { ...exact, seed }, sessions)).toString('hex'))
  expect(pictures.size).toBeLessThanOrEqual(3)
  expect(pictures.size).toBeGreaterThan(1)
  expect(times(heard).slice(0, 5)).toEqual([300, 240, 180, 120, 60])
  expect(await faultOf(made(model, all, { ...exact, height: 12 }))).toMatchObject({
    kind: 'invalid',
    why: 'The board was made for latents of 8 × 8 cells; this picture has 8 × 6.',
  })
})

test('a board of an artist’s own pictures costs no call of the network', async () => {
  const model = await studio.model()
  using pictures = temporaryFolder()
  const colours = ['#f80000', '#00a000', '#2020f0']
  const drawn = (colour: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="${colour}"/></svg>`
  for (const [i, colour] of colours.entries()) writeFileSync(join(pictures.path, `${i}.svg`), drawn(colour))
  writeFileSync(join(pictures.path, 'notes.txt'), 'no picture')
  const notes = await tuned(model, 'transport', { folder: pictures.path, level: 0.3 }, '8'.repeat(64))
  expect(notes[0]).toMatch(/^A board of 3 pictures/)
  expect(notes.at(-1)).toBe('It took 0 network calls.')
  const blind = await studio.model({ noEncoder: true })
  expect(await faultOf(tuned(blind, 'transport', { folder: pictures.path }))).toMatchObject({ kind: 'unsupported' })
})

test('settings that cannot be are refused in words before anything is asked', async () => {
  const model = await studio.model()
  const { sessions, heard } = listening()
  const asked = (params: Params) =>
    faultOf(outcome(tune(model, sha256, { do: 'tune', model: 'tiny', what: 'steps', params }, keep.path, sessions, signal)))
  expect(await asked({ steps: 0 })).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/steps/) })
  expect(await asked({ side: 15 })).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/multiples of 4/) })
  expect(heard).toEqual([])
})

test('blocks are left out by the switches of a network that has them, in the search and in generations', async () => {
  const model = await studio.model()
  writeFileSync(join(model.path, 'unet', 'skippable.onnx'), skippableUnet())
  const config = { block_out_channels: [4, 8], sample_size: 8, skippable: 'skippable.onnx', skip_blocks: ['first', 'second'] }
  writeFileSync(join(model.path, 'unet', 'config.json'), JSON.stringify(config))
  const hash = '9'.repeat(64)
  const notes = await tuned(model, 'steps', { steps: 3, compute: 0.7, rounds: 2, cases: 2, heldOut: 0, referenceSteps: 10 }, hash)
  expect(notes).toContainEqual(expect.stringMatching(/^[2-6] of 6 blocks are left out\.$/))
  const all = await tunedFor(keep.path, hash)
  const { levels = [], skip = [] } = all.steps[0] ?? {}
  const { sessions, heard } = listening()
  await made(model, all, { steps: 3, schedule: { id: 'auto-diffusion' }, guidance: 1 }, sessions)
  expect(heard.map(({ skip: switches }) => Array.from(switches?.data ?? []))).toEqual(
    levels.map((_, i) => [0, 1].map((block) => Number(skip[i]?.includes(block)))).reverse(),
  )
})

test.each([
  ['XL', { xl: true }],
  ['time in whole numbers', { timestep: { shape: ['steps'], type: INT64 } }],
  ['16 bits', { half: true }],
  ['no signal at the end', { scheduler: { rescale_betas_zero_snr: true } }],
  ['noise predicted, clean landing', { scheduler: { prediction_type: 'epsilon', set_alpha_to_one: true } }],
] as const)('a model of another make is tuned as well: %s', async (_, options) => {
  const model = await studio.model(options)
  const hash = '6'.repeat(64)
  const params = { cases: 2, heldOut: 1, referenceSteps: 12 }
  await tuned(model, 'steps', { ...params, steps: 4, rounds: 1, population: 6 }, hash)
  await tuned(model, 'statistics', { ...params, steps: 4, rows: 12 }, hash)
  await tuned(model, 'solver', { ...params, steps: 4, evaluations: 12 }, hash)
  const all = await tunedFor(keep.path, hash)
  // Random networks that predict the noise say wild things, but no infinite ones.
  const scores = [...all.steps, ...all.recipes].map((one) => one.scores.found)
  expect(scores.every((score) => score >= 0 && score < 1000)).toBe(true)
  for (const [schedule, solver] of [
    ['auto-diffusion', 'ddim'],
    ['uniform', 'unified-sampling'],
    ['uniform', 'dpm-solver-v3'],
  ] as const) {
    const { latent } = await made(model, all, { schedule: { id: schedule }, solver: { id: solver } })
    expect(latent.data.every((value) => Number.isFinite(value) && Math.abs(value) < 1000)).toBe(true)
  }
})

const BOOL = 9

/** A network of two blocks, each of which adds something unless it is left out. */
function skippableUnet(): Uint8Array {
  const graph = new TinyGraph(11, false, null)
  const sample = graph.input('sample', ['batch', CHANNELS, 'height', 'width'])
  const time = graph.input('timestep', [], FLOAT32)
  const context = graph.input('encoder_hidden_states', ['batch', TOKENS, 8])
  const run = graph.cast(graph.node('Not', [graph.input('skip', [2], BOOL)]))
  const said = graph.node('Add', [graph.node('Mul', [time, graph.number(1e-4)]), graph.node('ReduceMean', [context])])
  const gates = graph.node('Reshape', [run, graph.axes(1, 2, 1, 1)])
  const sum = graph.node('ReduceSum', [gates, graph.axes(1)], { keepdims: { type: 'int', value: 1 } })
  const mixed = graph.node('Conv', [sample, graph.drawn([CHANNELS, CHANNELS, 3, 3], 0.15)], { pads: { type: 'ints', value: [1, 1, 1, 1] } })
  const both = graph.node('Add', [graph.node('Mul', [mixed, sum]), said])
  graph.output('out_sample', ['batch', CHANNELS, 'height', 'width'], graph.node('Tanh', [both]))
  return graph.write().model
}

test('a model is tuned at the guidance that it wants to be asked with', async () => {
  const model = await studio.model({ index: { usual_settings: { guidance: 1, steps: 40 } } })
  const hash = '5'.repeat(64)
  const request = {
    do: 'tune',
    model: 'tiny',
    what: 'steps',
    params: { steps: 2, rounds: 1, cases: 1, heldOut: 0, referenceSteps: 10 },
  } as const
  await outcome(tune(model, hash, request, keep.path, studio.sessions, signal))
  expect((await tunedFor(keep.path, hash)).steps).toMatchObject([{ guidance: 1, levels: [expect.any(Number), expect.any(Number)] }])
})
