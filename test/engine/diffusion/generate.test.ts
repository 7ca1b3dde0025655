import { afterAll, expect, test } from 'vitest'
import { schedules, solvers } from '../../../main/algorithms/index.ts'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { type Generated, type Generation, generate } from '../../../main/engine/diffusion/generate.ts'
import type { Sessions } from '../../../main/engine/sessions/sessions.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { FaultError } from '../../../preload/contract/fault.ts'
import { INT64 } from '../../kit/tiny-graph.ts'
import { faultOf } from '../workshop.ts'
import { bareLoop, openBare } from './bare-loop.ts'
import { bytesOf, openDiffusionStudio, request } from './studio.ts'

const studio = openDiffusionStudio()
afterAll(() => studio[Symbol.asyncDispose]())
const { signal } = new AbortController()

const made = (model: ModelFolder, changes: Partial<Generation> = {}): Promise<Generated> =>
  outcome(generate(model, { ...request, ...changes }, studio.sessions, signal))
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])))

test('it is what a bare loop over the same sessions gives', async () => {
  const model = await studio.model()
  const [prompt, negative] = ['a cat', ''].map((text) => model.textEncoders[0].tokenize(text).ids)
  const bare = await bareLoop(model.path, { prompt, negative }, request, await openBare(model.path))
  const { latent, picture } = await made(model)
  expect(picture.shape).toEqual([3, 12, 16])
  // A float32 that rounds the other way on the way in is all that may differ.
  expect(furthest(latent.data, bare.latent)).toBeLessThan(1e-5)
  expect(furthest(picture.data, bare.picture)).toBeLessThan(1e-5)
})

test('the same request gives the same bytes; prompt, negative prompt, guidance and seed each matter', async () => {
  const model = await studio.model()
  const first = bytesOf(await made(model))
  expect(bytesOf(await made(model)).equals(first)).toBe(true)
  for (const change of [{ prompt: 'a dog' }, { negative: 'a dog' }, { guidance: 1 }, { seed: 8 }])
    expect(bytesOf(await made(model, change)).equals(first)).toBe(false)
})

test('every step is told with a preview, one pixel a cell', async () => {
  const steps = generate(await studio.model(), request, studio.sessions, signal)
  const seen = []
  for await (const step of steps) seen.push(step)
  expect(seen.map(({ step, steps: all }) => [step, all])).toEqual([1, 2, 3, 4].map((step) => [step, 4]))
  for (const { preview } of seen) {
    expect(preview?.shape).toEqual([3, 6, 8])
    expect(preview?.data.every((value) => value >= 0 && value <= 1)).toBe(true)
  }
})

test('every solver takes the steps of every schedule, or says why not', async () => {
  const model = await studio.model()
  const refused: string[] = []
  for (const schedule of schedules)
    for (const solver of solvers) {
      const asked = { steps: 6, guidance: 1, schedule: { id: schedule.id }, solver: { id: solver.id } }
      const result = await made(model, asked).catch((thrown: unknown) => {
        if (!(thrown instanceof FaultError && /came to nothing|cannot|no found steps/.test(thrown.fault.what))) throw thrown
        refused.push(`${schedule.id} ${solver.id}`)
      })
      if (result) expect(result.latent.data.every(Number.isFinite)).toBe(true)
    }
  // Steps and statistics that are found for a model, and levels that are not its own.
  const known = /^auto-diffusion | dpm-solver-v3$| time-shift$/
  expect(refused.filter((pair) => !known.test(pair))).toEqual([])
  expect(refused).not.toContain('uniform time-shift')
})

test('one trailing step asks a distilled model once, at the noisiest level', async () => {
  const model = await studio.model({ scheduler: { timestep_spacing: 'trailing' } })
  const times: number[] = []
  const listening: Pick<Sessions, 'leaseFile'> = {
    async leaseFile(file, stop) {
      const lease = await studio.sessions.leaseFile(file, stop)
      const run: typeof lease.run = (inputs, stopRun) => {
        if (inputs.timestep) times.push(...inputs.timestep.data)
        return lease.run(inputs, stopRun)
      }
      return { run, [Symbol.dispose]: () => lease[Symbol.dispose]() }
    },
  }
  await outcome(generate(model, { ...request, steps: 1, guidance: 1 }, listening, signal))
  expect(times).toEqual([999])
})

