import { availableParallelism } from 'node:os'
import { solvers } from '../../../main/algorithms/index.ts'
import { readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { generate } from '../../../main/engine/diffusion/generate.ts'
import { NOTHING_FOUND } from '../../../main/engine/tuning/tuned.ts'
import { lambdaOf, nodeAt } from '../../../main/math/gaussian-path.ts'
import { openDiffusionStudio } from '../../engine/diffusion/studio.ts'
import { CHANNELS, FACTOR } from '../../kit/tiny-diffusion.ts'
import { shareOutside, stepTime } from './processor-time.ts'
import { CELLS, LAYERS, slowModel, WIDTH } from './slow-model.ts'
import type { Table } from './table.ts'

const STEPS = 10
const RUNS = 4
/** Those that go with even steps and need nothing; the others cost what these cost. */
const CHOSEN = ['ddim', 'dpm-solver-pp', 'unipc', 'dpm-solver-v3', 'bdia', 'heun']

/** How much of a generation's time goes by outside the networks, by solver. */
export async function overhead(): Promise<Table> {
  await using studio = openDiffusionStudio()
  using slow = slowModel()
  const read = await readModelFolder(slow.path)
  const zeros = (value: number) => Array.from({ length: 121 }, () => new Float64Array(CHANNELS).fill(value))
  const at = (t: number) => lambdaOf(nodeAt(read.noise.path, t))
  const statistics = { count: 120, lambdaNoise: at(1), lambdaData: at(read.noise.path.tData), l: zeros(1), s: zeros(0), b: zeros(0) }
  const folder = { ...read, tuned: { ...NOTHING_FOUND, statistics: [{ guidance: 1, statistics }] } }
  const { signal } = new AbortController()
  const rows: [string, ...number[]][] = []
  for (const { id, title } of solvers.filter((solver) => CHOSEN.includes(solver.id))) {
    const request = { prompt: 'a cat', negative: '', guidance: 1, seed: 1, width: CELLS * FACTOR, height: CELLS * FACTOR, steps: STEPS }
    const asked = { ...request, schedule: { id: 'uniform' }, solver: { id } }
    const time = await stepTime(() => generate(folder, asked, studio.sessions, signal), STEPS, RUNS)
    rows.push([title, time.network, time.here, shareOutside(time)])
  }
  return {
    title: 'Time outside the network',
    head: ['solver', 'network, CPU ms a step', 'all else, CPU ms a step', 'share of time, %'],
    rows,
    least: false,
    note: `Whole steps of \`generate\` over real sessions, previews included, the least of ${RUNS} runs each; the network works on ${availableParallelism()} cores, all else on one; latents of ${CHANNELS} × ${CELLS} × ${CELLS}, a network of ${LAYERS} layers of ${WIDTH} channels, no guidance; Heun asks twice a step. The aim is under 3 %; beside a larger network the share shrinks.`,
  }
}
