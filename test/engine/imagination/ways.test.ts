import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inversions, schedules, solvers } from '../../../main/algorithms/index.ts'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { FaultError } from '../../../preload/contract/fault.ts'
import { openDiffusionStudio } from '../diffusion/studio.ts'
import { faultOf } from '../workshop.ts'
import { box, type ImaginationId, imagined, layerOf, opaque, patchedOver, speckled } from './studio.ts'

const studio = openDiffusionStudio()
let folder: ModelFolder
beforeAll(async () => {
  folder = await studio.model()
})
afterAll(() => studio[Symbol.asyncDispose]())

const document = { x: 0, y: 0, width: 40, height: 32 }
const picture = opaque(speckled(document, 4))
const REGION = { x: 10, y: 8, width: 12, height: 10 }
const KNOBS: Readonly<Record<ImaginationId, Readonly<Record<string, unknown>>>> = {
  'edit-objects': { source: 'a dog', steps: 5 },
  'exact-edit': { source: 'a dog', prompt: 'a cat', steps: 6 },
  fill: { prompt: 'a cat', steps: 4 },
  generate: { prompt: 'a cat', steps: 3 },
}
const ways = Object.keys(KNOBS) as ImaginationId[]

const run = (
  id: ImaginationId,
  params: Readonly<Record<string, unknown>> = {},
  changes: { folder?: ModelFolder; seed?: number; sessions?: typeof studio.sessions } = {},
) =>
  imagined(id, {
    folder,
    sessions: studio.sessions,
    source: layerOf(picture),
    width: document.width,
    height: document.height,
    objects: [box(REGION, 'a cat')],
    seed: 7,
    ...changes,
    params: { ...KNOBS[id], ...params },
  })
/** Root of the mean square that two patches are apart, in levels of 255. */
function apart(a: { patch: { rgba: Uint8Array } }, b: { patch: { rgba: Uint8Array } }): number {
  expect(a.patch.rgba).toHaveLength(b.patch.rgba.length)
  const square = a.patch.rgba.reduce((sum, value, i) => sum + (value - (b.patch.rgba[i] as number)) ** 2, 0)
  return Math.sqrt(square / a.patch.rgba.length)
}

test.each(ways)('%s takes its turns where only one part of the model fits in memory', async (id) => {
  const { textEncoders, unet, autoencoder } = folder
  const parts = [textEncoders[0]?.part, unet.part, autoencoder.decoder, autoencoder.encoder].map((part) => part?.file.memory ?? 0)
  await using tight = openDiffusionStudio(Math.max(...parts))
  expect((await run(id, {}, { sessions: tight.sessions })).patch).toEqual((await run(id)).patch)
  expect(tight.peak()).toBeLessThanOrEqual(Math.max(...parts))
})

test.each(ways)('%s works with an XL model, which is told the size of what it sees, and with 16 bits', async (id) => {
  const xl = await studio.model({ xl: true })
  expect(apart(await run(id, {}, { folder: xl }), await run(id))).toBeGreaterThan(0)
  expect(apart(await run(id, {}, { folder: await studio.model({ half: true }) }), await run(id))).toBeLessThan(6)
})

