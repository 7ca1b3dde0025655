import { tensor } from '../../math/tensor.ts'
import { cut } from '../../math/tiles.ts'
import type { Autoencoder } from '../diffusion/autoencoder.ts'
import { encodeLatent } from '../diffusion/latents.ts'
import { scaled } from '../imagination/scale.ts'
import { decodePicture } from '../pictures/decode.ts'
import { planesOf } from '../pictures/planes.ts'
import type { Sessions } from '../sessions/sessions.ts'

/**
 * The latent of the middle of a picture file, a square brought to a side.
 * @param name how to call the file when something is wrong with it. @throws FaultError as reading and encoding do.
 */
export async function latentOfFile(
  autoencoder: Autoencoder,
  name: string,
  bytes: Uint8Array,
  side: number,
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): Promise<Float64Array> {
  const { rgba, width, height } = await decodePicture(bytes, name)
  const short = Math.min(width, height)
  const square = cut(planesOf(rgba, { width, height }), Math.floor((width - short) / 2), Math.floor((height - short) / 2), short, short)
  const picture = scaled(tensor([3, short, short], square.data), side, side)
  // Cubics reach a little past what a picture can hold.
  const held = { ...picture, data: picture.data.map((value) => Math.min(1, Math.max(0, value))) }
  return (await encodeLatent(autoencoder, held, sessions, signal)).data
}
