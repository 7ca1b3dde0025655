import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { builtInFolders } from '../../../main/engine/models/built-in-folders.ts'
import { Library } from '../../../main/engine/models/library.ts'
import { Models } from '../../../main/engine/models/models.ts'
import { placesOf } from '../../../main/engine/models/places.ts'
import { type ModelFile, Sessions } from '../../../main/engine/sessions/sessions.ts'
import { sizeOf, type Tensor, tensor } from '../../../main/math/tensor.ts'
import { BUILT_IN } from '../workshop.ts'

/** The folder of models to check, where it is another than the studio's: one that was just exported. */
const FOLDER = process.env.PALIMPSEST_CHECK ?? BUILT_IN

const Output = z.object({ shape: z.array(z.int()), indices: z.array(z.int()), values: z.array(z.number()) })
const Outputs = z.record(z.string(), Output)
/** What was computed by the framework a model was trained in, part by part, on inputs made by a formula. */
const Check = z.object({
  tolerance: z.number(),
  prompt: z.string(),
  input_ids: z.array(z.int()),
  timestep: z.number(),
  text_encoder: Outputs,
  unet: Outputs,
  vae_encoder: Outputs,
  vae_decoder: Outputs,
})
type Check = z.infer<typeof Check>

/** The formula of the checks: fround(0.5 + 0.4 sin(0.1 i) + 0.1 sin(1.7 i + 1)). */
function pattern(shape: readonly number[]): Tensor {
  const made = tensor(shape)
  for (let i = 0; i < sizeOf(shape); i++) made.data[i] = 0.5 + 0.4 * Math.sin(0.1 * i) + 0.1 * Math.sin(1.7 * i + 1)
  return made
}

const shapeOf = (outputs: z.infer<typeof Outputs>, name: string): readonly number[] => outputs[name]?.shape ?? []

/** Each part of a folder with the inputs it was recorded with. */
function partsOf({ textEncoders, unet, autoencoder }: ModelFolder, check: Check): [keyof Check, ModelFile, Record<string, Tensor>][] {
  const [text] = textEncoders as [ModelFolder['textEncoders'][0]]
  const latent = pattern(shapeOf(check.unet, 'out_sample'))
  const context = pattern(shapeOf(check.text_encoder, 'last_hidden_state'))
  const ids = tensor([1, check.input_ids.length], Float32Array.from(check.input_ids))
  const time = tensor([...unet.timeShape], Float32Array.of(check.timestep))
  return [
    ['text_encoder', text.part.file, { input_ids: ids }],
    ['unet', unet.part.file, { sample: latent, timestep: time, encoder_hidden_states: context }],
    ['vae_decoder', autoencoder.decoder.file, { latent_sample: latent }],
    ...(autoencoder.encoder
      ? [
          ['vae_encoder', autoencoder.encoder.file, { sample: pattern(shapeOf(check.vae_decoder, 'sample')) }] as [
            keyof Check,
            ModelFile,
            Record<string, Tensor>,
          ],
        ]
      : []),
  ]
}

process.env.PALIMPSEST_PROVIDER = 'cpu'
const folders = await builtInFolders(FOLDER)

describe.each(folders)('$id', ({ id, path }) => {
  const signal = new AbortController().signal
  const library = new Library(placesOf({ PALIMPSEST_MODELS: FOLDER }))

  test('is sound, and reads words as it was taught to', async () => {
    expect((await library.cards(signal)).find((card) => card.id === id)).toMatchObject({ problem: null, source: 'built-in' })
    const check = Check.parse(JSON.parse(readFileSync(join(path, 'check.json'), 'utf8')))
    const { folder } = await library.folder(id, signal)
    expect([...(folder.textEncoders[0]?.tokenize(check.prompt).ids ?? [])]).toEqual(check.input_ids)
  })

  test('gives the values it was checked with', async () => {
    const check = Check.parse(JSON.parse(readFileSync(join(path, 'check.json'), 'utf8')))
    const { folder } = await library.folder(id, signal)
    const entry = pathToFileURL(join(import.meta.dirname, '../../../main/engine/index.ts'))
    await using sessions = new Sessions({ entry, models: new Models(FOLDER), budget: 2 ** 30, tell: () => undefined })
    for (const [part, file, inputs] of partsOf(folder, check)) {
      using lease = await sessions.leaseFile(file, signal)
      const made = await lease.run(inputs, signal)
      for (const [name, { shape, indices, values }] of Object.entries(check[part] as z.infer<typeof Outputs>)) {
        expect([part, name, made[name]?.shape]).toEqual([part, name, shape])
        for (const [i, at] of indices.entries()) {
          const value = values[i] ?? Number.NaN
          expect(Math.abs((made[name]?.data[at] ?? Number.NaN) - value), `${part} ${name} ${at}`).toBeLessThanOrEqual(
            check.tolerance * Math.max(1, Math.abs(value)),
          )
        }
      }
    }
  })
})

test('every folder of the manifest is listed', async () => {
  const cards = await new Library(placesOf({ PALIMPSEST_MODELS: FOLDER })).cards(new AbortController().signal)
  expect(cards.map(({ id }) => id)).toEqual(folders.map(({ id }) => id))
})