describe('fill', () => {
  test('takes every schedule with every solver, or says why not', async () => {
    const refused: string[] = []
    for (const { id: schedule } of schedules)
      for (const { id: solver } of solvers) {
        if (solver === 'dpm-ot') continue
        await run('fill', { schedule, solver, steps: 6, guidance: 1 }).catch((thrown: unknown) => {
          if (!(thrown instanceof FaultError)) throw thrown
          expect(thrown.fault.kind).not.toBe('internal')
          refused.push(`${schedule} ${solver}`)
        })
      }
    // Beside what a generation refuses: a recipe cannot begin in the middle.
    const known = /^auto-diffusion | (dpm-solver-v3|unified-sampling|time-shift)$|^(euler-discrete|karras|multistep) runge-kutta$/
    expect(refused.filter((pair) => !known.test(pair))).toEqual([])
    expect(refused).not.toContain('multistep unipc')
    await run('fill', { solver: 'unified-sampling', strength: 1 })
  })

  test('strength, words, seed and what it shall not be each matter', async () => {
    const first = await run('fill')
    for (const other of [
      await run('fill', { strength: 0.5 }),
      await run('fill', { prompt: 'a dog' }),
      await run('fill', { negative: 'a dog' }),
      await run('fill', {}, { seed: 8 }),
    ])
      expect(apart(first, other)).toBeGreaterThan(0)
  })

  test('a strength that leaves no step is said in words', async () => {
    expect(await faultOf(run('fill', { strength: 0.1, steps: 4 }))).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/0.1/) })
  })

  test('an opaque layer stays opaque, whatever the model says of opacity; where nothing was it decides', async () => {
    const cutter = await studio.model({ alpha: true })
    const small = { ...document, width: 9, height: 7 }
    const photo = { source: layerOf(opaque(speckled(small, 3))), width: 9, height: 7, objects: [box({ ...small, width: 5 })], seed: 1 }
    // The model sees more than so small a document.
    const { patch: beyond } = await imagined('fill', {
      ...photo,
      folder: cutter,
      sessions: studio.sessions,
      params: { ...KNOBS.fill, feather: 0 },
    })
    const { patch } = await run('fill', { feather: 0 }, { folder: cutter })
    expect(patchedOver(opaque(speckled(small, 3)), beyond, small).every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
    expect(patch.rgba.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
    const empty = layerOf({ rect: document, rgba: new Uint8Array(picture.rgba.length) })
    const given = { folder: cutter, sessions: studio.sessions, source: empty, width: 40, height: 32, objects: [box(REGION)], seed: 1 }
    const alone = await imagined('fill', { ...given, params: { ...KNOBS.fill, feather: 0 } })
    const opacities = alone.patch.rgba.filter((_, i) => i % 4 === 3)
    expect(opacities.some((value) => value > 0 && value < 255)).toBe(true)
  })
})

describe('exact edit', () => {
  test('other words act, and act more the closer they are followed', async () => {
    const same = await run('exact-edit', { prompt: 'a dog' })
    const [little, much] = [await run('exact-edit', { guidance: 1 }), await run('exact-edit', { guidance: 12 })]
    expect(apart(same, little)).toBeGreaterThan(0)
    expect(apart(same, much)).toBeGreaterThan(apart(same, little))
  })

  test('the round trip is told where asked for: nothing for the exact ones, something for DDIM, which always tells', async () => {
    for (const { id } of inversions) {
      const { measures } = await run('exact-edit', { inversion: id, check: true })
      if (id === 'ddim-inversion') expect(measures.roundTrip).toBeGreaterThan(1e-6)
      else expect(measures.roundTrip).toBeLessThan(1e-9)
      expect(measures.spread).toBeGreaterThan(0)
    }
    expect((await run('exact-edit')).measures).not.toHaveProperty('roundTrip')
    expect((await run('exact-edit', { inversion: 'ddim-inversion' })).measures).toHaveProperty('roundTrip')
  })

  test('freedom acts', async () => {
    expect(apart(await run('exact-edit', { freedom: 0 }), await run('exact-edit', { freedom: 1 }))).toBeGreaterThan(0)
  })
})