test('an even course and its unscaled form end in the same picture, where their steps fall alike', async () => {
  // Euler on unscaled noise is DDIM on the scaled path that lands on the clean picture; the starts differ by their scale alone.
  const model = await studio.model({ scheduler: { timestep_spacing: 'trailing', set_alpha_to_one: true, prediction_type: 'sample' } })
  const scaled = await made(model, { guidance: 1 })
  const unscaled = await made(model, { guidance: 1, schedule: { id: 'euler-discrete' }, solver: { id: 'euler' } })
  expect(furthest(scaled.picture.data, unscaled.picture.data)).toBeLessThan(0.02)
})

test('whole-numbered time, 16 bits, weights beside the graph: nearly the same picture', async () => {
  const plain = await made(await studio.model())
  const same = await made(await studio.model({ timestep: { shape: ['steps'], type: INT64 }, beside: 'model.onnx_data' }))
  expect(bytesOf(same).equals(bytesOf(plain))).toBe(true)
  const half = await made(await studio.model({ half: true }))
  expect(furthest(half.picture.data, plain.picture.data)).toBeLessThan(0.02)
  expect(bytesOf(half).equals(bytesOf(plain))).toBe(false)
})

test('an XL model reads the size of the picture, and takes an empty negative prompt for none', async () => {
  const model = await studio.model({ xl: true })
  const first = await made(model)
  expect(bytesOf(await made(model, { negative: 'a dog' })).equals(bytesOf(first))).toBe(false)
  const spoken = await made({ ...model, zeroForEmpty: false })
  expect(bytesOf(spoken).equals(bytesOf(first))).toBe(false)
})

test('opacity comes out where the decoder tells it', async () => {
  const { alpha } = await made(await studio.model({ alpha: true }))
  expect(alpha?.shape).toEqual([1, 12, 16])
  expect((await made(await studio.model())).alpha).toBeNull()
})

test('an abort ends it between two calls, and the next generation is as good as before', async () => {
  const model = await studio.model()
  const controller = new AbortController()
  const steps = generate(model, { ...request, steps: 50 }, studio.sessions, controller.signal)
  await steps.next()
  controller.abort()
  await expect(steps.next()).rejects.toMatchObject({ name: 'AbortError' })
  expect(bytesOf(await made(model)).equals(bytesOf(await made(model)))).toBe(true)
})

test('where only one part fits in memory they take turns', async () => {
  const room = await studio.model()
  const parts = [room.textEncoders[0].part, room.unet.part, room.autoencoder.decoder].map(({ file }) => file.memory)
  await using tight = openDiffusionStudio(Math.max(...parts))
  const squeezed = await outcome(generate(room, request, tight.sessions, signal))
  expect(bytesOf(squeezed).equals(bytesOf(await made(room)))).toBe(true)
  expect(tight.peak()).toBeLessThan(parts.reduce((a, b) => a + b, 0))
})

test('what cannot be is said in words', async () => {
  const model = await studio.model()
  const refused = async (changes: Partial<Generation>) => await faultOf(made(model, changes))
  expect(await refused({ width: 15 })).toMatchObject({ kind: 'invalid', todo: 'Choose 16 × 12.' })
  expect(await refused({ steps: 0 })).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/steps/) })
  expect(await refused({ solver: { id: 'magic' } })).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/magic/) })
  expect(await refused({ solver: { id: 'ddim', params: { eta: 2 } } })).toMatchObject({
    kind: 'invalid',
    why: expect.stringMatching(/eta/),
  })
  const { notes } = await made(model, { prompt: 'cat '.repeat(15) })
  expect(notes).toEqual([
    'The model did not read all of your words. It takes in only so many at once, and "cat" came after them. Say it in fewer words, what matters most first.',
  ])
})
