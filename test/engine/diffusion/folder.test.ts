import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { CHANNELS, FACTOR, type TinyDiffusion, TOKENS, writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { faultOf } from '../workshop.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palimpsest-sd-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const read = (options?: TinyDiffusion) => {
  writeTinyDiffusion(folder, options)
  return readModelFolder(folder)
}

describe('what exporters write', () => {
  test.each([
    ['optimum-1.24', [], 'float32', 'int64', false],
    ['optimum-1.23', [1], 'int64', 'int32', false],
    ['optimum-1.22', [1], 'int64', 'int32', true],
    ['diffusers', [1], 'float32', 'int32', true],
  ] as const)('%s', async (exporter, timeShape, time, ids, isRandom) => {
    const { unet, textEncoders, autoencoder, notes } = await read({ exporter })
    expect(unet.timeShape).toEqual(timeShape)
    expect(unet.part.inputs.find(({ name }) => name === 'timestep')?.type).toBe(time)
    expect(textEncoders[0].part.inputs[0]).toMatchObject({ name: 'input_ids', type: ids, shape: ['batch', TOKENS] })
    expect(autoencoder.encoded?.isRandom).toBe(isRandom)
    expect(notes.some((note) => note.includes('at random'))).toBe(isRandom)
  })

  test('sizes, scales and the noise come from the files', async () => {
    const { autoencoder, multiple, side, noise, unet } = await read({ scheduler: { timestep_spacing: 'trailing' } })
    expect(autoencoder).toMatchObject({ channels: CHANNELS, factor: FACTOR, scale: 0.5, hasAlpha: false })
    expect({ multiple, side, channels: unet.channels }).toEqual({ multiple: 4, side: 16, channels: CHANNELS })
    expect(noise).toMatchObject({ kind: 'v', spacing: 'trailing', offset: 1, landing: 'first' })
    expect(noise.path.table?.abar).toHaveLength(1000)
  })

  test('where graphs name their channels, the configurations count them', async () => {
    writeTinyDiffusion(folder, { named: true })
    const configure = (part: string, config: object) => writeFileSync(join(folder, part, 'config.json'), JSON.stringify(config))
    configure('vae_decoder', { latent_channels: 16, block_out_channels: null })
    configure('unet', { in_channels: 16 })
    const { autoencoder, unet, multiple } = await readModelFolder(folder)
    expect({ channels: autoencoder.channels, taken: unet.channels, multiple }).toEqual({ channels: 16, taken: 16, multiple: 64 })
    configure('unet', { in_channels: 9 })
    expect(await faultOf(readModelFolder(folder))).toMatchObject({
      kind: 'unsupported',
      why: expect.stringMatching(/9 channels.*makes 16/),
    })
  })

  test('how a model wants to be asked is what it says, or what its scheduler and origin leave no doubt of', async () => {
    const few = { guidance: 1, steps: 4 }
    const turbo = { _class_name: 'EulerAncestralDiscreteScheduler', timestep_spacing: 'trailing' }
    const origin = { _name_or_path: 'stabilityai/sdxl-turbo' }
    const usualOf = async (scheduler: object, index: object = {}) =>
      (await read({ scheduler: { ...scheduler }, index: { ...index } })).usual
    expect(await usualOf({})).toEqual({})
    expect(await usualOf({}, { usual_settings: { guidance: 4 } })).toEqual({ guidance: 4 })
    expect(await usualOf({}, { usual_settings: 'plenty' })).toEqual({})
    expect(await usualOf({ _class_name: 'LCMScheduler' })).toEqual({ ...few, schedule: 'uniform', solver: 'ddim' })
    expect(await usualOf(turbo, origin)).toEqual({ ...few, schedule: 'euler-discrete', solver: 'euler' })
    expect(await usualOf(turbo, { ...origin, usual_settings: { steps: 1 } })).toMatchObject({ guidance: 1, steps: 1 })
    expect([await usualOf(turbo), await usualOf({}, origin)]).toEqual([{}, {}])
  })

  test('a file without a spacing is read as its class is used', async () => {
    const euler = {
      _class_name: 'EulerDiscreteScheduler',
      prediction_type: undefined,
      steps_offset: undefined,
      set_alpha_to_one: undefined,
    }
    expect((await read({ scheduler: euler })).noise).toMatchObject({ kind: 'eps', spacing: 'linspace', offset: 0, landing: 'clean' })
  })

  test('an XL model has two text encoders, of which the last layer but one is read', async () => {
    const { textEncoders, unet, zeroForEmpty } = await read({ xl: true })
    expect(textEncoders.map(({ contextName, pooledName }) => [contextName, pooledName])).toEqual([
      ['hidden_states.1', null],
      ['hidden_states.2', 'text_embeds'],
    ])
    expect({ ids: unet.sizeIds, zeroForEmpty }).toEqual({ ids: 6, zeroForEmpty: true })
    expect(textEncoders.map(({ tokenize }) => tokenize('cat').ids.slice(0, 4))).toEqual([
      [190, 189, 191, 191],
      [190, 189, 191, 0],
    ])
  })

  test('16 bits, and weights beside the graph', async () => {
    const { unet, autoencoder } = await read({ half: true, beside: 'weights.pb' })
    expect(unet.part.inputs.find(({ name }) => name === 'sample')?.type).toBe('float16')
    expect(unet.part.externals).toEqual(['weights.pb'])
    expect(autoencoder.decoder.externals).toEqual(['weights.pb'])
    // Other weights beside the same graph are another file to load.
    utimesSync(join(folder, 'unet/weights.pb'), 1, 1)
    const { file } = (await readModelFolder(folder)).unet.part
    expect(file).toEqual({ ...unet.part.file, stamp: expect.not.stringContaining(unet.part.file.stamp) })
  })

  test('the tokenizer may be one file', async () => {
    writeTinyDiffusion(folder)
    const before = (await readModelFolder(folder)).textEncoders[0].tokenize('a cat!')
    const vocab = Object.fromEntries([...'act!'].flatMap((letter) => [letter, `${letter}</w>`]).map((piece) => [piece, idOf(piece)]))
    const model = { type: 'BPE', vocab: { ...vocab, ca: 188, 'cat</w>': 189 }, merges: ['c a', ['ca', 't</w>']] }
    const added_tokens = ['<|startoftext|>', '<|endoftext|>'].map((content, i) => ({ id: 190 + i, content }))
    rmSync(join(folder, 'tokenizer/vocab.json'))
    writeFileSync(join(folder, 'tokenizer/tokenizer.json'), JSON.stringify({ model, added_tokens }))
    expect((await readModelFolder(folder)).textEncoders[0].tokenize('a cat!')).toEqual(before)
  })
})

