import { z } from 'zod'
import type { Candidate, Space } from '../../algorithms/diffusion/schedules/auto-diffusion-candidates.ts'
import { type Evolution, type Scored, type Search, searchSteps } from '../../algorithms/diffusion/schedules/auto-diffusion-search.ts'
import { ddim } from '../../algorithms/diffusion/solvers/ddim.ts'
import { dpmSolverPp } from '../../algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { unipc } from '../../algorithms/diffusion/solvers/unipc.ts'
import type { Sampled, Solver } from '../../algorithms/roles.ts'
import { CLEAN, type Path } from '../../math/gaussian-path.ts'
import { noiseOf } from '../../math/random.ts'
import { listedLegs, tableOfPath } from '../../math/timesteps.ts'
import type { Scores } from './found.ts'
import { handWritten } from './hand-written.ts'
import type { Kind, Look, Outcome } from './kind.ts'
import { callsForReferences, references } from './references.ts'
import { digits, distancesOf, scoreOf, type Way } from './score.ts'
import { judged, settings } from './settings.ts'
import { type Subject, skipAtLevels } from './subject.ts'
import { runsOfTrial, trial } from './trial.ts'
import { tunedIn } from './tuned.ts'

const Params = z.object({
  steps: z.int().min(1).max(50).default(6).meta({ title: 'Steps', description: 'Number of steps to find places for.' }),
  solver: z
    .enum(['ddim', 'unipc', 'dpm-solver-pp'])
    .default('ddim')
    .meta({ title: 'Solver', description: 'The solver that will take the steps.' }),
  compute: z.number().min(0.3).max(1).default(1).meta({
    title: 'Share of the network',
    description: 'Below 1, blocks of the network are left out as well, where the model allows it.',
  }),
  population: z.int().min(4).max(200).default(16).meta({ title: 'Population', description: 'Candidates of one round.' }),
  rounds: z.int().min(1).max(50).default(4).meta({ title: 'Rounds', description: 'How often the best have children.' }),
  ...judged,
  ...settings,
})
type Params = z.output<typeof Params>

const noise = z.object({ seed: z.number(), counter: z.number() })
const candidate = z.object({ timesteps: z.array(z.int()), skip: z.array(z.array(z.int())) })
const State: z.ZodType<Search, unknown> = z.object({
  epoch: z.int(),
  waiting: z.array(candidate),
  scored: z.array(z.object({ candidate, score: z.number() })),
  before: z.string(),
  blocksFrom: z.int().nullable(),
  noise,
})

/** Of the blocks, once they are sought, a random candidate leaves out at most this share. */
const MAX_PRUNE = 0.2

/** A small search: rather more change than the large one of the paper, and the same shares of children and newcomers. */
const evolutionOf = ({ population, rounds, compute }: Params): Evolution => ({
  population,
  parents: Math.max(2, Math.round(population / 4)),
  mutations: Math.round(population / 2),
  crossovers: Math.round(population / 5),
  rate: 0.25,
  epochs: rounds,
  maxPrune: Math.max(MAX_PRUNE, 1 - compute),
  minPrune: 0,
})

export const solverOf = (id: Params['solver']): Solver<Sampled> =>
  id === 'ddim'
    ? ddim.make(ddim.params.parse({}), {})
    : id === 'unipc'
      ? unipc.make(unipc.params.parse({}), {})
      : dpmSolverPp.make(dpmSolverPp.params.parse({}), {})

/** Levels from the noisiest down, and after the last one no noise. */
export const legsOfLevels = (path: Path, rising: readonly number[]) =>
  listedLegs(tableOfPath(path), rising.toReversed(), { ...CLEAN, label: 0 })

const wayOf = (path: Path, solver: Params['solver'], one: Candidate): Way => ({
  solver: solverOf(solver),
  legs: legsOfLevels(path, one.timesteps),
  skipAt: skipAtLevels(one.timesteps, one.skip),
})

function spaceOf({ path, blocks }: Subject, { steps, compute }: Params, firsts: Space['firsts'] = []): Space {
  const seeksBlocks = compute < 1 && blocks.length > 0
  return {
    pool: Array.from({ length: tableOfPath(path).abar.length }, (_, level) => level),
    steps,
    blocks: seeksBlocks ? blocks.length : 0,
    budget: seeksBlocks ? Math.floor(compute * steps * blocks.length) : Number.POSITIVE_INFINITY,
    firsts,
  }
}

/**
 * AutoDiffusion: places for so many steps, and blocks to leave out, by evolution from the hand-written lists. A candidate's score is
 * how far it ends from long runs of the same cases. What does not hold up on the held-out cases is not kept.
 */
