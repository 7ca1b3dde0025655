import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Denoise } from '../../math/prediction.ts'
import { tensor } from '../../math/tensor.ts'
import { readGraphHead } from '../diffusion/graph-head.ts'
import { readJson } from '../diffusion/json-file.ts'
import { modelFileOf } from '../diffusion/part.ts'
import type { FileLease, ModelFile } from '../sessions/sessions.ts'
import type { SkipAt } from './subject.ts'

/** A U-Net of the same weights that has a switch for each of its blocks: the input `skip`, true where a block is left out. */
export interface Skippable {
  readonly file: ModelFile
  /** Names of the blocks, in the order of their switches. */
  readonly blocks: readonly string[]
}

const Config = z.object({
  skippable: z.string().regex(/^(?!.*\.\.)[\w.-]+$/),
  skip_blocks: z.array(z.string()).min(1).max(1000),
})

/** @returns null where the model has no such network. @throws FaultError `damaged`, `missing` where it has one that cannot be read. */
export async function readSkippable(model: string): Promise<Skippable | null> {
  const config = Config.safeParse(await readJson(join(model, 'unet', 'config.json')))
  if (!config.success) return null
  const path = join(model, 'unet', config.data.skippable)
  if (!existsSync(path)) return null
  const head = readGraphHead(path)
  if (!head.inputs.some(({ name }) => name === 'skip')) return null
  return { file: modelFileOf(path, head), blocks: config.data.skip_blocks }
}

/**
 * Asks, at every node, the network with those blocks left out that are to be left out there.
 * @param asked the network as it is asked through a lease, which is the skippable one's with its switches set.
 */
export function skipping(asked: (by: FileLease) => Denoise, lease: FileLease, { blocks }: Skippable, skipAt: SkipAt): Denoise {
  const known = new Map<string, Denoise>()
  return (x, node, signal) => {
    const skip = skipAt(node)
    const name = skip.join()
    const denoise = known.get(name) ?? asked(withSwitches(lease, blocks.length, skip))
    known.set(name, denoise)
    return denoise(x, node, signal)
  }
}

/** The same network, with the blocks of that list left out at every call. */
function withSwitches(lease: FileLease, count: number, skip: readonly number[]): FileLease {
  const switches = tensor([count])
  for (const block of skip) switches.data[block] = 1
  return { run: (inputs, signal) => lease.run({ ...inputs, skip: switches }, signal), [Symbol.dispose]: () => undefined }
}
