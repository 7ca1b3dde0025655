import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rect } from '../../../main/math/rect.ts'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { FLOAT32, INT64, TinyGraph, type Written } from '../../kit/tiny-graph.ts'
import type { Picture } from './studio.ts'

/**
 * A world whose pictures are known: each square of 2 × 2 pixels is a cat (red), a dog (blue) or a fox (green), all as likely, a little
 * lighter or darker at random. Words make their colours likelier. In such a world the perfect denoiser has a closed form; here it is, as
 * a Stable Diffusion folder in ONNX that works at any size. Its autoencoder keeps the mean of a square and loses the rest.
 */
export const COLOURS = { cat: [230, 51, 51], dog: [51, 102, 230], fox: [51, 230, 51] } as const
export type Kind = keyof typeof COLOURS

const kinds = Object.keys(COLOURS) as Kind[]
/** Latents are the channels of a square in -1..1, and one that is always 0. */
const centres = kinds.map((kind) => [...COLOURS[kind].map((value) => value / 127.5 - 1), 0])
const CHANNELS = 4
/** Deviation of a square from the centre of its kind. */
const SPREAD = 0.08
/** By how much a word makes its kind likelier, in logarithms. */
const LIKELIER = 12
const LEVELS = 1000
const WIDTH = 8
const TOKENS = 16
/** Ids of the tokens that end the three words: "cat" whole, the last letters of the others. */
const WORDS: Readonly<Record<Kind, number>> = { cat: 189, dog: 94 + 'g'.charCodeAt(0) - 33, fox: 94 + 'x'.charCodeAt(0) - 33 }
const VOCABULARY = 192

export function writeColourWorld(folder: string): void {
  writeTinyDiffusion(folder, { scheduler: { prediction_type: 'sample' } })
  const part = (name: string, { model }: Written) => writeFileSync(join(folder, name, 'model.onnx'), model)
  part('text_encoder', textEncoder())
  part('unet', denoiser())
  part('vae_encoder', encoder())
  part('vae_decoder', decoder())
  writeFileSync(join(folder, 'vae_decoder/config.json'), JSON.stringify({ block_out_channels: [4, 8], scaling_factor: 1 }))
}

/** Values of a table that has so many rows and columns. */
const table = (rows: number, columns: number, at: (row: number, column: number) => number): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns))

function textEncoder(): Written {
  const graph = new TinyGraph(0, false, null)
  const meaning = graph.given(
    [VOCABULARY, WIDTH],
    table(VOCABULARY, WIDTH, (id, k) => (kinds[k] !== undefined && WORDS[kinds[k]] === id ? TOKENS * LIKELIER : 0)),
  )
  const ids = graph.input('input_ids', ['batch', TOKENS], INT64)
  graph.output('last_hidden_state', ['batch', TOKENS, WIDTH], graph.node('Gather', [meaning, ids]))
  return graph.write()
}

function denoiser(): Written {
  const graph = new TinyGraph(0, false, null)
  const sample = graph.input('sample', ['batch', CHANNELS, 'height', 'width'])
  const time = graph.node('Cast', [graph.input('timestep', [], FLOAT32)], { to: { type: 'int', value: INT64 } })
  const context = graph.input('encoder_hidden_states', ['batch', TOKENS, WIDTH])
  const op = (name: string, ...inputs: readonly string[]) => graph.node(name, inputs)
  const abar = op('Gather', graph.given([LEVELS], signalShares()), time)
  const alpha = op('Sqrt', abar)
  const one = graph.number(1)
  const variance = graph.number(SPREAD ** 2)
  const spread = op('Add', op('Mul', variance, abar), op('Sub', one, abar))
  const keep = op('Div', op('Mul', variance, alpha), spread)

  const toward = graph.given(
    [kinds.length, CHANNELS, 1, 1],
    table(kinds.length, CHANNELS, (k, c) => centres[k]?.[c] ?? 0),
  )
  const halves = graph.given(
    [1, kinds.length, 1, 1],
    Float32Array.from(centres, (centre) => centre.reduce((sum, value) => sum + value * value, 0) / 2),
  )
  const said = graph.node('ReduceMean', [context], { axes: { type: 'ints', value: [1] }, keepdims: { type: 'int', value: 0 } })
  const likelier = op(
    'MatMul',
    said,
    graph.given(
      [WIDTH, kinds.length],
      table(WIDTH, kinds.length, (row, k) => Number(row === k)),
    ),
  )
  const near = op('Mul', op('Conv', sample, toward), op('Div', alpha, spread))
  const far = op('Mul', halves, op('Div', abar, spread))
  const scores = op('Add', op('Sub', near, far), op('Unsqueeze', likelier, graph.axes(2, 3)))
  const shares = graph.node('Softmax', [scores], { axis: { type: 'int', value: 1 } })
  const centre = op(
    'Conv',
    shares,
    graph.given(
      [CHANNELS, kinds.length, 1, 1],
      table(CHANNELS, kinds.length, (c, k) => centres[k]?.[c] ?? 0),
    ),
  )
  const clean = op('Add', op('Mul', keep, sample), op('Mul', op('Sub', one, op('Mul', keep, alpha)), centre))
  graph.output('out_sample', ['batch', CHANNELS, 'height', 'width'], clean)
  return graph.write()
}

