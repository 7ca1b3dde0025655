import { existsSync, readdirSync, statSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import type { Tuned } from '../tuning/tuned.ts'
import { type Autoencoder, autoencoderOf } from './autoencoder.ts'
import { readJson } from './json-file.ts'
import { type NoiseProcess, noiseProcessOf } from './noise-process.ts'
import { type Part, readPart } from './part.ts'
import { readTextPart, type TextPart } from './text.ts'
import { type DenoisingPart, denoisingPartOf } from './unet.ts'
import { type Usual, UsualSettings, usualOf } from './usual.ts'

/** A Stable Diffusion model as it lies in its folder: read, checked, and nothing of it loaded. */
export interface ModelFolder {
  readonly path: string
  /** One text encoder or the two of XL, in the order their results are joined. */
  readonly textEncoders: readonly TextPart[]
  readonly unet: DenoisingPart
  readonly autoencoder: Autoencoder
  readonly noise: NoiseProcess
  /** An empty negative prompt is no prompt at all: zeros. */
  readonly zeroForEmpty: boolean
  /** Sides of its pictures are multiples of this, in pixels. */
  readonly multiple: number
  /** Side of the pictures it was trained on, where it is told. */
  readonly side: number | null
  /** How it wants to be asked, as its files say: nobody has looked whether there are such knobs. */
  readonly usual: Usual
  /** What was found for it by tuning; absent where nobody looked. */
  readonly tuned?: Tuned
  /** What an artist should know before using it, a sentence each. */
  readonly notes: readonly string[]
}

const Index = z.object({ _class_name: z.string(), force_zeros_for_empty_prompt: z.boolean().default(true), ...UsualSettings })
const PIPELINES = /^(Onnx|ORT)?(StableDiffusion(XL)?|LatentConsistencyModel)(Img2Img|Inpaint|InstructPix2Pix)?(Legacy)?Pipeline(Legacy)?$/
/** Share of the free memory beyond which a model is announced as heavy. */
const HEAVY = 0.7

/**
 * Reads a folder of a Stable Diffusion 1.x, 2.x, XL or Turbo model in ONNX, whoever exported it.
 * @throws FaultError `missing` (a part, weights beside a graph), `damaged`, `unsupported` (another architecture, another format).
 */
export async function readModelFolder(path: string): Promise<ModelFolder> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw fault('missing', 'That model is not there.', `There is no folder ${path}.`, 'Look where the model lies now.')
  const index = await readIndex(path)
  if (existsSync(join(path, 'transformer')))
    throw unsupported('Its network is a transformer, as in Stable Diffusion 3, FLUX and PixArt.', 'Choose a model with a unet folder.')
  const unetPart = await readRequired(path, 'unet')
  const decoder = await readRequired(path, 'vae_decoder')
  const first = await readRequired(path, 'text_encoder')
  const [second, encoder] = [await readPart(path, 'text_encoder_2'), await readPart(path, 'vae_encoder')]
  const scheduler = await readJson(join(path, 'scheduler', 'scheduler_config.json'))
  if (scheduler === undefined) throw incomplete('scheduler/scheduler_config.json')

  const isXl = second !== undefined || unetPart.inputs.some(({ name }) => name === 'time_ids')
  if (isXl && !second) throw incomplete('text_encoder_2/model.onnx')
  const autoencoder = autoencoderOf(decoder, encoder, isXl)
  const unet = denoisingPartOf(unetPart, autoencoder.channels)
  const textEncoders = [await readTextPart(path, first, 'tokenizer', isXl)]
  if (second) textEncoders.push(await readTextPart(path, second, 'tokenizer_2', true))
  const levels = unetPart.config.block_out_channels?.length ?? (isXl ? 3 : 4)
  const { sample_size } = unetPart.config
  const parts = [first, second, unetPart, decoder, encoder].filter((part) => part !== undefined)
  return {
    path,
    textEncoders,
    unet,
    autoencoder,
    noise: noiseProcessOf(scheduler),
    zeroForEmpty: isXl && index.force_zeros_for_empty_prompt,
    multiple: autoencoder.factor * 2 ** (levels - 1),
    side: sample_size ? sample_size * autoencoder.factor : null,
    usual: usualOf(index, scheduler),
    notes: [...autoencoder.notes, ...heaviness(parts)],
  }
}

async function readIndex(path: string): Promise<z.output<typeof Index>> {
  const index = Index.safeParse(await readJson(join(path, 'model_index.json')))
  if (!index.success) {
    if (hasWeights(path)) throw unsupported('It holds no ONNX files.', 'Export the model to ONNX, or choose a folder that holds it so.')
    throw incomplete('model_index.json')
  }
  if (!PIPELINES.test(index.data._class_name))
    throw unsupported(`It is made for ${index.data._class_name}, not for Stable Diffusion.`, 'Choose a Stable Diffusion model.')
  return index.data
}

async function readRequired(path: string, name: string): Promise<Part> {
  const part = await readPart(path, name)
  if (part) return part
  if (hasWeights(join(path, name)))
    throw unsupported(
      `Its ${name} is not an ONNX export: there are weights, but no model.onnx.`,
      'Export the model to ONNX, or fetch it so.',
    )
  throw incomplete(`${name}/model.onnx`)
}

const hasWeights = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => /\.(safetensors|bin|ckpt)$/.test(name))

function heaviness(parts: readonly Part[]): string[] {
  const bytes = parts.reduce((sum, { file }) => sum + file.memory, 0)
  if (bytes <= HEAVY * freemem()) return []
  const gigabytes = (bytes / 2 ** 30).toFixed(1)
  return [`All parts together take ${gigabytes} GB, more than fits beside other programs: they are loaded one after another.`]
}

const incomplete = (file: string) =>
  fault('missing', 'That model is not complete.', `The folder lacks ${file}.`, 'Fetch the missing files into the folder.')
const unsupported = (why: string, todo: string) => fault('unsupported', 'That model cannot be used.', why, todo)
