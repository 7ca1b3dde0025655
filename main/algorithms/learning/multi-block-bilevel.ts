import { z } from 'zod'
import { applyMatrix, combine, inverse, type Matrix, matrix, multiply, symmetricEigen, transpose } from '../../math/matrix.ts'
import { expectFinite, mix } from '../../math/mix.ts'
import { norm } from '../../math/norms.ts'
import type { Pieces } from '../../math/pause.ts'
import { advance, noiseOf, uniformsInto } from '../../math/random.ts'
import type { BilevelSolver, CurvedBlock } from '../bilevel.ts'
import { define } from '../define.ts'
import { bilevelRun, counted, expectProblem, type Stand } from './bilevel-run.ts'

const params = z.object({
  version: z.enum(['auto', 'matrix', 'vector']).default('auto').meta({
    title: 'Version',
    description: 'Whether each example remembers its curvature as a matrix, or the one vector that is needed of it. Auto: by size.',
  }),
  steps: z.int().min(1).max(100_000).default(1500).meta({ title: 'Steps' }),
  batch: z.int().min(0).default(0).meta({ title: 'Examples a step', description: '0: all of up to 8, else a quarter of them.' }),
  tracking: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .meta({ title: 'Tracking', description: 'Share of a running slope that is new; 1 with all examples.' }),
  correction: z.number().min(0).default(0.5).meta({ title: 'Correction', description: 'How much of the change since before is added.' }),
  smoothing: z.number().gt(0).max(1).default(0.1).meta({ title: 'Smoothing', description: 'Share of the settings’ slope that is new.' }),
  rate: z.number().gt(0).default(0.03).meta({ title: 'Rate' }),
  follow: z.number().gt(0).max(1).default(0.3).meta({ title: 'Rate of the answers' }),
  floor: z.number().gt(0).default(0.05).meta({ title: 'Least curvature', description: 'As a share of the greatest.' }),
  bound: z.number().gt(0).default(1000).meta({ title: 'Longest adjoint' }),
  seed: z.int().min(0).default(0).meta({ title: 'Seed' }),
})
type Settings = z.output<typeof params>

/** What one step goes by. */
export interface BlockwiseRates {
  readonly version: 'matrix' | 'vector'
  readonly tracking: number
  readonly correction: number
  readonly smoothing: number
  /** Of the settings, and of each block's answers. */
  readonly eta: number
  readonly tau: readonly number[]
  readonly floor: readonly number[]
  readonly bound: number
}

/** A block's answer y, its running slope s, and either its running curvature or adjoint v with that one's running slope u. */
export interface Tracked {
  readonly y: Float64Array
  readonly s: Float64Array
  readonly curvature: Matrix | null
  readonly v: Float64Array
  readonly u: Float64Array
  readonly before: { readonly y: Float64Array; readonly v: Float64Array; readonly curvature: Matrix | null }
}

export interface BlockwiseState extends Stand {
  readonly blocks: readonly Tracked[]
  readonly xBefore: Float64Array
  /** Running slope of the settings. */
  readonly z: Float64Array | null
}

function curvatureAt({ size, curvature }: CurvedBlock, x: Float64Array, y: Float64Array): Matrix {
  const out = matrix(size, size)
  for (let k = 0; k < size; k++) {
    const unit = new Float64Array(size)
    unit[k] = 1
    out.data.set(curvature(x, y, unit), k * size)
  }
  return out
}

/** Symmetric, and no eigenvalue below the floor. */
function raised(a: Matrix, floor: number): Matrix {
  const { values, vectors } = symmetricEigen(combine([0.5, a], [0.5, transpose(a)]))
  const scaled = matrix(
    a.rows,
    a.rows,
    vectors.data.map((value, k) => value * Math.max(floor, values[k % a.rows])),
  )
  return multiply(scaled, transpose(vectors))
}

const adjointSlope = (block: CurvedBlock, x: Float64Array, y: Float64Array, v: Float64Array) =>
  mix([1, block.curvature(x, y, v)], [-1, block.upperInY(x, y)])

/** A block before its first round: its answer at y, its curvature as the version keeps it. */
export function track(block: CurvedBlock, x: Float64Array, y: Float64Array, version: BlockwiseRates['version']): Tracked {
  const v = new Float64Array(block.size)
  const curvature = version === 'matrix' ? curvatureAt(block, x, y) : null
  return { y, v, curvature, s: block.lowerInY(x, y), u: adjointSlope(block, x, y, v), before: { y, v, curvature } }
}

/**
 * One step. @param blocks as the step's sample of data sees them: old and new places are compared on the same.
 * @param batch the blocks whose slopes are taken anew.
 * @throws RangeError where a block is named twice, or its slope is not finite.
 */