export const stepsKind: Kind<Params, Search> = {
  id: 'tune-steps',
  role: 'tuning',
  title: 'Found steps',
  summary: 'Where so many steps fall best, and which blocks of the network they can do without.',
  paper: {
    title: 'AutoDiffusion: Training-Free Optimization of Time Steps and Architectures for Automated Diffusion Model Acceleration',
    year: 2023,
    link: 'https://arxiv.org/abs/2309.10438',
  },
  params: Params,
  state: State,
  name: ({ steps }) => `steps-${steps}`,
  ground: ({ folder, params }) => levelsFound(folder, params),
  calls({ subject, params }) {
    const { population, rounds, cases, heldOut, steps } = params
    const written = handWritten(subject, steps).length
    // And what was found before.
    const looks = population * rounds + written + 1
    const calls = looks * cases + runsOfTrial(written) * heldOut
    return callsForReferences(cases + heldOut, params, subject) + calls * steps * subject.callsPerAnswer
  },
  async *find({ subject, params, folder }, from, signal): AsyncGenerator<Look<Search>, Outcome, void> {
    const { path } = subject
    const { steps, cases, heldOut, solver, seed, guidance, prompts, negative } = params
    const lists = handWritten(subject, steps)
    const before = await levelsFound(folder, params)
    const space = spaceOf(subject, params, [...lists, ...before])
    const ends = yield* references(subject, params, { from: 0, count: cases + heldOut }, 'clean', folder, signal)

    const score = (one: Candidate, stop: AbortSignal) => scoreOf(subject, wayOf(path, solver, one), ends.slice(0, cases), 0, stop)
    const evolution = evolutionOf(params)
    const search = searchSteps(space, evolution, score, noiseOf(seed), signal, from)
    let scored: readonly Scored[] = from?.scored ?? []
    let tick = await search.next()
    for (; !tick.done; tick = await search.next()) {
      const { state } = tick.value
      scored = state.scored
      yield { label: `Candidate ${scored.length}, round ${state.epoch + 1} of ${evolution.epochs}${progressOf(scored, lists)}`, state }
    }
    const distances = (one: Scored) => distancesOf(subject, wayOf(path, solver, one.candidate), ends.slice(cases), cases, signal)
    const { kept, usual, isFound, keptHeldOut, usualHeldOut } = yield* trial(scored, isAmong(lists), heldOut, distances)
    const scores = { found: kept.score, usual: usual.score, foundHeldOut: keptHeldOut, usualHeldOut }
    return {
      found: {
        what: 'steps',
        version: 1,
        guidance,
        prompts,
        negative,
        scores,
        solver,
        levels: [...kept.candidate.timesteps],
        skip: kept.candidate.skip.map((list) => [...list]),
      },
      notes: [...notesOf(kept, !isFound, scores, params), ...notesOnBlocks(subject, params, space, kept.candidate)],
    }
  },
}

/** Lists of so many levels that were found before: a search begins with them. */
const levelsFound = async (folder: string, { steps }: Params): Promise<readonly (readonly number[])[]> =>
  (await tunedIn(folder)).steps.map(({ levels }) => levels).filter(({ length }) => length === steps)

/** Has a candidate the levels of one of these lists? Blocks may be left out, as the search brought it within the budget. */
function isAmong(lists: readonly (readonly number[])[]): (one: Scored) => boolean {
  const names = new Set(lists.map((list) => JSON.stringify(list)))
  return ({ candidate: { timesteps } }) => names.has(JSON.stringify(timesteps))
}

function progressOf(scored: readonly Scored[], lists: readonly (readonly number[])[]): string {
  const usual = scored.find(isAmong(lists))
  const best = scored[0]
  return best && usual ? `; best ${digits(best.score)}, hand-written ${digits(usual.score)}` : ''
}

function notesOf(
  { candidate }: Scored,
  isUsual: boolean,
  { found, usual, foundHeldOut, usualHeldOut }: Scores,
  { steps, solver, cases }: Params,
): string[] {
  const list = candidate.timesteps.toReversed().join(', ')
  if (isUsual) return [`For ${steps} steps of ${solver} nothing better was found than a list written by hand: ${list}.`]
  const isPruned = candidate.skip.some((blocks) => blocks.length > 0)
  const byHand = isPruned ? 'the best list written by hand, as much of the network left out by chance,' : 'the best list written by hand'
  const onOthers =
    foundHeldOut === null || usualHeldOut === null ? '' : ` On other noises: ${digits(foundHeldOut)} against ${digits(usualHeldOut)}.`
  return [
    `For ${steps} steps of ${solver} these levels were found: ${list}.`,
    `Trajectory score, the distance from long runs of ${cases} noises: ${digits(found)}; ${byHand} comes to ${digits(usual)}.${onOthers}`,
  ]
}

function notesOnBlocks({ blocks }: Subject, { compute }: Params, { blocks: sought }: Space, { skip }: Candidate): string[] {
  if (compute === 1) return []
  if (sought === 0) return ['This model has no switches for its blocks: only steps were sought.']
  const left = skip.reduce((sum, list) => sum + list.length, 0)
  return [`${left} of ${blocks.length * skip.length} blocks are left out.`]
}
