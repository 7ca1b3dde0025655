import { z } from 'zod'
import { dotOf } from '../../math/conjugate-gradient.ts'
import { expectFinite, mix } from '../../math/mix.ts'
import { greatest } from '../../math/norms.ts'
import type { Pieces } from '../../math/pause.ts'
import type { BilevelProblem, BilevelSolver, Block } from '../bilevel.ts'
import { define } from '../define.ts'
import { bilevelRun, counted, expectProblem, type Stand } from './bilevel-run.ts'

const rate = z.number().gt(0)
const params = z.object({
  steps: z.int().min(1).max(1_000_000).default(2000).meta({ title: 'Steps' }),
  alpha: rate.default(0.05).meta({ title: 'Rate of settings and answers' }),
  beta: rate.default(0.05).meta({ title: 'Rate of the anchor', description: 'Of what the multipliers are held to.' }),
  eta: rate.default(0.1).meta({ title: 'Rate of the rival', description: 'Of the answers that are compared with.' }),
  gamma1: rate.default(2).meta({ title: 'Reach of the rival' }),
  gamma2: rate.default(2).meta({ title: 'Reach of the multipliers' }),
  weight: rate.default(1).meta({ title: 'First weight', description: 'Of the lower problem against what was wanted.' }),
  growth: z.number().gt(0).lt(0.5).default(0.3).meta({ title: 'Growth of the weight', description: 'Its power of the step.' }),
  finish: z
    .number()
    .min(1)
    .default(10)
    .meta({ title: 'Finish', description: 'The weight of the last quarter of the steps is times this.' }),
  bound: rate.default(1000).meta({ title: 'Bound of the anchor' }),
})
export type LagrangianSettings = z.output<typeof params>

/** One block's answer y, its rival theta with multipliers, and what those are held to. */
export interface Duel {
  readonly y: Float64Array
  readonly theta: Float64Array
  readonly multipliers: Float64Array
  readonly anchor: Float64Array
}

const EMPTY = new Float64Array(0)

/** theta and its multipliers, a step nearer to the saddle of f + multipliers · c + |theta - y|² / 2γ₁ - |multipliers - anchor|² / 2γ₂. */
export function rivalled(block: Block, x: Float64Array, duel: Duel, { eta, gamma1, gamma2, bound }: LagrangianSettings): Duel {
  const { y, theta, multipliers, anchor } = duel
  const { constraints } = block
  const down = mix(
    [1, block.lowerInY(x, theta)],
    [1, constraints?.pull(x, theta, multipliers).y ?? new Float64Array(theta.length)],
    [1 / gamma1, theta],
    [-1 / gamma1, y],
  )
  if (!constraints) return { ...duel, theta: mix([1, theta], [-eta, down]) }
  const up = mix([-1, constraints.value(x, theta)], [1 / gamma2, multipliers], [-1 / gamma2, anchor])
  const free = mix([1, multipliers], [-eta, up])
  const kept =
    constraints.kind === 'equality' ? free.map((value) => Math.min(bound, Math.max(-bound, value))) : free.map((v) => Math.max(0, v))
  return { ...duel, theta: mix([1, theta], [-eta, down]), multipliers: kept }
}

/** How settings, answer and anchor are to move: what was wanted, and how far the answer is worse than its rival. */
export function lagrangianSlopes(block: Block, x: Float64Array, duel: Duel, weight: number, { gamma1, gamma2 }: LagrangianSettings) {
  const { y, theta, multipliers, anchor } = duel
  const pulled = block.constraints?.pull(x, theta, multipliers).x ?? new Float64Array(x.length)
  return {
    x: mix([1 / weight, block.upperInX(x, y)], [1, block.lowerInX(x, y)], [-1, block.lowerInX(x, theta)], [-1, pulled]),
    y: mix([1 / weight, block.upperInY(x, y)], [1, block.lowerInY(x, y)], [-1 / gamma1, y], [1 / gamma1, theta]),
    anchor: mix([-1 / gamma2, multipliers], [1 / gamma2, anchor]),
  }
}

export interface LagrangianState extends Stand {
  readonly duels: readonly Duel[]
}

/** A block at its start: answer and shadow both at y, multipliers at rest. */
export const duelFrom = (block: Block, x: Float64Array, y: Float64Array): Duel => {
  const rows = block.constraints?.value(x, y).length ?? 0
  return { y, theta: y, multipliers: rows ? new Float64Array(rows) : EMPTY, anchor: rows ? new Float64Array(rows) : EMPTY }
}

