import { fault } from '../../../preload/contract/fault.ts'
import { expectInputs, type Part, portOf } from './part.ts'

/** The networks between pictures and latents, and how latents are scaled. */
export interface Autoencoder {
  readonly decoder: Part
  /** Absent in some old exports: such a model takes no pictures in. */
  readonly encoder: Part | null
  /** The encoder's output, and whether it is mean and log-variance or one latent, drawn anew on each run. */
  readonly encoded: { readonly name: string; readonly isRandom: boolean } | null
  /** Channels of a latent. */
  readonly channels: number
  /** Pixels along one side of a latent's cell. */
  readonly factor: number
  /** A raw latent z is kept as scale (z - mean) / deviation; mean and deviation by channel. */
  readonly scale: number
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  /** Does the decoder tell the opacity as well? Such a model paints on white, and sees pictures on white. */
  readonly hasAlpha: boolean
  readonly notes: readonly string[]
}

/** Where a configuration leaves them out. */
const CHANNELS = 4
const SCALE = 0.18215
const SCALE_XL = 0.13025

/** @throws FaultError `unsupported` where names or channels are not those of such an autoencoder. */
export function autoencoderOf(decoder: Part, encoder: Part | undefined, isXl: boolean): Autoencoder {
  const { config } = decoder
  expectInputs(decoder, 'latent_sample')
  portOf(decoder, 'outputs', 'sample')
  const taken = portOf(decoder, 'inputs', 'latent_sample').shape[1]
  const channels = typeof taken === 'number' ? taken : (config.latent_channels ?? CHANNELS)
  const encoded = encoder ? encodedOf(encoder) : null
  const notes: string[] = []
  if (!encoder) notes.push('The model has no vae_encoder: it makes pictures, but takes none in.')
  if (encoded?.isRandom)
    notes.push('Its encoder draws at random inside: exact inversion starts from a slightly different latent each time a picture is read.')
  if (config.force_upcast && decoder.inputs[0]?.type === 'float16')
    notes.push(
      'Its decoder is known to overflow in 16 bits: fetch the decoder in 32 bits, or the one mended for 16, if pictures come out black.',
    )
  const each = (list: readonly number[] | null | undefined, otherwise: number) =>
    list?.length === channels ? list : new Array<number>(channels).fill(otherwise)
  return {
    decoder,
    encoder: encoder ?? null,
    encoded,
    channels,
    factor: config.block_out_channels ? 2 ** (config.block_out_channels.length - 1) : 8,
    scale: config.scaling_factor ?? (isXl ? SCALE_XL : SCALE),
    mean: each(config.latents_mean, 0),
    deviation: each(config.latents_std, 1),
    hasAlpha: decoder.outputs.some(({ name }) => name === 'alpha'),
    notes,
  }
}

function encodedOf(encoder: Part): Autoencoder['encoded'] {
  expectInputs(encoder, 'sample')
  const { name } = portOf(encoder, 'outputs', 'latent_parameters', 'latent_sample')
  return { name, isRandom: name === 'latent_sample' }
}

/** @throws FaultError `unsupported` where the model has no encoder. */
export function encoderOf({ encoder, encoded }: Autoencoder): { readonly part: Part; readonly output: string } {
  if (encoder && encoded) return { part: encoder, output: encoded.name }
  throw fault('unsupported', 'That model takes no pictures in.', 'Its folder has no vae_encoder.', 'Fetch a newer export of the model.')
}