/** abar of the scaled linear schedule that the folder's scheduler tells. */
function signalShares(): Float32Array {
  const [low, high] = [Math.sqrt(0.00085), Math.sqrt(0.012)]
  const shares = new Float32Array(LEVELS)
  let share = 1
  for (let t = 0; t < LEVELS; t++) {
    share *= 1 - (low + ((high - low) * t) / (LEVELS - 1)) ** 2
    shares[t] = share
  }
  return shares
}

const strides = { strides: { type: 'ints', value: [2, 2] } } as const

/** Mean of a square, and a variance that nobody reads. */
function encoder(): Written {
  const graph = new TinyGraph(0, false, null)
  const sample = graph.input('sample', ['batch', 3, 'h', 'w'])
  const mean = graph.given(
    [2 * CHANNELS, 3, 2, 2],
    table(2 * CHANNELS, 12, (c, i) => (c === Math.floor(i / 4) ? 1 / 4 : 0)),
  )
  graph.output('latent_parameters', ['batch', 2 * CHANNELS, 'height', 'width'], graph.node('Conv', [sample, mean], strides))
  return graph.write()
}

function decoder(): Written {
  const graph = new TinyGraph(0, false, null)
  const latent = graph.input('latent_sample', ['batch', CHANNELS, 'height', 'width'])
  const grown = graph.given(
    [CHANNELS, 3, 2, 2],
    table(CHANNELS, 12, (c, i) => Number(c === Math.floor(i / 4))),
  )
  graph.output('sample', ['batch', 3, 'h', 'w'], graph.node('ConvTranspose', [latent, grown], strides))
  return graph.write()
}

/** An opaque picture of that world: one kind a pixel, as it is told, with its squares a little lighter or darker. */
export function painted(rect: Rect, kindAt: (x: number, y: number) => Kind): Picture {
  const rgba = new Uint8Array(4 * rect.width * rect.height)
  for (let y = 0; y < rect.height; y++)
    for (let x = 0; x < rect.width; x++) {
      const shade = shadeAt(rect.x + x, rect.y + y)
      const colour = COLOURS[kindAt(rect.x + x, rect.y + y)]
      rgba.set([...colour.map((value) => value + shade), 255], 4 * (y * rect.width + x))
    }
  return { rect, rgba }
}

/** How much lighter the square that holds a pixel is, in levels of 255. */
export const shadeAt = (x: number, y: number): number => ((Math.imul(x >> 1, 7919) + Math.imul(y >> 1, 104_729)) & 15) - 8

/** The kind whose colour is nearest. */
export function kindOf(rgba: Uint8Array, pixel: number): Kind {
  const away = (kind: Kind) => COLOURS[kind].reduce((sum, value, c) => sum + (value - (rgba[4 * pixel + c] ?? 0)) ** 2, 0)
  return kinds.reduce((best, kind) => (away(kind) < away(best) ? kind : best))
}
