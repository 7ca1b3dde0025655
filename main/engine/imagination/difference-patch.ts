import { decodeLatent, type Latent } from '../diffusion/latents.ts'
import type { Context, Patch } from './define-imagination.ts'
import { differenceLaid, type Ground } from './paste.ts'
import { scaled } from './scale.ts'

/** What the difference of two latents does to the ground. Equal latents leave every byte as it is. */
export async function differencePatch(
  { folder, sessions }: Pick<Context<unknown>, 'folder' | 'sessions'>,
  ground: Ground,
  before: Latent,
  after: Latent,
  signal: AbortSignal,
): Promise<Patch> {
  using decoder = await sessions.leaseFile(folder.autoencoder.decoder.file, signal)
  const { width, height } = ground.rect
  const pictureOf = async (latent: Latent) =>
    scaled((await decodeLatent(folder.autoencoder, latent, decoder, signal)).picture, width, height)
  return differenceLaid(ground, await pictureOf(before), await pictureOf(after))
}
