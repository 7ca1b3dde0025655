import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FLOAT32, INT32, INT64, TinyGraph, type Written } from './tiny-graph.ts'

/** How a folder came to be, and what it holds. */
export interface TinyDiffusion {
  readonly exporter?: 'optimum-1.24' | 'optimum-1.23' | 'optimum-1.22' | 'diffusers'
  /** Shape of the time and type, where they are to differ from the exporter's. */
  readonly timestep?: { readonly shape: readonly (number | string)[]; readonly type: number }
  readonly half?: boolean
  readonly xl?: boolean
  /** File beside each graph that holds its weights. */
  readonly beside?: string
  /** Channels that the U-Net takes. */
  readonly taken?: number
  /** Channels of latents as names, so that only the configurations tell how many there are. */
  readonly named?: boolean
  /** An input more, which nobody knows. */
  readonly stranger?: string
  readonly noEncoder?: boolean
  readonly alpha?: boolean
  readonly scheduler?: Readonly<Record<string, unknown>>
  readonly padding?: string
  /** What model_index.json says beside the usual. */
  readonly index?: Readonly<Record<string, unknown>>
}

/** Latent channels, pixels of a cell, ids of a sequence, widths of the text encoders. */
export const CHANNELS = 4
export const FACTOR = 2
export const TOKENS = 16
const WIDTH = 8
const WIDTH_2 = 6

const SCHEDULER = {
  _class_name: 'DDIMScheduler',
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  num_train_timesteps: 1000,
  prediction_type: 'v_prediction',
  steps_offset: 1,
  set_alpha_to_one: false,
}

/** Writes a Stable Diffusion folder with networks of a few random weights, laid out as the exporter lays it out. */
export function writeTinyDiffusion(folder: string, options: TinyDiffusion = {}): void {
  const { exporter = 'optimum-1.24', half = false, xl = false, beside = null } = options
  const graph = (seed: number) => new TinyGraph(seed, half, beside)
  const part = (name: string, { model, weights }: Written, config: object) => {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'model.onnx'), model)
    if (beside) writeFileSync(join(folder, name, beside), weights)
    json(`${name}/config.json`, config)
  }
  const json = (path: string, value: unknown) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), JSON.stringify(value))
  }
  const ids = exporter === 'optimum-1.24' ? INT64 : INT32
  const blocks = { block_out_channels: [4, 8] }

  const pipeline = xl ? 'StableDiffusionXLPipeline' : 'StableDiffusionPipeline'
  json('model_index.json', { _class_name: pipeline, unet: ['any', 'Any'], ...options.index })
  json('scheduler/scheduler_config.json', { ...SCHEDULER, ...options.scheduler })
  part('text_encoder', textEncoder(graph(1), ids, WIDTH, xl ? 2 : 0, false), { num_hidden_layers: 2 })
  if (xl) part('text_encoder_2', textEncoder(graph(2), ids, WIDTH_2, 3, true), { num_hidden_layers: 3 })
  part('unet', unet(graph(3), options), { ...blocks, sample_size: 8 })
  part('vae_decoder', decoder(graph(4), options), { ...blocks, scaling_factor: 0.5 })
  const isRandom = exporter === 'optimum-1.22' || exporter === 'diffusers'
  if (!options.noEncoder) part('vae_encoder', encoder(graph(5), isRandom), blocks)
  for (const name of xl ? ['tokenizer', 'tokenizer_2'] : ['tokenizer']) {
    json(`${name}/vocab.json`, vocabulary())
    writeFileSync(join(folder, name, 'merges.txt'), '#version: 0.2\nc a\nca t</w>\n')
    const padding = options.padding ?? (name === 'tokenizer_2' ? '!' : '<|endoftext|>')
    json(`${name}/tokenizer_config.json`, { pad_token: { content: padding }, model_max_length: TOKENS })
  }
}

/** The printable bytes, alone and at a word's end, "cat", and the marks of start and end. */
function vocabulary(): Record<string, number> {
  const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))
  const pieces = [...letters, ...letters.map((letter) => `${letter}</w>`), 'ca', 'cat</w>', '<|startoftext|>', '<|endoftext|>']
  return Object.fromEntries(pieces.map((piece, id) => [piece, id]))
}

