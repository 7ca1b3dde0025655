import { solvers } from '../../../main/algorithms/index.ts'
import { readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { generate } from '../../../main/engine/diffusion/generate.ts'
import type { FileLease, Sessions } from '../../../main/engine/sessions/sessions.ts'
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

/** Sessions that count the milliseconds between a question and its answer. */
function timed(sessions: Pick<Sessions, 'leaseFile'>): { readonly sessions: Pick<Sessions, 'leaseFile'>; readonly spent: () => number } {
  let spent = 0
  return {
    spent: () => spent,
    sessions: {
      async leaseFile(file, signal) {
        const lease = await sessions.leaseFile(file, signal)
        const run: FileLease['run'] = async (inputs, stop) => {
          const began = performance.now()
          const outputs = await lease.run(inputs, stop)
          spent += performance.now() - began
          return outputs
        }
        return { run, [Symbol.dispose]: () => lease[Symbol.dispose]() }
      },
    },
  }
}

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
  /** Milliseconds a step: in the network, and everywhere else. */
  const once = async (solver: string): Promise<readonly [network: number, rest: number]> => {
    const { sessions, spent } = timed(studio.sessions)
    const request = { prompt: 'a cat', negative: '', guidance: 1, seed: 1, width: CELLS * FACTOR, height: CELLS * FACTOR, steps: STEPS }
    const steps = generate(folder, { ...request, schedule: { id: 'uniform' }, solver: { id: solver } }, sessions, signal)
    // From the first step's end to the last one's: steps alone, each with its preview, no loading and no decoding.
    await steps.next()
    const [began, before] = [performance.now(), spent()]
    for (let i = 1; i < STEPS; i++) await steps.next()
    const [whole, network] = [performance.now() - began, spent() - before]
    await steps.return(undefined as never)
    return [network / (STEPS - 1), (whole - network) / (STEPS - 1)]
  }
  // What else the machine does makes everything longer, nothing shorter: the least of all runs is the nearest to the truth.
  let call = Number.POSITIVE_INFINITY
  const outside: { readonly title: string; readonly calls: number; readonly rest: number }[] = []
  for (const { id, title } of solvers.filter((solver) => CHOSEN.includes(solver.id))) {
    const calls = id === 'heun' ? 2 : 1
    const rests: number[] = []
    for (let i = 0; i < RUNS; i++) {
      const [network, rest] = await once(id)
      call = Math.min(call, network / calls)
      rests.push(rest)
    }
    outside.push({ title, calls, rest: Math.min(...rests) })
  }
  const rows = outside.map(({ title, calls, rest }) => [title, calls * call, rest, (100 * rest) / (calls * call + rest)] as const)
  return {
    title: 'Time outside the network',
    head: ['solver', 'network, ms a step', 'all else, ms a step', 'share, %'],
    rows,
    least: false,
    note: `Whole steps of \`generate\` over real sessions, previews included, the least of ${RUNS} runs each; latents of ${CHANNELS} × ${CELLS} × ${CELLS}, a network of ${LAYERS} layers of ${WIDTH} channels, no guidance; Heun asks twice a step. The aim is under 3 %; beside a larger network the share shrinks.`,
  }
}
