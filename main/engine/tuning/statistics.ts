import { z } from 'zod'
import { dpmSolverV3 } from '../../algorithms/diffusion/solvers/dpm-solver-v3.ts'
import {
  callsToMeasure,
  type Measurement,
  type Moments,
  measureStatistics,
} from '../../algorithms/diffusion/solvers/dpm-solver-v3-statistics.ts'
import { unipc } from '../../algorithms/diffusion/solvers/unipc.ts'
import { lambdaOf, nodeAt } from '../../math/gaussian-path.ts'
import { lambdaOfRow, type ModelStatistics } from '../../math/model-statistics.ts'
import { noiseOf, uniformsInto } from '../../math/random.ts'
import type { Kind, Look, Outcome } from './kind.ts'
import { pack } from './packed.ts'
import { callsForReferences, references } from './references.ts'
import { digits, scoreOf } from './score.ts'
import { judged, settings } from './settings.ts'
import { entriesOf, evenInTime, firstTime, noiseOfCase, type Subject } from './subject.ts'

const Params = z.object({
  steps: z.int().min(3).max(50).default(8).meta({ title: 'Steps', description: 'Number of steps at which it is compared with UniPC.' }),
  rows: z.int().min(8).max(1200).default(24).meta({ title: 'Places', description: 'At how many noise levels the model is measured.' }),
  ...judged,
  cases: judged.cases.meta({ title: 'Pictures', description: 'Pictures of the model’s own that it is measured on.' }),
  ...settings,
})
type Params = z.output<typeof Params>

const row = z.array(z.number())
const moments = ['l', 'e', 'd', 'x', 'ee', 'ex', 'xx', 'ed', 'xd'] as const
/** Sums over pictures as plain lists, a row each of the grid. */
type Rows = readonly Readonly<Record<(typeof moments)[number], readonly number[]>>[]
const State: z.ZodType<Rows, unknown> = z.array(z.object({ l: row, e: row, d: row, x: row, ee: row, ex: row, xx: row, ed: row, xd: row }))

/** Steps of differences: networks of 32 bits are too grainy for smaller ones, and those that count whole levels for much smaller ones. */
const STEP_X = 1e-2
const STEP_LAMBDA = 1e-2
const STEP_LAMBDA_WHOLE = 5e-2
/** Rows between two measured places, by straight lines: the solver moves its steps to rows, and integrates over them. */
const FINER = 5
/** Numbers of the noises and probes, apart from those of the cases. */
const NOISES = 10_000
const PROBES = 20_000

function gridOf({ path }: Subject, count: number): ModelStatistics {
  const at = (t: number) => lambdaOf(nodeAt(path, t))
  return { count, lambdaNoise: at(firstTime(path)), lambdaData: at(path.tData), l: [], s: [], b: [] }
}

function measurementOf(subject: Subject, { rows, cases, seed }: Params, x0: readonly Float64Array[]): Measurement {
  const { path, shape } = subject
  const entries = entriesOf(subject)
  const grid = gridOf(subject, rows)
  const probe = new Float64Array(entries)
  uniformsInto(probe, noiseOf(seed * 65_536 + PROBES))
  return {
    lambdas: Array.from({ length: rows + 1 }, (_, i) => lambdaOfRow(grid, i)),
    nodeOf: (lambda) => nodeAt(path, path.tOfLambda(lambda)),
    denoise: Array.from({ length: cases }, (_, k) => subject.caseOf(k).denoise),
    x0,
    noise: Array.from({ length: cases }, (_, k) => noiseOfCase(seed, NOISES + k, entries)),
    probes: [probe.map((value) => (value < 0.5 ? -1 : 1))],
    stepX: STEP_X,
    stepLambda: subject.countsInWholes ? STEP_LAMBDA_WHOLE : STEP_LAMBDA,
    rowLength: shape[0],
  }
}

/**
 * DPM-Solver-v3's statistics of one model at one guidance, reduced to one value a channel, on pictures of the model's own. They are kept
 * whether or not the solver is better with them than UniPC on the held-out cases, and which of the two is better is told.
 */
