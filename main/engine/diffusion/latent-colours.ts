import { type Tensor, tensor } from '../../math/tensor.ts'
import type { FileLease } from '../sessions/sessions.ts'
import type { Autoencoder } from './autoencoder.ts'
import { decodeLatent, type Latent } from './latents.ts'

/** Turns a latent into a small picture, one pixel a cell: [3, row, column] in 0..1. */
export type LatentColours = (latent: Latent) => Tensor

/** Cells along a side of the even latents that are decoded. */
const PATCH = 8

/**
 * Measures how a decoder colours each channel, by decoding even latents: the rest of a preview is arithmetic, without a network.
 * It is the decoder's tangent, so it serves every model and needs no table.
 */
export async function latentColours(autoencoder: Autoencoder, lease: FileLease, signal: AbortSignal): Promise<LatentColours> {
  const { channels } = autoencoder
  const colourOf = async (channel: number, value: number): Promise<readonly number[]> => {
    const data = new Float64Array(channels * PATCH * PATCH)
    if (channel >= 0) data.fill(value, channel * PATCH * PATCH, (channel + 1) * PATCH * PATCH)
    const { picture } = await decodeLatent(autoencoder, { channels, rows: PATCH, columns: PATCH, data }, lease, signal)
    const size = picture.data.length / 3
    return [0, 1, 2].map((c) => picture.data.subarray(c * size, (c + 1) * size).reduce((a, b) => a + b, 0) / size)
  }
  const base = await colourOf(-1, 0)
  const slopes: number[][] = []
  for (let channel = 0; channel < channels; channel++) {
    const [up, down] = [await colourOf(channel, 0.5), await colourOf(channel, -0.5)]
    slopes.push(up.map((value, c) => value - (down[c] as number)))
  }
  return ({ rows, columns, data }) => {
    const size = rows * columns
    const picture = tensor([3, rows, columns])
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < size; i++) {
        let value = base[c] as number
        for (let k = 0; k < channels; k++) value += (slopes[k]?.[c] as number) * (data[k * size + i] as number)
        picture.data[c * size + i] = Math.min(1, Math.max(0, value))
      }
    return picture
  }
}