export function blockwiseStep(
  blocks: readonly CurvedBlock[],
  state: BlockwiseState,
  batch: readonly number[],
  rates: BlockwiseRates,
): BlockwiseState {
  if (new Set(batch).size !== batch.length) throw new RangeError('A block is named twice in one step.')
  const { version, tracking: a, correction: g, smoothing, eta, tau, floor, bound } = rates
  const { x, xBefore } = state
  let [now, then]: [Float64Array, Float64Array] = [new Float64Array(x.length), new Float64Array(x.length)]
  const fresh = new Map<number, Pick<Tracked, 's' | 'u' | 'curvature'>>()
  for (const i of batch) {
    const [block, { y, s, u, v, curvature, before }] = [blocks[i], state.blocks[i]]
    const renewed = {
      s: mix([1 - a, s], [a + g, block.lowerInY(x, y)], [-g, block.lowerInY(xBefore, before.y)]),
      ...{ u, curvature },
    }
    expectFinite(renewed.s, `The running slope of block ${i}`)
    let [q, qBefore] = [v, before.v]
    if (version === 'matrix' && curvature && before.curvature) {
      q = applyMatrix(inverse(curvature), block.upperInY(x, y))
      qBefore = applyMatrix(inverse(before.curvature), block.upperInY(xBefore, before.y))
      const [here, there] = [curvatureAt(block, x, y), curvatureAt(block, xBefore, before.y)]
      renewed.curvature = raised(combine([1 - a, curvature], [a + g, here], [-g, there]), floor[i])
    } else {
      renewed.u = mix([1 - a, u], [a + g, adjointSlope(block, x, y, v)], [-g, adjointSlope(block, xBefore, before.y, before.v)])
    }
    fresh.set(i, renewed)
    now = mix([1, now], [1 / batch.length, block.upperInX(x, y)], [-1 / batch.length, block.mixed(x, y, q)])
    then = mix(
      [1, then],
      [1 / batch.length, block.upperInX(xBefore, before.y)],
      [-1 / batch.length, block.mixed(xBefore, before.y, qBefore)],
    )
  }
  const z = state.z ? mix([1 - smoothing, state.z], [smoothing - 1, then], [1, now]) : now
  const moved = state.blocks.map((old, i): Tracked => {
    const { s, u, curvature } = fresh.get(i) ?? old
    const v = version === 'vector' ? mix([1, old.v], [-tau[i], u]) : old.v
    const length = norm(v)
    return {
      ...{ s, u, curvature, before: old },
      y: mix([1, old.y], [-tau[i], s]),
      v: length > bound ? mix([bound / length, v]) : v,
    }
  })
  // What a state remembers of before remembers nothing itself.
  const kept = moved.map((one) => ({ ...one, before: { y: one.before.y, v: one.before.v, curvature: one.before.curvature } }))
  const next = mix([1, x], [-eta, z])
  return { x: next, at: next, xBefore: x, z, blocks: kept, y: kept.map(({ y }) => y) }
}

/** Every block once in an order of chance, so many at a time; then anew. */
function* batches(count: number, size: number, seed: number): Generator<readonly number[], never, void> {
  for (let epoch = 0; ; epoch++) {
    const keys = new Float64Array(count)
    uniformsInto(keys, advance(noiseOf(seed), epoch * count))
    const order = Array.from(keys.keys()).sort((i, j) => keys[i] - keys[j])
    for (let at = 0; at + size <= count; at += size) yield order.slice(at, at + size)
  }
}

/** The solver behind `multi-block-bilevel`: some blocks a round, the others as they were last seen. */
export const solveBlockwise = (settings: Settings): BilevelSolver => ({
  async *solve(given, start, signal) {
    expectProblem(given, start, ['curvature', 'mixed'])
    const { problem, asks } = counted(given)
    const blocks = problem.blocks as readonly CurvedBlock[]
    const m = blocks.length
    const size = settings.batch || (m <= 8 ? m : Math.max(2, Math.floor(m / 4)))
    if (size > m) throw new RangeError(`A step of ${size} examples is more than the ${m} there are.`)
    const version = settings.version === 'auto' ? (blocks.every((block) => block.size <= 64) ? 'matrix' : 'vector') : settings.version
    const bounds = blocks.map((block) => block.smoothness?.(start) ?? 1)
    const isWhole = size === m
    const rates = {
      ...{ version, bound: settings.bound },
      tracking: isWhole ? 1 : settings.tracking,
      correction: isWhole ? 0 : settings.correction,
      tau: bounds.map((bound) => (settings.follow * size) / (m * bound)),
      floor: bounds.map((bound) => settings.floor * bound),
    }
    const tracked = blocks.map((block) => track(block, start, block.start ?? new Float64Array(block.size), version))
    const first: BlockwiseState = { x: start, at: start, xBefore: start, z: null, blocks: tracked, y: tracked.map(({ y }) => y) }
    const order = batches(m, size, settings.seed)
    // Slopes that suddenly grow swing: half the rate, and nothing is remembered of them.
    let [calm, least] = [1, Number.POSITIVE_INFINITY]
    function* move(state: BlockwiseState, step: number): Pieces<BlockwiseState> {
      const slower = (1 + step / 50) ** (-1 / 3)
      const smoothing = isWhole ? 1 : settings.smoothing * slower ** 2
      const moved = blockwiseStep(blocks, state, order.next().value, {
        ...rates,
        smoothing,
        eta: calm * settings.rate * (isWhole ? 1 : slower),
      })
      yield
      const length = norm(moved.z ?? start)
      least = Math.min(least, Math.max(length, 1e-6))
      const x = problem.project(moved.x)
      if (length <= 10 * least) return { ...moved, x, at: x }
      calm /= 2
      least = Number.POSITIVE_INFINITY
      return { ...moved, x, at: x, z: null }
    }
    const { steps } = settings
    return yield* bilevelRun(problem, first, { steps, lag: Math.ceil(steps / 2), move, asks }, signal)
  },
})

/**
 * Learns one set of settings from many examples, a few a step. Each example remembers a running slope of its answer, and of its
 * curvature (or of the one vector q = gᵧᵧ⁻¹ f_y); both are renewed by what changed between two places on the same data, as is the
 * settings' slope z. Examples that have no turn move on by what they remember. Curvatures are floored, not scaled.
 */
export const multiBlockBilevel = define({
  id: 'multi-block-bilevel',
  role: 'bilevel-solver',
  title: 'Block by block',
  summary: 'Learns settings from many pictures at once, looking at a few of them a step.',
  paper: {
    title: 'Blockwise Stochastic Variance-Reduced Methods with Parallel Speedup for Multi-Block Bilevel Optimization',
    year: 2023,
    link: 'https://arxiv.org/abs/2305.18730',
  },
  params,
  needs: {},
  make: solveBlockwise,
})
