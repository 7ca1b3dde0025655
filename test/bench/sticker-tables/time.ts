import { availableParallelism } from 'node:os'
import { solvers } from '../../../main/algorithms/index.ts'
import { type Generation, generate } from '../../../main/engine/diffusion/generate.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { AS_STUDIO, bareLoop, openBare } from '../../engine/diffusion/bare-loop.ts'
import { imagined, layerOf } from '../../engine/imagination/studio.ts'
import { leastOf, shareOutside, stepTime } from '../diffusion-tables/processor-time.ts'
import type { Table } from '../diffusion-tables/table.ts'
import { CANVAS, composed } from './compose.ts'
import { GUIDANCE, type OwnModel, openOwn, SIDE, signal } from './model.ts'
import { scenes } from './scenes.ts'

const STEPS = 20
const RUNS = 5
/** Those that go with even steps and need nothing; the others cost what these cost. */
const CHOSEN = ['ddim', 'dpm-solver-pp', 'unipc', 'bdia', 'heun']
const EDITED = 4

const request: Generation = {
  ...{ prompt: '3d red apple', negative: '', guidance: GUIDANCE, seed: 1, width: SIDE, height: SIDE, steps: STEPS },
  ...{ schedule: { id: 'uniform' }, solver: { id: 'ddim' } },
}

/** Time outside the networks, a generation beside a bare loop, and BDIA's edit beside EDICT's. */
export async function time(): Promise<readonly Table[]> {
  await using model = await openOwn('sticker')
  return [await shares(model), await whole(model), await edits(model)]
}

/** Processor time of whole steps, by solver. */
async function shares({ folder, sessions }: OwnModel): Promise<Table> {
  const rows: [string, ...number[]][] = []
  for (const { id, title } of solvers.filter((solver) => CHOSEN.includes(solver.id))) {
    const time = await stepTime(() => generate(folder, { ...request, solver: { id } }, sessions, signal), STEPS, RUNS)
    rows.push([title, time.network, time.here, shareOutside(time)])
  }
  return {
    title: 'Stickers, time outside the network',
    head: ['solver', 'network, CPU ms a step', 'all else, CPU ms a step', 'share of time, %'],
    rows,
    least: false,
    note: `Whole steps of \`generate\`, previews included, guided: one call of two a step, Heun two. The least of ${RUNS} runs each; the network works on ${availableParallelism()} cores, all else on one. The aim is under 3 %, and the sticker network is far smaller than any that is usual.`,
  }
}

async function whole({ folder, sessions }: OwnModel): Promise<Table> {
  const [prompt = [], negative = []] = [request.prompt, request.negative].map((text) => folder.textEncoders[0]?.tokenize(text).ids)
  const bare = await openBare(folder.path, AS_STUDIO)
  const ways = {
    bare: async () => (await bareLoop(folder.path, { prompt, negative }, request, bare)).latent,
    pairs: async () => (await bareLoop(folder.path, { prompt, negative }, request, bare, true)).latent,
    studio: async () => (await outcome(generate(folder, request, sessions, signal))).latent.data,
  }
  const [ours, theirs] = [await ways.studio(), await ways.pairs()]
  const furthest = Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] as number))))
  const least = await leastOf(ways, RUNS)
  return {
    title: 'Stickers, one generation against a bare loop',
    head: ['', 'CPU ms', 'ratio'],
    rows: [
      ['DDIM over bare sessions, a call at a time', least.bare, least.bare / least.pairs],
      ['the same, with and without the prompt in one call', least.pairs, 1],
      ['`generate`, which asks so too, with previews', least.studio, least.studio / least.pairs],
    ],
    least: false,
    note: `${STEPS} guided steps, words to picture, networks loaded, processor time of all threads, the least of ${RUNS} turns each; the latents of the last two differ by ${furthest.toExponential(1)} at most. The aim is 1.03.`,
  }
}

/** The studio's exact edit of whole scenes by either exact inversion, at equal steps. */
async function edits({ folder, sessions }: OwnModel): Promise<Table> {
  const chosen = await Promise.all(scenes.slice(0, EDITED).map(composed))
  const edit = (inversion: string) => async () => {
    for (const { picture, source, objects } of chosen) {
      const prompt = objects.map(({ becomes }) => becomes).join(', ')
      const params = { source, prompt, inversion, guidance: GUIDANCE, steps: STEPS }
      await imagined('exact-edit', { folder, sessions, source: layerOf(picture), ...CANVAS, objects: [], seed: 1, params })
    }
  }
  const all = await leastOf({ bdia: edit('bdia-inversion'), edict: edit('edict') }, 3)
  const [bdia, edict] = [all.bdia / chosen.length, all.edict / chosen.length]
  return {
    title: 'Stickers, time of an exact edit',
    head: ['inversion', 'CPU ms an edit', 'ratio'],
    rows: [
      ['BDIA', bdia, 1],
      ['EDICT', edict, edict / bdia],
    ],
    least: false,
    note: `\`exact-edit\` of whole scenes of ${CANVAS.width} × ${CANVAS.height} pixels with ${STEPS} steps and strength 0.8, processor time of all threads, the mean of ${EDITED} scenes, the least of 3 turns.`,
  }
}
