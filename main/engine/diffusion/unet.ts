import { fault } from '../../../preload/contract/fault.ts'
import type { NetworkCard } from '../../algorithms/diffusion/denoiser.ts'
import { sizeOf, type Tensor, tensor } from '../../math/tensor.ts'
import type { FileLease } from '../sessions/sessions.ts'
import type { NoiseProcess } from './noise-process.ts'
import { expectInputs, type Part, portOf } from './part.ts'
import type { Conditioning } from './text.ts'

/** The network that tells noise from picture. */
export interface DenoisingPart {
  readonly part: Part
  /** Channels of a latent. */
  readonly channels: number
  /** Shape of the time: [] or [1] or the length its graph fixes. */
  readonly timeShape: readonly number[]
  /** Numbers that tell an XL model the size of the picture: 6, 5 for a refiner; 0 where it is not told. */
  readonly sizeIds: number
}

/** @param channels of the latents that the autoencoder makes. @throws FaultError `unsupported`. */
export function denoisingPartOf(part: Part, channels: number): DenoisingPart {
  const sample = portOf(part, 'inputs', 'sample')
  const time = portOf(part, 'inputs', 'timestep')
  portOf(part, 'inputs', 'encoder_hidden_states')
  portOf(part, 'outputs', 'out_sample')
  if (part.inputs.some(({ name }) => name === 'timestep_cond'))
    throw unsupported('It is a latent consistency model, which is told its guidance.', 'Choose a model that is not distilled so.')
  expectInputs(part, 'sample', 'timestep', 'encoder_hidden_states', 'text_embeds', 'time_ids')
  const declared = sample.shape[1]
  const taken = typeof declared === 'number' ? declared : (part.config.in_channels ?? channels)
  if (taken !== channels) throw unsupported(kindOf(taken, channels), 'Choose a model that makes pictures from text.')
  const ids = part.inputs.find(({ name }) => name === 'time_ids')
  const count = ids?.shape[1]
  if (ids && typeof count === 'number' && count !== 6)
    throw unsupported(`It is told ${count} numbers of the picture, as a refiner is.`, 'Choose the base model.')
  return {
    part,
    channels,
    timeShape: time.shape.map((side) => (typeof side === 'number' ? side : 1)),
    sizeIds: ids ? 6 : 0,
  }
}

function kindOf(taken: number, channels: number): string {
  if (taken === 2 * channels + 1) return `It is a model for filling holes: its unet takes ${taken} channels.`
  if (taken === 2 * channels) return `It is a model for following instructions or for enlarging: its unet takes ${taken} channels.`
  return `Its unet takes ${taken} channels, and its autoencoder makes ${channels}.`
}

/** Pixels of a picture. */
export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * A loaded network and a prompt as a card for `denoiserOf`. Latents are [1, channels, height / factor, width / factor].
 * Networks that count in whole steps are told the nearest, halves to even.
 */
export function networkCard(
  { part, channels, timeShape, sizeIds }: DenoisingPart,
  lease: FileLease,
  { path, kind }: NoiseProcess,
  { context, pooled }: Conditioning,
  { width, height }: Size,
  factor: number,
): NetworkCard {
  const sizes = tensor([1, sizeIds], Float32Array.of(height, width, 0, 0, height, width).subarray(0, sizeIds))
  const fixed: Record<string, Tensor> = { encoder_hidden_states: context }
  if (part.inputs.some(({ name }) => name === 'text_embeds') && pooled) fixed.text_embeds = pooled
  if (sizeIds > 0) fixed.time_ids = sizes
  return {
    path,
    kind,
    clock: 'levels',
    shape: [1, channels, height / factor, width / factor],
    async run(sample, time, signal) {
      const timestep = tensor(timeShape, new Float32Array(sizeOf(timeShape)).fill(time))
      const { out_sample } = await lease.run({ ...fixed, sample, timestep }, signal)
      return out_sample as Tensor
    },
  }
}

const unsupported = (why: string, todo: string) => fault('unsupported', 'That model cannot be used.', why, todo)
