import { availableParallelism } from 'node:os'
import { solvers } from '../../../main/algorithms/index.ts'
import { readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { generate } from '../../../main/engine/diffusion/generate.ts'
import { NOTHING_FOUND } from '../../../main/engine/tuning/tuned.ts'
import { lambdaOf, nodeAt } from '../../../main/math/gaussian-path.ts'
import { openDiffusionStudio } from '../../engine/diffusion/studio.ts'
import { CHANNELS, FACTOR } from '../../kit/tiny-diffusion.ts'
import { CELLS, LAYERS, slowModel, WIDTH } from './slow-model.ts'
import type { Table } from './table.ts'

const STEPS = 10
const RUNS = 4
/** Those that go with even steps and need nothing; the others cost what these cost. */
const CHOSEN = ['ddim', 'dpm-solver-pp', 'unipc', 'dpm-solver-v3', 'bdia', 'heun']

const total = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

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
  /** Milliseconds of processor time a step: of this thread, where everything but the network happens, and of all others. */
  const once = async (solver: string): Promise<readonly [here: number, others: number]> => {
    const request = { prompt: 'a cat', negative: '', guidance: 1, seed: 1, width: CELLS * FACTOR, height: CELLS * FACTOR, steps: STEPS }
    const steps = generate(folder, { ...request, schedule: { id: 'uniform' }, solver: { id: solver } }, studio.sessions, signal)
    // From the first step's end to the last one's: steps alone, each with its preview, no loading and no decoding.
    await steps.next()
    const [thread, all] = [process.threadCpuUsage(), process.cpuUsage()]
    for (let i = 1; i < STEPS; i++) await steps.next()
    const here = total(process.threadCpuUsage(thread)) / (STEPS - 1)
    const others = total(process.cpuUsage(all)) / (STEPS - 1) - here
    await steps.return(undefined as never)
    return [here, others]
  }
  const outside: { readonly title: string; readonly here: number; readonly others: number }[] = []
  for (const { id, title } of solvers.filter((solver) => CHOSEN.includes(solver.id))) {
    await once(id)
    const runs: (readonly [number, number])[] = []
    for (let i = 0; i < RUNS; i++) runs.push(await once(id))
    outside.push({ title, here: Math.min(...runs.map(([here]) => here)), others: Math.min(...runs.map(([, others]) => others)) })
  }
  const cores = availableParallelism()
  const rows = outside.map(({ title, here, others }) => [title, others, here, (100 * here) / (here + others / cores)] as const)
  return {
    title: 'Time outside the network',
    head: ['solver', 'network, CPU ms a step', 'all else, CPU ms a step', 'share of time, %'],
    rows,
    least: false,
    note: `Whole steps of \`generate\` over real sessions, previews included, the least of ${RUNS} runs each; the network works on ${cores} cores, all else on one; latents of ${CHANNELS} × ${CELLS} × ${CELLS}, a network of ${LAYERS} layers of ${WIDTH} channels, no guidance; Heun asks twice a step. The aim is under 3 %; beside a larger network the share shrinks.`,
  }
}
