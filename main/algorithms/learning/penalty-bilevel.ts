import { z } from 'zod'
import { type Adam, adamStep, type Moments, noMoments } from '../../math/adam.ts'
import { expectFinite, mix } from '../../math/mix.ts'
import { greatest } from '../../math/norms.ts'
import type { Pieces } from '../../math/pause.ts'
import type { BilevelProblem, BilevelSolver, Block } from '../bilevel.ts'
import { define } from '../define.ts'
import { bilevelRun, counted, expectProblem, type Stand } from './bilevel-run.ts'

const params = z.object({
  loop: z.enum(['double', 'single']).default('double').meta({
    title: 'Loop',
    description: 'Several steps of the answers to one of the settings; or one each, with running slopes, for slopes that are sampled.',
  }),
  steps: z.int().min(1).max(100_000).default(300).meta({ title: 'Steps' }),
  stride: z
    .enum(['adam', 'plain'])
    .default('adam')
    .meta({ title: 'Stride', description: 'Whether steps are evened out, or follow the slope.' }),
  rate: z.number().gt(0).default(0.05).meta({ title: 'Rate' }),
  inner: z
    .int()
    .min(1)
    .default(10)
    .meta({ title: 'Steps of the answers', description: 'For each step of the settings; double loop alone.' }),
  sigma: z.number().gt(0).default(0.2).meta({ title: 'First weight', description: 'How much what was wanted pulls at the answers.' }),
  last: z.number().gt(0).default(0.02).meta({ title: 'Last weight', description: 'The smaller, the more exact and the slower.' }),
  fall: z.number().gt(0).max(1).default(0.7).meta({ title: 'Fall', description: 'By this the weight falls, every so many steps.' }),
  every: z.int().min(1).default(20).meta({ title: 'Steps between falls' }),
  reach: z.number().gt(0).default(2).meta({ title: 'Reach', description: 'Length of a proximal step; large where answers are unique.' }),
  follow: z.number().gt(0).max(1).default(0.5).meta({ title: 'Follow', description: 'Share of the way that answers go.' }),
  gamma: z.number().gt(0).default(0.4).meta({ title: 'Rate of the answers' }),
  renew: z
    .number()
    .gt(0)
    .max(1)
    .default(0.3)
    .meta({ title: 'Renewal', description: 'Share of a running slope that is new; single loop alone.' }),
})
export type PenaltySettings = z.output<typeof params>

/** A block's two answers, that of the penalised problem and that of the lower one, and what chases them. */
export interface Chase {
  readonly y: Float64Array
  readonly z: Float64Array
  readonly w: Float64Array
  readonly u: Float64Array
  /** Running slopes, and where they were taken last. */
  readonly running: {
    readonly w: Float64Array
    readonly u: Float64Array
    readonly at: Omit<Chase, 'running'>
    readonly x: Float64Array
  } | null
}

/** One block in the eyes of a sample each, for the penalised slope and for the plain one. */
export interface Samples {
  readonly penalised: Block
  readonly plain: Block
}

/** A block's answers to settings, moved; and what they say of the settings' slope. */
interface Moved {
  readonly chase: Chase
  readonly slope: Float64Array
}

/** Both lower answers of a block at y, before the first step. */
export const chaseFrom = (y: Float64Array): Chase => ({ y, z: y.slice(), w: y.slice(), u: y.slice(), running: null })

function slopesAt({ penalised, plain }: Samples, x: Float64Array, at: Omit<Chase, 'running'>, sigma: number, pull: number) {
  return {
    w: mix([sigma, penalised.upperInY(x, at.w)], [1, penalised.lowerInY(x, at.w)], [pull, at.w], [-pull, at.y]),
    u: mix([1, plain.lowerInY(x, at.u)], [pull, at.u], [-pull, at.z]),
  }
}

/** How the settings' slope reads off two answers. */
const slopeBetween = (block: Block, x: Float64Array, y: Float64Array, z: Float64Array, sigma: number) =>
  mix([1, block.upperInX(x, y)], [1 / sigma, block.lowerInX(x, y)], [-1 / sigma, block.lowerInX(x, z)])

/** One outer step of one block. @param samples the block as the sample of this step sees it; the whole of it unless given. */
export function chased(block: Block, chase: Chase, x: Float64Array, sigma: number, settings: PenaltySettings, samples?: Samples): Moved {
  const { loop, inner, reach, follow, gamma, renew } = settings
  const seen = samples ?? { penalised: block, plain: block }
  const bound = block.smoothness?.(x) ?? 1
  const [step, pull] = [gamma / bound, bound / reach]
  let { w, u } = chase
  let running: Chase['running'] = null
  if (loop === 'double') {
    ;[w, u] = [chase.y, chase.z]
    for (let i = 0; i < inner; i++) {
      const slopes = slopesAt(seen, x, { ...chase, w, u }, sigma, pull)
      ;[w, u] = [mix([1, w], [-step, slopes.w]), mix([1, u], [-step, slopes.u])]
    }
  } else {
    const now = slopesAt(seen, x, chase, sigma, pull)
    // The same sample at both places: what they have in common falls away.
    const then = chase.running && slopesAt(seen, chase.running.x, chase.running.at, sigma, pull)
    const renewed = (key: 'w' | 'u') =>
      chase.running && then ? mix([1, now[key]], [1 - renew, chase.running[key]], [renew - 1, then[key]]) : now[key]
    running = { w: renewed('w'), u: renewed('u'), at: chase, x }
    ;[w, u] = [mix([1, w], [-step, running.w]), mix([1, u], [-step, running.u])]
  }
  const y = mix([1 - follow, chase.y], [follow, w])
  const z = mix([1 - follow, chase.z], [follow, u])
  return { chase: { y, z, w, u, running: running && { ...running, at: bare(running.at) } }, slope: slopeBetween(block, x, y, z, sigma) }
}

