import { expectFinite } from '../../math/mix.ts'
import { inPieces, type Pieces } from '../../math/pause.ts'
import type { Asks, BilevelOutcome, BilevelProblem, BilevelStep, Block } from '../bilevel.ts'

/** Where a method stands after a step. */
export interface Stand {
  /** Where it goes on. */
  readonly x: Float64Array
  readonly y: readonly Float64Array[]
  /** The settings that the answers belong to: what the loss is told of. */
  readonly at: Float64Array
}

type Need = 'curvature' | 'mixed'

/** @throws RangeError where a problem is none, or a block lacks what is needed of it. */
export function expectProblem({ size, blocks }: BilevelProblem, start: Float64Array, needs: readonly Need[]): void {
  if (blocks.length === 0) throw new RangeError('There is no example to learn from.')
  if (size === 0) throw new RangeError('There is no setting to learn.')
  if (start.length !== size) throw new RangeError(`${start.length} settings to begin with do not fit ${size}.`)
  expectFinite(start, 'The start')
  for (const [i, block] of blocks.entries())
    for (const need of needs) if (!block[need]) throw new RangeError(`Block ${i} does not say its ${need}, which this method needs.`)
}

/** The same problem, with every question counted. */
export function counted(problem: BilevelProblem): { readonly problem: BilevelProblem; asks(): Asks } {
  const counts = { upper: 0, upperSlopes: 0, lowerSlopes: 0, curvatures: 0, mixed: 0 }
  const watch = <A extends unknown[], T>(key: keyof typeof counts, ask: (...args: A) => T) => {
    return (...args: A): T => {
      counts[key]++
      return ask(...args)
    }
  }
  const blocks = problem.blocks.map(
    (block): Block => ({
      ...block,
      upper: watch('upper', (x, y) => block.upper(x, y)),
      upperInX: watch('upperSlopes', (x, y) => block.upperInX(x, y)),
      upperInY: watch('upperSlopes', (x, y) => block.upperInY(x, y)),
      lowerInX: watch('lowerSlopes', (x, y) => block.lowerInX(x, y)),
      lowerInY: watch('lowerSlopes', (x, y) => block.lowerInY(x, y)),
      ...(block.curvature && { curvature: watch('curvatures', block.curvature.bind(block)) }),
      ...(block.mixed && { mixed: watch('mixed', block.mixed.bind(block)) }),
    }),
  )
  return { problem: { ...problem, blocks }, asks: () => ({ ...counts }) }
}

/** The mean of what every block thinks. @throws RangeError where it is not finite. */
export function lossAt({ blocks }: BilevelProblem, x: Float64Array, y: readonly Float64Array[]): number {
  const loss = blocks.reduce((sum, block, i) => sum + block.upper(x, y[i]) / blocks.length, 0)
  if (!Number.isFinite(loss)) throw new RangeError('The loss is not finite: the steps are too large for this problem.')
  return loss
}

/** A step of a method; what waits has a turn at each of its pauses. */
export type BilevelMove<S extends Stand> = (state: S, step: number) => Pieces<S>

/** A loss that moves by less than such a share of it over so many steps stands still. */
const STILL = 10
const SHARE = 1e-5

export interface Course<S extends Stand> {
  readonly steps: number
  /** Steps before which the answers lag too far behind the settings to be believed. */
  readonly lag: number
  /** Share of the loss below which it stands still; a hundred-thousandth unless given, never for 0. */
  readonly still?: number
  readonly move: BilevelMove<S>
  asks(): Asks
}

/** The one loop of all solvers: keeps the best settings, and ends early where the loss stands still. */
export async function* bilevelRun<S extends Stand>(
  problem: BilevelProblem,
  start: S,
  { steps, lag, move, asks, still = SHARE }: Course<S>,
  signal: AbortSignal,
): AsyncGenerator<BilevelStep, BilevelOutcome, void> {
  let state = start
  const loss: number[] = []
  let best = { x: start.at, y: start.y, loss: Number.POSITIVE_INFINITY }
  for (let step = 0; step < steps; step++) {
    state = await inPieces(move(state, step), signal)
    const now = lossAt(problem, state.at, state.y)
    loss.push(now)
    if (step >= Math.min(lag, steps - 1) && now < best.loss) best = { x: state.at, y: state.y, loss: now }
    yield { step: step + 1, steps, x: state.at, loss: now }
    const recent = loss.slice(Math.max(lag, loss.length - STILL - 1))
    if (recent.length > STILL && recent.every((value) => Math.abs(value - now) < still * Math.abs(now))) break
  }
  return { x: best.x, y: best.y, loss, asks: asks() }
}