describe('edit objects', () => {
  const two = (first: string, second: string) => [
    box({ x: 4, y: 4, width: 10, height: 10 }, first),
    box({ x: 24, y: 16, width: 12, height: 10 }, second),
  ]
  const given = (objects: ReturnType<typeof two>) => ({
    folder,
    sessions: studio.sessions,
    source: layerOf(picture),
    width: document.width,
    height: document.height,
    objects,
    seed: 7,
    params: { ...KNOBS['edit-objects'], steps: 6 },
  })

  test('tells the depth it chose for each as a share of the way, and how often the model was asked', async () => {
    const { measures } = await imagined('edit-objects', given(two('a cat', 'a fox')))
    expect(Object.keys(measures)).toEqual(['calls', 'depth1', 'depth2'])
    for (const depth of [measures.depth1, measures.depth2]) expect(depth).toBeGreaterThan(0)
    expect(measures.calls).toBeGreaterThan(6)
  })

  test('a search that was stopped goes on where it ended, to the same picture', async () => {
    let calls = 0
    const counting = (stopAt: number, controller: AbortController): Pick<typeof studio.sessions, 'leaseFile'> => ({
      async leaseFile(file, stop) {
        const lease = await studio.sessions.leaseFile(file, stop)
        const runs: typeof lease.run = (inputs, stopRun) => {
          if (inputs.timestep && ++calls === stopAt) controller.abort()
          return lease.run(inputs, stopRun)
        }
        return { run: runs, [Symbol.dispose]: () => lease[Symbol.dispose]() }
      },
    })
    const controller = new AbortController()
    const sessions = counting(55, controller)
    const whole = await imagined('edit-objects', given(two('a cat', 'a fox')))
    await expect(imagined('edit-objects', { ...given(two('a cat', 'a fox')), sessions }, controller.signal)).rejects.toMatchObject({
      name: 'AbortError',
    })
    calls = 55
    const resumed = await imagined('edit-objects', { ...given(two('a cat', 'a fox')), sessions })
    expect(resumed.patch).toEqual(whole.patch)
    expect(resumed.measures.calls).toBeLessThan(whole.measures.calls - 20)
    const again = await imagined('edit-objects', { ...given(two('a cat', 'a fox')), sessions })
    expect(again).toEqual(whole)
  })

  test('objects that overlap are said so; one that fills all that is seen is refused', async () => {
    const overlapping = [box({ x: 4, y: 4, width: 10, height: 10 }, 'a cat'), box({ x: 8, y: 8, width: 12, height: 10 }, 'a fox')]
    const { notes } = await imagined('edit-objects', given(overlapping))
    expect(notes.some((note) => /overlap/.test(note))).toBe(true)
    expect(await faultOf(imagined('edit-objects', given([box(document, 'a cat')])))).toMatchObject({
      kind: 'invalid',
      what: expect.stringMatching(/fills/),
    })
  })
})

test('what is enlarged a lot is said to be soft', async () => {
  const wide = { x: 0, y: 0, width: 200, height: 160 }
  const given = { folder, sessions: studio.sessions, source: layerOf(opaque(speckled(wide, 1))), width: 200, height: 160, seed: 1 }
  for (const id of ways) {
    const large = await imagined(id, { ...given, objects: [box({ x: 20, y: 20, width: 120, height: 100 }, 'a cat')], params: KNOBS[id] })
    expect(large.notes.some((note) => note.includes('softer'))).toBe(true)
    const small = await imagined(id, { ...given, objects: [box({ x: 20, y: 20, width: 10, height: 10 }, 'a cat')], params: KNOBS[id] })
    expect(small.notes).toEqual([])
  }
})

test('words that did not fit are told', async () => {
  for (const id of ways) {
    const long = 'cat '.repeat(15)
    const { notes } = await run(id, id === 'edit-objects' ? { source: long } : { prompt: long })
    expect(notes.some((note) => note.includes('did not read'))).toBe(true)
  }
})

test.each(ways)('%s ends soon after it is told to', async (id) => {
  const controller = new AbortController()
  let calls = 0
  const stopping: Pick<typeof studio.sessions, 'leaseFile'> = {
    async leaseFile(file, stop) {
      const lease = await studio.sessions.leaseFile(file, stop)
      const runs: typeof lease.run = (inputs, stopRun) => {
        if (inputs.timestep && ++calls === 3) controller.abort()
        return lease.run(inputs, stopRun)
      }
      return { run: runs, [Symbol.dispose]: () => lease[Symbol.dispose]() }
    },
  }
  const given = {
    folder,
    source: layerOf(picture),
    width: document.width,
    height: document.height,
    objects: [box(REGION, 'a cat')],
    seed: 7,
  }
  const cancelled = imagined(id, { ...given, sessions: stopping, params: { ...KNOBS[id], steps: 30 } }, controller.signal)
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
  expect(calls).toBe(3)
})
