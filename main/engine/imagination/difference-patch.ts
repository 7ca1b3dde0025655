import { decodeLatent, type Latent } from '../diffusion/latents.ts'
import type { Context, Patch } from './define-imagination.ts'
import { differenceLaid, type Ground } from './paste.ts'

/** What the difference of two latents does to the ground. Equal latents leave every byte as it is. */
export async function differencePatch(
  { folder: { autoencoder }, sessions }: Pick<Context<unknown>, 'folder' | 'sessions'>,
  ground: Ground,
  before: Latent,
  after: Latent,
  signal: AbortSignal,
): Promise<Patch> {
  using decoder = await sessions.leaseFile(autoencoder.decoder.file, signal)
  const was = await decodeLatent(autoencoder, before, decoder, signal)
  const is = await decodeLatent(autoencoder, after, decoder, signal)
  return await differenceLaid(ground, was.picture, is.picture, signal)
}
