import { afterAll, expect, test } from 'vitest'
import { together } from '../../../main/engine/diffusion/together.ts'
import type { Tensors } from '../../../main/engine/sessions/message.ts'
import type { FileLease } from '../../../main/engine/sessions/sessions.ts'
import { tensor } from '../../../main/math/tensor.ts'
import { normals } from '../../kit/generate.ts'
import { CHANNELS, TOKENS } from '../../kit/tiny-diffusion.ts'
import { openDiffusionStudio } from './studio.ts'

const studio = openDiffusionStudio()
afterAll(() => studio[Symbol.asyncDispose]())
const { signal } = new AbortController()

/** A lease that writes down how many pictures each run was of. */
function watched(lease: FileLease, fails: (rows: number) => boolean = () => false) {
  const rows: number[] = []
  const run: FileLease['run'] = async (inputs, stop) => {
    const count = inputs.sample?.shape[0] ?? 0
    rows.push(count)
    if (fails(count)) throw new Error(`${count} pictures are too many.`)
    return lease.run(inputs, stop)
  }
  return { rows, asked: together({ run, [Symbol.dispose]: () => lease[Symbol.dispose]() }) }
}

/** The U-Net of a folder, and what it is asked with. */
async function unetOf(options = {}) {
  const { unet } = await studio.model(options)
  const lease = await studio.sessions.leaseFile(unet.part.file, signal)
  const width = unet.part.inputs.find(({ name }) => name === 'encoder_hidden_states')?.shape[2] as number
  const question = (seed: number, time = 500, side = 6): Tensors => ({
    sample: tensor([1, CHANNELS, side, side], Float32Array.from(normals(CHANNELS * side * side, seed))),
    timestep: tensor(unet.timeShape, Float32Array.of(time)),
    encoder_hidden_states: tensor([1, TOKENS, width], Float32Array.from(normals(TOKENS * width, seed + 100))),
  })
  return { lease, question }
}

test('what is asked in one breath is answered in one run, each as if it had been alone', async () => {
  const { lease, question } = await unetOf()
  const { rows, asked } = watched(lease)
  const both = await Promise.all([asked.run(question(1), signal), asked.run(question(2), signal)])
  expect(rows).toEqual([2])
  for (const [i, { out_sample }] of both.entries()) {
    const alone = (await lease.run(question(i + 1), signal)).out_sample
    expect(out_sample?.shape).toEqual(alone?.shape)
    for (const [k, value] of (alone?.data ?? []).entries()) expect(out_sample?.data[k]).toBeCloseTo(value, 5)
  }
  expect(both[0]?.out_sample?.data).not.toEqual(both[1]?.out_sample?.data)
  asked[Symbol.dispose]()
})

test('one after the other: another time, another size, another signal, large pictures, and what is asked later', async () => {
  const { lease, question } = await unetOf()
  const { rows, asked } = watched(lease)
  const other = new AbortController().signal
  await Promise.all([asked.run(question(1, 500), signal), asked.run(question(2, 400), signal)])
  await Promise.all([asked.run(question(1), signal), asked.run(question(2, 500, 8), signal)])
  await Promise.all([asked.run(question(1), signal), asked.run(question(2), other)])
  await Promise.all([asked.run(question(1, 500, 132), signal), asked.run(question(2, 500, 132), signal)])
  await asked.run(question(1), signal)
  await asked.run(question(2), signal)
  expect(rows).toEqual(new Array(10).fill(1))
  asked[Symbol.dispose]()
})

test('a network that takes one picture at a time is found out once', async () => {
  const { lease, question } = await unetOf()
  const { rows, asked } = watched(lease, (count) => count > 1)
  const pair = () => Promise.all([asked.run(question(1), signal), asked.run(question(2), signal)])
  const first = await pair()
  expect(await pair()).toEqual(first)
  expect(rows).toEqual([2, 1, 1, 1, 1])
  asked[Symbol.dispose]()
})

test('what fails alone as well is thrown to whoever asked; an abort is an abort', async () => {
  const { lease, question } = await unetOf()
  const { asked } = watched(lease, () => true)
  const both = await Promise.allSettled([asked.run(question(1), signal), asked.run(question(2), signal)])
  expect(both).toMatchObject([1, 1].map((count) => ({ status: 'rejected', reason: { message: `${count} pictures are too many.` } })))
  const controller = new AbortController()
  const sound = watched(lease)
  const asking = [1, 2].map((seed) => sound.asked.run(question(seed), controller.signal))
  controller.abort()
  expect(await Promise.allSettled(asking)).toMatchObject([{ reason: { name: 'AbortError' } }, { reason: { name: 'AbortError' } }])
  // And is no reason to think that the network cannot.
  await Promise.all([sound.asked.run(question(1), signal), sound.asked.run(question(2), signal)])
  expect(sound.rows.at(-1)).toBe(2)
  asked[Symbol.dispose]()
})
