import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { atLevel, prepareBoard } from '../../algorithms/diffusion/solvers/dpm-ot-board.ts'
import { noiseOf } from '../../math/random.ts'
import { nodeOfLevel, tableOfPath } from '../../math/timesteps.ts'
import type { Kind, Look, Outcome } from './kind.ts'
import { pack } from './packed.ts'
import { callsForReferences, references } from './references.ts'
import { settings } from './settings.ts'
import { entriesOf, noiseOfCase } from './subject.ts'

/** More would keep everything else waiting for seconds while the map is drawn up. */
const MOST = 256

const Params = z.object({
  folder: z
    .string()
    .max(4096)
    .default('')
    .meta({ title: 'Folder of pictures', description: 'Pictures of the board. Empty: pictures of the model’s own are made.' }),
  pictures: z.int().min(2).max(MOST).default(12).meta({ title: 'Pictures', description: 'Most pictures of the board.' }),
  level: z.number().min(0.02).max(1).default(0.5).meta({
    title: 'Closeness',
    description: 'Share of the noise at which the steps begin: little stays close to the board, much obeys the words more.',
  }),
  ...settings,
})
type Params = z.output<typeof Params>

/** Of the fixed noises of the pictures, apart from those of the cases. */
const NOISES = 30_000
const KINDS = /\.(png|jpe?g|webp|avif|tiff?|gif|svg)$/i

/** Pictures of a folder, in the order of their names. @throws FaultError `missing` where it holds too few. */
export async function picturesIn(folder: string, most: number): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => KINDS.test(name)).sort()
  if (names.length < 2)
    throw fault(
      'missing',
      'There is no board of pictures.',
      `${folder} holds ${names.length} pictures; a board needs two at least.`,
      'Choose a folder with pictures in it.',
    )
  return await Promise.all(names.slice(0, most).map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })))
}

/**
 * DPM-OT's map: the noise is shared out evenly among pictures, of a folder or of the model's own making, brought to the level where the
 * steps begin. Only the long runs of own pictures cost calls; the map itself is made anew where it was stopped.
 */
export const transportKind: Kind<Params, null> = {
  id: 'tune-transport',
  role: 'tuning',
  title: 'Board of pictures',
  summary: 'A map that sends every seed to one of a board of pictures, to be re-imagined in few calls.',
  paper: {
    title: 'DPM-OT: A New Diffusion Probabilistic Model Based on Optimal Transport',
    year: 2023,
    link: 'https://arxiv.org/abs/2307.11308',
  },
  params: Params,
  state: z.null(),
  name: () => 'transport',
  calls: ({ subject, params }) => (params.folder === '' ? callsForReferences(params.pictures, params, subject) : 0),
  async *find({ subject, params, folder }, _, signal): AsyncGenerator<Look<null>, Outcome, void> {
    const { path, shape } = subject
    const table = tableOfPath(path)
    const level = Math.max(1, Math.round(params.level * (table.abar.length - 1)))
    const pictures =
      params.folder === ''
        ? yield* references(subject, params, { from: 0, count: params.pictures }, 'clean', folder, signal)
        : yield* encoded(await picturesIn(params.folder, params.pictures))
    const entries = entriesOf(subject)
    const noises = pictures.map((_, i) => noiseOfCase(params.seed, NOISES + i, entries))
    const making = prepareBoard(atLevel(pictures, noises, nodeOfLevel(table, level)), noiseOf(params.seed), signal)
    let tick = await making.next()
    for (; !tick.done; tick = await making.next()) yield { label: `Sharing the noise out, round ${tick.value.step}` }
    const { targets, heights, shareError } = tick.value
    return {
      found: {
        what: 'transport',
        version: 1,
        level,
        shape: [...shape],
        targets: targets.map((target) => pack(Float32Array.from(target))),
        heights: [...heights],
        shareError,
      },
      notes: [
        `A board of ${targets.length} pictures shares the noise out; the share of none is off by more than ${Math.round(100 * shareError)} in a hundred.`,
        `Steps begin at level ${level} of ${table.abar.length}.`,
      ],
    }

    async function* encoded(files: Awaited<ReturnType<typeof picturesIn>>): AsyncGenerator<Look<null>, Float64Array[], void> {
      if (!subject.encode)
        throw fault('unsupported', 'That model takes no pictures in.', 'It has no encoder.', 'Let the model make the pictures itself.')
      const latents: Float64Array[] = []
      for (const { name, bytes } of files) {
        yield { label: `Reading ${name}` }
        latents.push(await subject.encode(name, bytes, signal))
      }
      return latents
    }
  },
}