export const statisticsKind: Kind<Params, Rows> = {
  id: 'tune-statistics',
  role: 'tuning',
  title: 'Statistics',
  summary: 'What DPM-Solver-v3 needs to know of this model, and whether it then beats UniPC.',
  paper: {
    title: 'DPM-Solver-v3: Improved Diffusion ODE Solver with Empirical Model Statistics',
    year: 2023,
    link: 'https://arxiv.org/abs/2310.13268',
  },
  params: Params,
  state: State,
  name: ({ guidance }) => `statistics-${guidance}`,
  calls({ subject, params }) {
    const { cases, heldOut, steps } = params
    const x0 = Array.from({ length: cases }, () => new Float64Array(0))
    const measuring = callsToMeasure({ ...measurementOf(subject, params, x0), x0 })
    return callsForReferences(cases + heldOut, params, subject) + (measuring + 2 * steps * heldOut) * subject.callsPerAnswer
  },
  async *find({ subject, params, folder }, from, signal): AsyncGenerator<Look<Rows>, Outcome, void> {
    const { cases, guidance, prompts, negative } = params
    const pictures = yield* references(subject, params, { from: 0, count: cases }, 'clean', folder, signal)
    const measurement = measurementOf(subject, params, pictures)
    const measuring = measureStatistics(measurement, signal, from && momentsOf(from))
    let tick = await measuring.next()
    for (; !tick.done; tick = await measuring.next()) {
      const { step, steps, state } = tick.value
      yield { label: `Noise level ${step} of ${steps}`, state: rowsOf(state) }
    }
    const statistics = refined({ ...gridOf(subject, params.rows), ...tick.value })
    const { scores, notes } = yield* compared(subject, params, statistics, folder, signal)
    const { count, lambdaNoise, lambdaData, l, s, b } = statistics
    return {
      found: {
        what: 'statistics',
        version: 1,
        guidance,
        prompts,
        negative,
        scores,
        count,
        lambdaNoise,
        lambdaData,
        l: l.map(pack),
        s: s.map(pack),
        b: b.map(pack),
      },
      notes,
    }
  },
}

/** DPM-Solver-v3 beside UniPC over the same steps, on cases that nothing was measured on. */
async function* compared(
  subject: Subject,
  params: Params,
  statistics: ModelStatistics,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<
  Look<never>,
  { scores: { found: number; usual: number; foundHeldOut: number | null; usualHeldOut: number | null }; notes: string[] },
  void
> {
  const { cases, heldOut, steps } = params
  if (heldOut === 0)
    return {
      scores: { found: 0, usual: 0, foundHeldOut: null, usualHeldOut: null },
      notes: ['The model was measured; nothing was compared.'],
    }
  const ends = yield* references(subject, params, { from: cases, count: heldOut }, 'first', folder, signal)
  yield { label: `Comparing with UniPC on ${heldOut} held-out noises` }
  const legs = evenInTime(subject.path, steps)
  const v3 = dpmSolverV3.make(dpmSolverV3.params.parse({}), {})
  const found = await scoreOf(subject, { solver: v3, legs, statistics }, ends, cases, signal)
  const usual = await scoreOf(subject, { solver: unipc.make(unipc.params.parse({}), {}), legs }, ends, cases, signal)
  const winner = found < usual ? 'DPM-Solver-v3 is the better one' : 'UniPC is the better one: stay with it'
  const note = `In ${steps} steps, on ${heldOut} held-out noises, DPM-Solver-v3 ends ${digits(found)} from long runs, UniPC ${digits(usual)}. ${winner} on this model.`
  return { scores: { found, usual, foundHeldOut: found, usualHeldOut: usual }, notes: [note] }
}

/** The same with more rows, on straight lines between the measured ones. */
function refined({ count, lambdaNoise, lambdaData, l, s, b }: ModelStatistics): ModelStatistics {
  const finer = (table: readonly Float64Array[]) =>
    Array.from({ length: count * FINER + 1 }, (_, i) => {
      const at = Math.min(count - 1, Math.floor(i / FINER))
      const share = i / FINER - at
      const next = table[at + 1] as Float64Array
      return (table[at] as Float64Array).map((value, c) => value + share * ((next[c] as number) - value))
    })
  return { count: count * FINER, lambdaNoise, lambdaData, l: finer(l), s: finer(s), b: finer(b) }
}

const each = <A, B>(record: Readonly<Record<(typeof moments)[number], A>>, map: (value: A) => B) =>
  Object.fromEntries(moments.map((name) => [name, map(record[name])])) as Record<(typeof moments)[number], B>
const rowsOf = ({ rows }: Moments): Rows => rows.map((one) => each(one, (values) => [...values]))
const momentsOf = (rows: Rows): Moments => ({ rows: rows.map((one) => each(one, (values) => Float64Array.from(values))) })