function textEncoder(graph: TinyGraph, ids: number, width: number, layers: number, isSecond: boolean): Written {
  const floats = graph.cast(graph.input('input_ids', ['batch', TOKENS], ids))
  const column = graph.node('Unsqueeze', [floats, graph.axes(2)])
  const spread = graph.node('Mul', [column, graph.drawn([1, 1, width], 0.3)])
  const last = graph.node('Sin', [graph.node('Add', [spread, graph.drawn([1, TOKENS, width], 1)])])
  const shape = ['batch', TOKENS, width]
  graph.output('last_hidden_state', shape, last)
  for (let i = 0; layers > 0 && i <= layers; i++)
    graph.output(`hidden_states.${i}`, shape, graph.node('Mul', [last, graph.number(1 + i / 4)]))
  if (isSecond) {
    const mean = graph.node('ReduceMean', [last], { axes: { type: 'ints', value: [1] }, keepdims: { type: 'int', value: 0 } })
    graph.output('text_embeds', ['batch', width], mean)
  }
  return graph.write()
}

function unet(
  graph: TinyGraph,
  { exporter = 'optimum-1.24', timestep, xl = false, taken = CHANNELS, named = false, stranger }: TinyDiffusion,
): Written {
  const usual =
    exporter === 'optimum-1.24'
      ? { shape: [], type: FLOAT32 }
      : { shape: [exporter === 'diffusers' ? 'batch' : 'steps'], type: exporter === 'diffusers' ? FLOAT32 : INT64 }
  const { shape, type } = timestep ?? usual
  const sample = graph.input('sample', ['batch', named ? 'channels' : taken, 'height', 'width'])
  const time = graph.cast(graph.input('timestep', shape, type))
  const width = xl ? WIDTH + WIDTH_2 : WIDTH
  const context = graph.input('encoder_hidden_states', ['batch', TOKENS, width])
  const mixed = graph.node('Conv', [sample, graph.drawn([CHANNELS, taken, 3, 3], 0.15)], { pads: { type: 'ints', value: [1, 1, 1, 1] } })
  const spread = (row: string, side: number, deviation: number) =>
    graph.node('Unsqueeze', [graph.node('MatMul', [row, graph.drawn([side, CHANNELS], deviation)]), graph.axes(2, 3)])
  const mean = graph.node('ReduceMean', [context], { axes: { type: 'ints', value: [1] }, keepdims: { type: 'int', value: 0 } })
  const said = [spread(mean, width, 0.8), graph.node('Sin', [graph.node('Mul', [time, graph.number(0.01)])])]
  if (xl) said.push(spread(graph.input('text_embeds', ['batch', WIDTH_2]), WIDTH_2, 0.5))
  if (xl) said.push(spread(graph.input('time_ids', ['batch', 6]), 6, 0.01))
  if (stranger) said.push(graph.input(stranger, []))
  const sum = said.reduce((a, b) => graph.node('Add', [a, b]), mixed)
  graph.output('out_sample', ['batch', CHANNELS, 'height', 'width'], graph.node('Tanh', [sum]))
  return graph.write()
}

/** Each cell becomes pixels of its own: pieces decode as the whole does. */
function decoder(graph: TinyGraph, { alpha = false, named = false }: TinyDiffusion): Written {
  const latent = graph.input('latent_sample', ['batch', named ? 'channels' : CHANNELS, 'height', 'width'])
  const strides = { strides: { type: 'ints', value: [FACTOR, FACTOR] } } as const
  const grown = (channels: number) => graph.node('ConvTranspose', [latent, graph.drawn([CHANNELS, channels, FACTOR, FACTOR], 0.3)], strides)
  graph.output('sample', ['batch', 3, 'h', 'w'], graph.node('Tanh', [grown(3)]))
  if (alpha) graph.output('alpha', ['batch', 1, 'h', 'w'], graph.node('Sigmoid', [grown(1)]))
  return graph.write()
}

function encoder(graph: TinyGraph, isRandom: boolean): Written {
  const sample = graph.input('sample', ['batch', 3, 'h', 'w'])
  const channels = isRandom ? CHANNELS : 2 * CHANNELS
  const strides = { strides: { type: 'ints', value: [FACTOR, FACTOR] } } as const
  const shrunk = graph.node('Conv', [sample, graph.drawn([channels, 3, FACTOR, FACTOR], 0.3)], strides)
  graph.output(isRandom ? 'latent_sample' : 'latent_parameters', ['batch', channels, 'height', 'width'], shrunk)
  return graph.write()
}