/** One step, the k-th from 0. */
export function* lagrangianMove(
  problem: BilevelProblem,
  state: LagrangianState,
  k: number,
  settings: LagrangianSettings,
): Pieces<LagrangianState> {
  const { alpha, beta, bound, weight: first, growth, finish, steps } = settings
  const weight = first * (k + 1) ** growth * (k >= 0.75 * steps ? finish : 1)
  const { x } = state
  let along: Float64Array = new Float64Array(x.length)
  const moved: Duel[] = []
  for (const [i, block] of problem.blocks.entries()) {
    const duel = rivalled(block, x, state.duels[i], settings)
    const slopes = lagrangianSlopes(block, x, duel, weight, settings)
    along = mix([1, along], [1 / problem.blocks.length, slopes.x])
    const least = block.constraints?.kind === 'equality' ? -bound : 0
    const anchor = mix([1, duel.anchor], [-beta, slopes.anchor]).map((value) => Math.min(bound, Math.max(least, value)))
    moved.push({ ...duel, y: mix([1, duel.y], [-alpha, slopes.y]), anchor })
  }
  yield
  const next = mix([1, x], [-alpha, along])
  expectFinite(next, 'What the settings would become')
  const y = moved.map((duel) => duel.y)
  const together = problem.projectJoint?.(next, y) ?? { x: problem.project(next), y }
  const duels = moved.map((duel, i) => ({ ...duel, y: together.y[i] }))
  return { x: together.x, at: together.x, y: together.y, duels }
}

/** Steps within which a rival rests, or never. */
const MOST = 1_000_000

/**
 * The proximal Lagrangian value v(x, y, anchor) = min over theta, max over multipliers of what the rival steps towards, with its slopes:
 * f(x, y) - v is never negative where the constraints hold, and 0 where y is an answer.
 * @throws RangeError where the rival does not come to rest.
 */
export function lagrangianValue(block: Block, x: Float64Array, start: Duel, settings: LagrangianSettings, tolerance = 1e-13) {
  let duel = start
  for (let [step, change] = [0, Number.POSITIVE_INFINITY]; !(change <= tolerance); step++) {
    if (step === MOST) throw new RangeError('The rival does not come to rest: its rate is too large.')
    const next = rivalled(block, x, duel, settings)
    change = Math.max(greatest(mix([1, next.theta], [-1, duel.theta])), greatest(mix([1, next.multipliers], [-1, duel.multipliers])))
    duel = next
  }
  const { y, theta, multipliers, anchor } = duel
  const { gamma1, gamma2 } = settings
  const [apart, held] = [mix([1, theta], [-1, y]), mix([1, multipliers], [-1, anchor])]
  const pressed = block.constraints ? dotOf(multipliers, block.constraints.value(x, theta)) : 0
  return {
    ...{ theta, multipliers },
    value: block.lower(x, theta) + pressed + dotOf(apart, apart) / (2 * gamma1) - dotOf(held, held) / (2 * gamma2),
    inX: mix([1, block.lowerInX(x, theta)], [1, block.constraints?.pull(x, theta, multipliers).x ?? new Float64Array(x.length)]),
    inY: mix([-1 / gamma1, apart]),
    inAnchor: mix([1 / gamma2, held]),
  }
}

/** The same problem with both objectives over one number a block, so that the lower curvature is about 1. Constraints are left. */
function scaled(block: Block, by: number): Block {
  const over = (values: Float64Array) => mix([1 / by, values])
  return {
    ...block,
    upperInX: (x, y) => over(block.upperInX(x, y)),
    upperInY: (x, y) => over(block.upperInY(x, y)),
    lowerInX: (x, y) => over(block.lowerInX(x, y)),
    lowerInY: (x, y) => over(block.lowerInY(x, y)),
  }
}

/** The solver behind `lagrangian-bilevel`: one loop, first slopes alone, rules kept by multipliers. */
export const solveByLagrangian = (settings: LagrangianSettings): BilevelSolver => ({
  async *solve(given, start, signal) {
    expectProblem(given, start, [])
    const { problem, asks } = counted(given)
    const blocks = problem.blocks.map((block) => scaled(block, block.smoothness?.(start) ?? 1))
    const eased = { ...problem, blocks }
    const begin = blocks.map((block) => block.start ?? new Float64Array(block.size))
    const { x, y } = problem.projectJoint?.(start, begin) ?? { x: problem.project(start), y: begin }
    const first: LagrangianState = { x, at: x, y, duels: blocks.map((block, i) => duelFrom(block, x, y[i])) }
    const { steps } = settings
    const move = (state: LagrangianState, k: number) => lagrangianMove(eased, state, k, settings)
    return yield* bilevelRun(problem, first, { steps, lag: Math.ceil(0.9 * steps), move, asks }, signal)
  },
})

/**
 * Learns settings where answers must keep to rules that hold the settings too: one loop, no second slopes. The lower problem becomes
 * f(x, y) <= v(x, y, z), with v the value of its proximal Lagrangian, whose slopes need a rival theta and its multipliers alone; every
 * step moves the rival, then settings and answer together within the rules. Scale each rule to a slope of about 1, or it swings.
 */
export const lagrangianBilevel = define({
  id: 'lagrangian-bilevel',
  role: 'bilevel-solver',
  title: 'Proximal Lagrangian',
  summary: 'Learns settings from examples under rules that must hold, such as a curve that never falls.',
  paper: {
    title: 'Constrained Bi-Level Optimization: Proximal Lagrangian Value function Approach and Hessian-free Algorithm',
    year: 2024,
    link: 'https://arxiv.org/abs/2401.16164',
  },
  params,
  needs: {},
  make: solveByLagrangian,
})
