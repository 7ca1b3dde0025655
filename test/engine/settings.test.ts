import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPngTexts, withPngText } from '../../main/engine/pictures/png-text.ts'
import { readA1111, writeA1111 } from '../../main/engine/pictures/settings/a1111.ts'
import { settingsOf } from '../../main/engine/pictures/settings/settings.ts'
import type { Recipe } from '../../preload/contract/document.ts'
import { documentOf, exported, layerOf, place } from './photographs.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let blank: Buffer
beforeAll(async () => {
  blank = await sharp({ create: { width: 4, height: 3, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
})

/** The blank picture with a chunk in it, its sum left wrong: nobody checks those of texts. */
function withChunk(type: string, data: Uint8Array | string): Buffer {
  const bytes = Buffer.from(data as string, 'latin1')
  const chunk = Buffer.alloc(12 + bytes.length)
  chunk.writeUInt32BE(bytes.length)
  chunk.write(type, 4, 'latin1')
  chunk.set(bytes, 8)
  return Buffer.concat([blank.subarray(0, 33), chunk, blank.subarray(33)])
}
const packed = (head: string, text: string | Buffer) => Buffer.concat([Buffer.from(head, 'latin1'), deflateSync(text)])

const WEB_UI = `a cat, (hat:1.2)
on a mat
Negative prompt: blurry,
ugly
Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 123, Size: 640x512, Model hash: 6ce0161689, Model: "a, model", Version: v1.10.1`

const MADE = { prompt: 'a cat, (hat:1.2)\non a mat', negative: 'blurry,\nugly', steps: 25, guidance: 6.5, width: 640, height: 512 }

describe('the text of Stable Diffusion web UI', () => {
  test.each<[string, () => Buffer]>([
    ['tEXt', () => withChunk('tEXt', `parameters\0${WEB_UI}`)],
    ['zTXt', () => withChunk('zTXt', packed('parameters\0\0', WEB_UI))],
    ['iTXt', () => withChunk('iTXt', `parameters\0\0\0\0\0${WEB_UI}`)],
    ['packed iTXt', () => withChunk('iTXt', packed('parameters\0\u0001\0en\0Parameter\0', WEB_UI))],
  ])('is read from %s', (_, file) => {
    const { settings, notes } = settingsOf(file())
    expect(settings).toEqual({ params: { ...MADE, solver: 'dpm-solver-pp', schedule: 'karras' }, seed: 123 })
    expect(notes).toEqual([
      'It carries the settings it was made with in Stable Diffusion web UI; its layer remembers them.',
      'It was made with the model "a, model".',
    ])
  })

  test('with what has no twin here keeps the rest and says so', () => {
    const text = 'a cat\nSteps: 500, Sampler: Euler a, Schedule type: Beta, CFG scale: 7, Seed: -1, Size: 512x512'
    const { settings, notes } = settingsOf(withChunk('tEXt', `parameters\0${text}`))
    expect(settings).toEqual({ params: { prompt: 'a cat', negative: '', guidance: 7, width: 512, height: 512 }, seed: 0 })
    expect(notes[1]).toBe('Not taken over, for want of something equal: steps, the sampler "Euler a", the schedule "Beta".')
  })

  test('whatever the words, is read as it was written', () => {
    const words = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replace(/[\0\r\u2028\u2029]/g, ' ').trim())
    const numbers = { steps: fc.integer({ min: 1, max: 150 }), seed: fc.nat(2 ** 31), width: fc.integer({ min: 8, max: 99 }) }
    const marked = fc.oneof(
      { weight: 9, arbitrary: words },
      { weight: 1, arbitrary: fc.constant('Negative prompt: none\nNegative prompt:') },
    )
    const one = fc.record({ prompt: marked, negative: marked, model: words, ...numbers })
    fc.assert(
      fc.property(one, ({ prompt, negative, model, ...rest }) => {
        const carried = { ...rest, prompt, negative, guidance: 7, height: 64, sampler: 'unipc', scheduler: 'karras', model: model || null }
        const png = withPngText(blank, 'parameters', writeA1111(carried, { Version: 'Palimpsest' }))
        const read = readA1111(readPngTexts(png, ['parameters']).get('parameters')!)
        const plain = (text: string) => text.replace(/\n ?Negative prompt:/g, '\nNegative prompt:')
        expect({ ...read, prompt: plain(read!.prompt), negative: plain(read!.negative) }).toEqual({
          ...carried,
          prompt: plain(prompt),
          negative: plain(negative),
          program: 'Palimpsest',
        })
      }),
    )
  })
})

const comfy = {
  '3': {
    class_type: 'KSampler',
    inputs: {
      ...{ seed: 156680208700286, steps: 20, cfg: 8, sampler_name: 'uni_pc', scheduler: 'exponential', denoise: 1 },
      ...{ model: ['10', 0], positive: ['11', 0], negative: ['7', 0], latent_image: ['5', 0] },
    },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'v1-5.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: ['12', 0], batch_size: 1 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: ['13', 0], clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'text, watermark', clip: ['4', 1] } },
  '10': { class_type: 'LoraLoader', inputs: { lora_name: 'x', model: ['4', 0] } },
  '11': { class_type: 'ControlNetApply', inputs: { conditioning: ['6', 0], image: ['14', 0] } },
  '12': { class_type: 'PrimitiveInt', inputs: { value: 768 } },
  '13': { class_type: 'PrimitiveString', inputs: { value: 'a glass bottle' } },
}

describe('the graph of ComfyUI', () => {
  test('is followed from its sampler through what lies between', () => {
    const { settings, notes } = settingsOf(withChunk('tEXt', `prompt\0${JSON.stringify(comfy)}`))
    expect(settings).toEqual({
      params: {
        ...{ prompt: 'a glass bottle', negative: 'text, watermark', steps: 20, guidance: 8, width: 512, height: 768 },
        ...{ solver: 'unipc', schedule: 'log-snr' },
      },
      seed: 156680208700286 % 2 ** 32,
    })
    expect(notes).toContain('It was made with the model "v1-5.safetensors".')
  })
  test('with a second pass is that of the first, and one that runs in circles ends', () => {
    const second = { class_type: 'KSampler', inputs: { steps: 9, latent_image: ['3', 0], positive: ['7', 0], negative: ['7', 0] } }
    // The first of all keys by number is the second pass.
    const both = { '1': { ...second, inputs: { ...second.inputs, latent_image: ['20', 0] } }, '20': { class_type: 'VAEEncode', inputs: { x: ['20', 0] } }, ...comfy } // biome-ignore format: a graph
    expect(settingsOf(withChunk('tEXt', `prompt\0${JSON.stringify(both)}`)).settings?.params.steps).toBe(20)
  })
})

describe('what InvokeAI writes', () => {
  test('now', () => {
    const metadata = {
      ...{ positive_prompt: 'a cat', negative_prompt: 'a dog', width: 512, height: 768, seed: 42, cfg_scale: 7.5, steps: 30 },
      ...{ scheduler: 'euler_k', model: { key: 'x', name: 'dreamshaper' } },
    }
    expect(settingsOf(withChunk('tEXt', `invokeai_metadata\0${JSON.stringify(metadata)}`))).toMatchObject({
      settings: {
        params: {
          prompt: 'a cat',
          negative: 'a dog',
          steps: 30,
          guidance: 7.5,
          width: 512,
          height: 768,
          solver: 'euler',
          schedule: 'karras',
        },
        seed: 42,
      },
      notes: [expect.stringContaining('InvokeAI'), 'It was made with the model "dreamshaper".'],
    })
  })
  test('and wrote long ago', () => {
    const image = { prompt: [{ prompt: 'a cat [a dog] [ a bird ]', weight: 1 }], steps: 50, cfg_scale: 7.5, seed: 7, width: 512, height: 512, sampler: 'k_lms' } // biome-ignore format: as it was
    const { settings } = settingsOf(withChunk('tEXt', `sd-metadata\0${JSON.stringify({ model_weights: 'sd-1.4', image })}`))
    expect(settings).toEqual({
      params: { prompt: 'a cat', negative: 'a dog, a bird', steps: 50, guidance: 7.5, width: 512, height: 512 },
      seed: 7,
    })
  })
})

describe('hostile files cost their settings and nothing else', () => {
  const deep = '['.repeat(200_000)
  test.each<[string, () => Buffer]>([
    ['a bomb', () => withChunk('zTXt', packed('parameters\0\0', Buffer.alloc(300 << 20)))],
    ['megabytes', () => withChunk('tEXt', `parameters\0${'a'.repeat(2 << 20)}`)],
    ['a text that is no stream', () => withChunk('zTXt', 'parameters\0\0nonsense')],
    ['an unknown compression', () => withChunk('zTXt', 'parameters\0\u0007nonsense')],
    ['an iTXt cut off', () => withChunk('iTXt', 'parameters\0\0')],
    ['a chunk longer than its file', () => Buffer.concat([blank.subarray(0, 33), Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('tEXtprompt\0{}')])], // biome-ignore format: a row
  ])('%s', (_, file) => {
    expect(settingsOf(file())).toEqual({ settings: null, notes: [] })
  })
  test.each([
    ['prompt', '{"3": {"class_type": "KSampler", "inputs": {"cfg": NaN}}}'],
    ['prompt', deep],
    ['prompt', '{"__proto__": {"class_type": "KSampler"}}'],
    ['prompt', 'null'],
    ['invokeai_metadata', '[1, 2]'],
    ['sd-metadata', '{"image": 3}'],
    ['parameters', 'just words'],
    ['parameters', `${'a'.repeat(500_000)}\nSteps: 3, Sampler: ${'"'.repeat(100_000)}`],
    ['sd-metadata', JSON.stringify({ image: { prompt: '['.repeat(900_000) } })],
  ])('%s that cannot be read is told', (keyword, text) => {
    const { settings, notes } = settingsOf(withChunk('tEXt', `${keyword}\0${text}`))
    if (settings) {
      expect(settings.params.prompt).toHaveLength(2000)
      expect(notes).toContain('Its words are too long: 2000 letters were kept.')
    } else expect(notes).toEqual(['It carries settings of another program, which could not be read.'])
  })
  test('any bytes at all', () => {
    const head = fc.constantFrom('parameters\0', 'prompt\0', 'sd-metadata\0', 'invokeai_metadata\0', '')
    fc.assert(
      fc.property(head, fc.constantFrom('tEXt', 'zTXt', 'iTXt', 'eXIf'), fc.uint8Array({ maxLength: 300 }), (keyword, type, data) => {
        settingsOf(withChunk(type, Buffer.concat([Buffer.from(keyword), data])))
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (data) => void settingsOf(Buffer.concat([blank.subarray(0, 8), data]))))
  })
})

describe('a layer made from words', () => {
  let shop: Workshop
  beforeAll(() => {
    shop = openWorkshop()
  })
  afterAll(() => shop[Symbol.asyncDispose]())

  test('takes its settings with it as a PNG, and brings them back', async () => {
    const params = { prompt: 'a cat, 猫', negative: 'a dog', steps: 12, guidance: 5.5, solver: 'heun', schedule: 'karras' }
    const recipe: Recipe = {
      ...{ method: 'generate', params, seed: 9, models: [{ id: 'tiny', sha256: 'ab'.repeat(32) }], provider: 'cpu' },
      ...{ input: null, model: 'tiny', objects: [], measures: {} },
    }
    const placed = await place(shop, blank)
    const document = documentOf([{ ...layerOf(placed.pixels), recipe }])
    const { bytes } = await exported(shop, document)
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: document.width })
    const again = await place(shop, bytes)
    const { width, height } = document
    expect(again.settings).toEqual({ params: { ...params, width, height }, seed: 9 })
    expect(again.notes).toEqual(['It carries the settings it was made with in Palimpsest; its layer remembers them.'])
    const under = layerOf(placed.pixels)
    for (const layers of [[under], [under, { ...under, id: 'top' as never, recipe }]]) {
      const { bytes: plain } = await exported(shop, documentOf(layers))
      expect((await place(shop, plain)).settings).toBeNull()
    }
  })
})