const idOf = (piece: string) => piece.charCodeAt(0) - 33 + (piece.endsWith('</w>') ? 94 : 0)

describe('what is told in words', () => {
  test.each([
    ['unet/model.onnx', 'missing', /unet\/model\.onnx/],
    ['vae_decoder/model.onnx', 'missing', /vae_decoder\/model\.onnx/],
    ['text_encoder/model.onnx', 'missing', /text_encoder\/model\.onnx/],
    ['tokenizer/vocab.json', 'missing', /tokenizer folder/],
    ['scheduler/scheduler_config.json', 'missing', /scheduler_config\.json/],
    ['model_index.json', 'missing', /model_index\.json/],
    ['unet/model.onnx_data', 'missing', /unet\/model\.onnx_data/],
  ])('%s is not there', async (path, kind, why) => {
    writeTinyDiffusion(folder, { beside: 'model.onnx_data' })
    rmSync(join(folder, path))
    expect(await faultOf(readModelFolder(folder))).toMatchObject({ kind, why: expect.stringMatching(why) })
  })

  test.each<[string, TinyDiffusion, RegExp]>([
    ['a model for filling holes', { taken: 9 }, /filling holes.* 9 channels/],
    ['a model for instructions', { taken: 8 }, /instructions.* 8 channels/],
    ['an input that nobody knows', { stranger: 'mood' }, /asks for mood/],
    ['a model that is told its guidance', { stranger: 'timestep_cond' }, /latent consistency/],
    ['noise of an unknown form', { scheduler: { beta_schedule: 'wavy' } }, /beta_schedule/],
    ['noise it cannot begin from', { scheduler: { rescale_betas_zero_snr: true, prediction_type: 'epsilon' } }, /rescale_betas_zero_snr/],
  ])('%s', async (_, options, why) => {
    expect(await faultOf(read(options))).toMatchObject({ kind: 'unsupported', why: expect.stringMatching(why) })
  })

  test('another architecture, other weights, no folder, no graph', async () => {
    writeTinyDiffusion(folder)
    writeFileSync(join(folder, 'unet/model.onnx'), 'not a graph at all')
    expect(await faultOf(readModelFolder(folder))).toMatchObject({ kind: 'damaged', why: expect.stringMatching(/not an ONNX file/) })
    rmSync(join(folder, 'unet/model.onnx'))
    writeFileSync(join(folder, 'unet/model.safetensors'), '')
    expect(await faultOf(readModelFolder(folder))).toMatchObject({ kind: 'unsupported', why: expect.stringMatching(/not an ONNX export/) })
    mkdirSync(join(folder, 'transformer'))
    expect(await faultOf(readModelFolder(folder))).toMatchObject({ kind: 'unsupported', why: expect.stringMatching(/transformer/) })
    expect(await faultOf(readModelFolder(join(folder, 'nowhere')))).toMatchObject({ kind: 'missing' })
  })

  test('a model without an encoder makes pictures and takes none in', async () => {
    const { autoencoder, notes } = await read({ noEncoder: true })
    expect(autoencoder.encoded).toBeNull()
    expect(notes).toContainEqual(expect.stringMatching(/takes none in/))
  })
})