/** Without what it remembers of before, which would remember in turn. */
const bare = ({ y, z, w, u }: Omit<Chase, 'running'>) => ({ y, z, w, u })

/** Steps after which an answer is taken as it is. */
const MOST = 1_000_000

/** The penalised objective, by both answers found to the end: psi = min over y, max over z of f + (g(y) - g(z)) / sigma. */
export function penaltyAt(
  block: Block,
  x: Float64Array,
  sigma: number,
  { step, tolerance }: { readonly step: number; readonly tolerance: number },
) {
  const rest = (slope: (y: Float64Array) => Float64Array) => {
    let y = block.start ?? new Float64Array(block.size)
    for (let left = MOST; left > 0; left--) {
      const g = slope(y)
      expectFinite(g, 'The slope of the answer')
      if (greatest(g) <= tolerance) break
      y = mix([1, y], [-step, g])
    }
    return y
  }
  const z = rest((at) => block.lowerInY(x, at))
  const y = rest((at) => mix([sigma, block.upperInY(x, at)], [1, block.lowerInY(x, at)]))
  const value = block.upper(x, y) + (block.lower(x, y) - block.lower(x, z)) / sigma
  return { value, gradient: slopeBetween(block, x, y, z, sigma), y, z }
}

interface State extends Stand {
  readonly chases: readonly Chase[]
  readonly moments: Moments
}

function* move(problem: BilevelProblem, state: State, step: number, settings: PenaltySettings): Pieces<State> {
  const sigma = Math.max(Math.min(settings.last, settings.sigma), settings.sigma * settings.fall ** Math.floor(step / settings.every))
  const { x } = state
  let slope: Float64Array = new Float64Array(x.length)
  const chases: Chase[] = []
  for (const [i, block] of problem.blocks.entries()) {
    const moved = chased(block, state.chases[i], x, sigma, settings)
    chases.push(moved.chase)
    slope = mix([1, slope], [1 / problem.blocks.length, moved.slope])
    yield
  }
  expectFinite(slope, 'The slope of the settings')
  const adam: Adam = { rate: settings.rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
  const stepped =
    settings.stride === 'adam'
      ? adamStep(x, slope, state.moments, adam)
      : { x: mix([1, x], [-settings.rate, slope]), moments: state.moments }
  return { x: problem.project(stepped.x), at: x, y: chases.map(({ y }) => y), chases, moments: stepped.moments }
}

/** The solver behind `penalty-bilevel`: the gap between two lower answers, over sigma, stands for the slope in x. */
export function solveByPenalty(settings: PenaltySettings): BilevelSolver {
  if (settings.gamma * (1 + 1 / settings.reach) >= 2)
    throw new RangeError(`The answers' rate of ${settings.gamma} is too large for a reach of ${settings.reach}: they would run away.`)
  return {
    async *solve(given, start, signal) {
      expectProblem(given, start, [])
      const { problem, asks } = counted(given)
      const y = problem.blocks.map((block) => block.start ?? new Float64Array(block.size))
      const first: State = { x: start, at: start, y, chases: y.map(chaseFrom), moments: noMoments(start.length) }
      const { steps } = settings
      const course = { steps, lag: Math.ceil(steps / 2), asks, move: (state: State, step: number) => move(problem, state, step, settings) }
      return yield* bilevelRun(problem, first, course, signal)
    },
  }
}

/**
 * Learns settings by plain slopes alone, even where an example has many answers: with h = sigma f + g, psi = (min h - min g) / sigma
 * approaches the true objective from below as sigma falls, and its slope is fₓ(y) + (gₓ(y) - gₓ(z)) / sigma with y the answer of h and z
 * that of g. Both are chased by proximal steps from one place, so that their small difference is not noise.
 */
export const penaltyBilevel = define({
  id: 'penalty-bilevel',
  role: 'bilevel-solver',
  title: 'Penalty',
  summary: 'Learns settings from examples by plain slopes: for any filter that has them.',
  paper: {
    title: 'On Penalty Methods for Nonconvex Bilevel Optimization and First-Order Stochastic Approximation',
    year: 2024,
    link: 'https://arxiv.org/abs/2309.01753',
  },
  params,
  needs: {},
  make: solveByPenalty,
})
