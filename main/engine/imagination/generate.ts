import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import { cut } from '../../math/tiles.ts'
import type { ModelFolder } from '../diffusion/folder.ts'
import { generate as makePicture } from '../diffusion/generate.ts'
import type { Size } from '../diffusion/unet.ts'
import { cutOut } from './cut-out.ts'
import { defineImagination } from './define-imagination.ts'
import { feathered, whole } from './feather.ts'
import { boundsOf, centred, enlargedNotes, expectPixels, fittingSize, sideOf } from './frame.ts'
import { guidance, negative, prompt, schedule, solver, steps } from './knobs.ts'
import { laid } from './paste.ts'
import { wordsOf } from './wording.ts'

const side = (title: string) =>
  z
    .int()
    .min(8)
    .max(8192)
    .nullable()
    .default(null)
    .meta({ title, description: 'In pixels. Empty: the size the model was trained on. A region, where one is shown, goes before it.' })

/** Makes a picture from words, in the middle of the document or where a region shows. */
export const generate = defineImagination({
  id: 'generate',
  role: 'imagination',
  title: 'Generate',
  summary: 'Makes a new picture from words, on a layer of its own.',
  paper: {
    title: 'High-Resolution Image Synthesis with Latent Diffusion Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2112.10752',
  },
  params: z.object({ prompt, negative, width: side('Width'), height: side('Height'), guidance, steps, schedule, solver }),
  needsLayer: false,
  async *imagine({ folder, sessions, params, objects, width, height, seed }, signal) {
    const shown = boundsOf(objects)
    const frame = shown ?? centred({ width: params.width ?? sideOf(folder), height: params.height ?? sideOf(folder) }, { width, height })
    const { scale, size } = shown ? nativeSize(folder, shown) : { scale: 1, size: fittingSize(folder, frame) }
    const request = {
      ...size,
      prompt: wordsOf(params.prompt, objects),
      negative: params.negative,
      guidance: params.guidance,
      seed,
      steps: params.steps,
      schedule: { id: params.schedule },
      solver: { id: params.solver },
    }
    if (request.prompt === '') throw noWords()
    expectPixels(frame, 'The picture is too large to be made at once.', 'Its frame')
    const { picture, alpha, notes } = yield* makePicture(folder, request, sessions, signal)
    const { data: weights } = shown ? await feathered(objects, 0, { width, height }, signal) : whole(frame)
    const nothing = { rect: frame, rgba: new Uint8Array(4 * frame.width * frame.height), weights }
    const planes = alpha ? await cutOut(picture, alpha, signal) : picture
    const patch = await laid(nothing, middle(planes, frame, scale), signal)
    return { patch, measures: {}, notes: [...notes, ...enlargedNotes(Math.round(frame.width * scale), frame.width)] }
  },
})

/** The size nearest to what the model was trained on that covers a frame, and how much larger than the frame it is. */
function nativeSize(folder: ModelFolder, { width, height }: Size): { readonly scale: number; readonly size: Size } {
  const side = sideOf(folder)
  const scale = Math.min(side / Math.sqrt(width * height), (2 * side) / Math.max(width, height))
  return { scale, size: fittingSize(folder, { width: Math.ceil(width * scale), height: Math.ceil(height * scale) }) }
}

/** The middle of a picture, in the proportions of a frame. */
function middle(planes: Tensor, frame: Size, scale: number): Tensor {
  const [channels = 0, rows = 0, columns = 0] = planes.shape
  const width = Math.min(columns, Math.round(frame.width * scale))
  const height = Math.min(rows, Math.round(frame.height * scale))
  const part = cut(planes, Math.floor((columns - width) / 2), Math.floor((rows - height) / 2), width, height)
  return tensor([channels, height, width], part.data)
}

const noWords = () =>
  fault('invalid', 'There is nothing to make.', 'No words say what the picture shall be.', 'Write what it shall be, and run it again.')
