import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { latentColours } from '../../../main/engine/diffusion/latent-colours.ts'
import { tilesAlong, weightAt } from '../../../main/engine/diffusion/latent-tiles.ts'
import { decodeLatent, encodeLatent, type Latent } from '../../../main/engine/diffusion/latents.ts'
import { floatOfHalf, halfOf } from '../../../main/engine/sessions/elements.ts'
import { noiseOf, normalsInto } from '../../../main/math/random.ts'
import { tensor } from '../../../main/math/tensor.ts'
import { CHANNELS, FACTOR } from '../../kit/tiny-diffusion.ts'
import { faultOf } from '../workshop.ts'
import { openDiffusionStudio } from './studio.ts'

const studio = openDiffusionStudio()
afterAll(() => studio[Symbol.asyncDispose]())
const { signal } = new AbortController()

function drawn(rows: number, columns: number, deviation = 1): Latent {
  const data = new Float64Array(CHANNELS * rows * columns)
  normalsInto(data, noiseOf(3))
  return { channels: CHANNELS, rows, columns, data: data.map((value) => value * deviation) }
}

test('a picture decoded in pieces is the one decoded whole, its opacity too', async () => {
  const { autoencoder } = await studio.model({ alpha: true })
  using lease = await studio.sessions.leaseFile(autoencoder.decoder.file, signal)
  const latent = drawn(23, 37)
  const whole = await decodeLatent(autoencoder, latent, lease, signal)
  const pieces = await decodeLatent(autoencoder, latent, lease, signal, { whole: 8, tile: 8, overlap: 4 })
  for (const key of ['picture', 'alpha'] as const) {
    expect(pieces[key]?.shape).toEqual(whole[key]?.shape)
    const off = whole[key]?.data.map((value, i) => Math.abs(value - (pieces[key]?.data[i] as number)))
    expect(Math.max(...(off ?? [1]))).toBeLessThan(1e-6)
  }
})

test('pieces reach from end to end, and what they weigh adds up to one everywhere', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 2, max: 64 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (length, tile, share) => {
        const sum = new Float64Array(length * FACTOR)
        for (const piece of tilesAlong(length, tile, Math.floor(tile * share)))
          for (let at = 0; at < piece.length * FACTOR; at++) sum[piece.from * FACTOR + at] += weightAt(at, piece, FACTOR)
        expect(sum.every((value) => Math.abs(value - 1) < 1e-12)).toBe(true)
      },
    ),
  )
})

test('a preview has the colours of the picture where they are not at their ends', async () => {
  const { autoencoder } = await studio.model()
  using lease = await studio.sessions.leaseFile(autoencoder.decoder.file, signal)
  const latent = drawn(4, 4, 0.1)
  const [small, { picture }] = [
    (await latentColours(autoencoder, lease, signal))(latent),
    await decodeLatent(autoencoder, latent, lease, signal),
  ]
  const cell = (c: number, y: number, x: number) => {
    let sum = 0
    for (let dy = 0; dy < FACTOR; dy++)
      for (let dx = 0; dx < FACTOR; dx++) sum += picture.data[(c * 4 * FACTOR + y * FACTOR + dy) * 4 * FACTOR + x * FACTOR + dx]
    return sum / FACTOR ** 2
  }
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < 16; i++) expect(Math.abs(small.data[c * 16 + i] - cell(c, Math.floor(i / 4), i % 4))).toBeLessThan(0.01)
})

test('the latent of a picture is the scaled mean, the same on every run', async () => {
  const { autoencoder } = await studio.model()
  const picture = tensor([3, 8, 12], new Float32Array(3 * 8 * 12).fill(0.5))
  picture.data[0] = 1
  const latent = await encodeLatent(autoencoder, picture, studio.sessions, signal)
  expect([latent.channels, latent.rows, latent.columns]).toEqual([CHANNELS, 4, 6])
  expect(await encodeLatent(autoencoder, picture, studio.sessions, signal)).toEqual(latent)
  // Middle grey is 0 to the encoder, which has no bias: only the cell of the white sample tells of it.
  const cells = [...latent.data].flatMap((value, i) => (value === 0 ? [] : [i % 24]))
  expect(new Set(cells)).toEqual(new Set([0]))
  const twice = await encodeLatent({ ...autoencoder, scale: 2 * autoencoder.scale }, picture, studio.sessions, signal)
  expect(twice.data).toEqual(latent.data.map((value) => 2 * value))
})

test('latents with a mean and a deviation of their own come out as they went in', async () => {
  const { autoencoder } = await studio.model()
  const own = { ...autoencoder, mean: [1, 2, 3, 4], deviation: [2, 2, 4, 4] }
  const picture = tensor([3, 4, 4], new Float32Array(48).fill(0.3))
  const [plain, shifted] = [
    await encodeLatent(autoencoder, picture, studio.sessions, signal),
    await encodeLatent(own, picture, studio.sessions, signal),
  ]
  using lease = await studio.sessions.leaseFile(autoencoder.decoder.file, signal)
  const [before, after] = [await decodeLatent(autoencoder, plain, lease, signal), await decodeLatent(own, shifted, lease, signal)]
  const off = before.picture.data.map((value, i) => Math.abs(value - after.picture.data[i]))
  expect(Math.max(...off)).toBeLessThan(1e-6)
})

test('a decoder that overflows, and a model without an encoder, are told in words', async () => {
  const { autoencoder } = await studio.model({ noEncoder: true })
  using lease = await studio.sessions.leaseFile(autoencoder.decoder.file, signal)
  const broken = { ...drawn(2, 2), data: new Float64Array(CHANNELS * 4).fill(Number.NaN) }
  expect(await faultOf(decodeLatent(autoencoder, broken, lease, signal))).toMatchObject({
    kind: 'engine',
    todo: expect.stringMatching(/32 bits/),
  })
  expect(await faultOf(encodeLatent(autoencoder, tensor([3, 4, 4]), studio.sessions, signal))).toMatchObject({ kind: 'unsupported' })
})

test('16-bit floats: every one comes back, and what lies between goes to the nearer, halves to even', () => {
  for (let bits = 0; bits < 0x10000; bits++) if (!Number.isNaN(floatOfHalf(bits))) expect(halfOf(floatOfHalf(bits))).toBe(bits)
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, -1e9, 2 ** -25, 3 * 2 ** -25].map(halfOf).map(floatOfHalf)).toEqual([
    1,
    1 + 2 ** -9,
    65504,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    2 ** -23,
  ])
  expect(floatOfHalf(halfOf(Number.NaN))).toBeNaN()
})
