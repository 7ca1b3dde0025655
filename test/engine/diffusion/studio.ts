import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ModelFolder, readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import type { Generated, Generation } from '../../../main/engine/diffusion/generate.ts'
import { Models } from '../../../main/engine/models/models.ts'
import { Sessions } from '../../../main/engine/sessions/sessions.ts'
import { type TinyDiffusion, writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'

process.env.PALIMPSEST_PROVIDER = 'cpu'

/** Tiny models in folders of their own, and the real session thread. */
export interface DiffusionStudio extends AsyncDisposable {
  readonly sessions: Sessions
  /** Most bytes that were loaded at any time. */
  readonly peak: () => number
  model(options?: TinyDiffusion): Promise<ModelFolder>
}

/** @param budget bytes that loaded models may take. */
export function openDiffusionStudio(budget = 2 ** 30): DiffusionStudio {
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-sd-'))
  let peak = 0
  const sessions = new Sessions({
    entry: pathToFileURL(join(import.meta.dirname, '../../../main/engine/index.ts')),
    models: new Models(folder),
    budget,
    tell: ({ memory }) => {
      peak = Math.max(peak, memory?.used ?? 0)
    },
  })
  let models = 0
  return {
    sessions,
    peak: () => peak,
    async model(options) {
      const path = join(folder, `model-${models++}`)
      writeTinyDiffusion(path, options)
      return await readModelFolder(path)
    },
    async [Symbol.asyncDispose]() {
      await sessions[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const request: Generation = {
  prompt: 'a cat',
  negative: '',
  guidance: 3,
  seed: 7,
  width: 16,
  height: 12,
  steps: 4,
  schedule: { id: 'uniform' },
  solver: { id: 'ddim' },
}

export const bytesOf = ({ picture }: Generated) => Buffer.from(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength)
