import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { type Generation, generate } from '../../../main/engine/diffusion/generate.ts'
import type { Latent } from '../../../main/engine/diffusion/latents.ts'
import { Library } from '../../../main/engine/models/library.ts'
import { Models } from '../../../main/engine/models/models.ts'
import { placesOf } from '../../../main/engine/models/places.ts'
import { Sessions } from '../../../main/engine/sessions/sessions.ts'
import { tune } from '../../../main/engine/tuning/tune.ts'
import { type Tuned, tunedFor } from '../../../main/engine/tuning/tuned.ts'
import { outcome } from '../../../main/math/integrate.ts'
import type { Tensor } from '../../../main/math/tensor.ts'

process.env.PALIMPSEST_PROVIDER = 'cpu'
const ROOT = join(import.meta.dirname, '../../..')
/** The folder of models that came with the studio, or another in its place. */
export const MODELS = process.env.PALIMPSEST_MODELS ?? join(ROOT, 'native-models')
export const { signal } = new AbortController()

/** What the sticker model is asked with, and the side of its pictures in pixels. */
export const GUIDANCE = 4
export const SIDE = 64

/** A picture as a judge looks at it, [3, row, column] on white in -1..1, and its latent. */
export interface Made {
  readonly picture: Tensor
  readonly latent: Latent
}

/** One of the studio's own text-to-picture models, opened as the studio opens it. */
export interface OwnModel extends AsyncDisposable {
  readonly folder: ModelFolder
  readonly sha256: string
  readonly sessions: Sessions
  /** A picture by the studio's own `generate`. */
  make(request: Pick<Generation, 'prompt' | 'seed' | 'steps'> & Partial<Generation>, found?: Tuned): Promise<Made>
  /** What tuning finds in folders of its own: nothing of it is kept. */
  tuned(searches: readonly Tuning[]): Promise<Tuned>
}
export interface Tuning {
  readonly what: 'steps' | 'statistics'
  readonly params: Readonly<Record<string, string | number | null>>
}

/** @throws FaultError `missing` where the model is not among those that came with the studio. */
export async function openOwn(id: 'sticker' | 'sticker-flow'): Promise<OwnModel> {
  const places = placesOf({ PALIMPSEST_MODELS: MODELS })
  const { folder, sha256 } = await new Library(places).folder(id, signal)
  const sessions = new Sessions({
    entry: pathToFileURL(join(ROOT, 'main/engine/index.ts')),
    models: new Models(places.builtIn),
    budget: 2 ** 30,
    tell: () => undefined,
  })
  return {
    folder,
    sha256,
    sessions,
    async make(request, found = folder.tuned) {
      const usual = { negative: '', guidance: GUIDANCE, width: SIDE, height: SIDE, schedule: { id: 'multistep' }, solver: { id: 'unipc' } }
      const asked = found === undefined ? folder : { ...folder, tuned: found }
      const { picture, latent } = await outcome(generate(asked, { ...usual, ...request }, sessions, signal))
      return { picture: asJudged(picture), latent }
    },
    async tuned(searches) {
      const keep = mkdtempSync(join(tmpdir(), 'palimpsest-tuned-'))
      try {
        for (const { what, params } of searches)
          await outcome(tune(folder, sha256, { do: 'tune', model: id, what, params }, keep, sessions, signal))
        return await tunedFor(keep, sha256)
      } finally {
        rmSync(keep, { recursive: true, force: true })
      }
    },
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  }
}

/** From 0..1 to -1..1. */
export const asJudged = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.map((value) => 2 * value - 1) })
