import { z } from 'zod'
import { type Adam, adamStep, type Moments, noMoments } from '../../math/adam.ts'
import { pullThrough, type Root, type SolveSettings } from '../../math/implicit-derivative.ts'
import { expectFinite, mix } from '../../math/mix.ts'
import { newtonCg } from '../../math/newton-cg.ts'
import { norm } from '../../math/norms.ts'
import type { Pieces } from '../../math/pause.ts'
import type { BilevelProblem, BilevelSolver, CurvedBlock } from '../bilevel.ts'
import { define } from '../define.ts'
import { bilevelRun, counted, expectProblem, type Stand } from './bilevel-run.ts'

const params = z.object({
  steps: z.int().min(1).max(10_000).default(60).meta({ title: 'Steps' }),
  stride: z
    .enum(['adam', 'plain'])
    .default('adam')
    .meta({ title: 'Stride', description: 'Whether steps are evened out, or follow the slope.' }),
  rate: z.number().gt(0).default(0.1).meta({ title: 'Rate' }),
  tolerance: z.number().gt(0).default(1e-6).meta({ title: 'Rest', description: 'Greatest slope at which an answer counts as found.' }),
  relative: z.number().min(0).default(1e-2).meta({
    title: 'Rest, by progress',
    description: 'The same as a share of the slope of the settings: answers need not be finer than what is done with them.',
  }),
  newton: z.int().min(1).default(100).meta({ title: 'Most steps to an answer' }),
  systems: z.int().min(1).default(400).meta({ title: 'Most steps of a system' }),
  precision: z.number().gt(0).default(1e-6).meta({ title: 'Precision of a system' }),
  still: z.number().min(0).default(1e-5).meta({
    title: 'Standing still',
    description: 'Ends early where the loss moves by less than this share of it over ten steps; 0: never.',
  }),
  ridge: z.number().min(0).default(0).meta({ title: 'Ridge', description: 'Above 0 where an example has many answers.' }),
})
type Settings = z.output<typeof params>

/** The condition that a block's answer fulfils: no slope. */
export const restOf = ({ size, curvature, mixed }: CurvedBlock, x: Float64Array, y: Float64Array): Root => ({
  ...{ size, isGradient: true },
  pushY: (v) => curvature(x, y, v),
  pullY: (v) => curvature(x, y, v),
  pushX: () => {
    throw new RangeError('A block says its mixed slope in one direction alone.')
  },
  pullX: (v) => mixed(x, y, v),
})

/** The slope of upper(x, y(x)) at an answer y, and the adjoint it was found by. */
export function hypergradient(block: CurvedBlock, x: Float64Array, y: Float64Array, settings: SolveSettings, adjoint?: Float64Array) {
  const { value, solved, status, residual } = pullThrough(restOf(block, x, y), block.upperInY(x, y), settings, adjoint)
  if (status === 'indefinite' || !(residual < 0.1))
    throw new RangeError(`The slope of an answer could not be found: a share of ${residual} is left. A ridge above 0 may help.`)
  const gradient = mix([1, block.upperInX(x, y)], [1, value])
  expectFinite(gradient, 'The slope of the settings')
  return { gradient, adjoint: solved }
}

interface State extends Stand {
  readonly adjoints: readonly (Float64Array | undefined)[]
  readonly gradient: Float64Array | null
  readonly moments: Moments
}

/** Answers, the slope through them, and a step down it. */
function* move(problem: BilevelProblem, state: State, settings: Settings): Pieces<State> {
  const { x, moments } = state
  const { tolerance, relative, newton, systems, precision, ridge, rate, stride } = settings
  const wanted = Math.max(tolerance, state.gradient ? relative * norm(state.gradient) : relative)
  const [y, adjoints]: [Float64Array[], Float64Array[]] = [[], []]
  let gradient: Float64Array = new Float64Array(x.length)
  for (const [i, given] of problem.blocks.entries()) {
    const block = given as CurvedBlock
    const search = newtonCg(
      {
        value: (at) => block.lower(x, at),
        slope: (at) => block.lowerInY(x, at),
        curvature: (at, v) => block.curvature(x, at, v),
      },
      state.y[i],
      { iterations: newton, tolerance: wanted },
    )
    let next = search.next()
    for (; !next.done; next = search.next()) yield
    const { residual, iterations, y: answer } = next.value
    if (!(residual <= Math.max(wanted, 1e3 * tolerance)))
      throw new RangeError(`Block ${i} found no answer: after ${iterations} steps its slope is ${residual}.`)
    const found = hypergradient(block, x, answer, { iterations: systems, tolerance: precision, ridge }, state.adjoints[i])
    y.push(answer)
    adjoints.push(found.adjoint)
    gradient = mix([1, gradient], [1 / problem.blocks.length, found.gradient])
    yield
  }
  const adam: Adam = { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
  const stepped = stride === 'adam' ? adamStep(x, gradient, moments, adam) : { x: mix([1, x], [-rate, gradient]), moments }
  return { x: problem.project(stepped.x), at: x, y, adjoints, gradient, moments: stepped.moments }
}

/** The solver behind `implicit-differentiation`: lower problems solved, then one linear system each for the slope in x. */
export const solveImplicitly = (settings: Settings): BilevelSolver => ({
  async *solve(given, start, signal) {
    expectProblem(given, start, ['curvature', 'mixed'])
    const { problem, asks } = counted(given)
    const y = problem.blocks.map((block) => block.start ?? new Float64Array(block.size))
    const first: State = { x: start, at: start, y, adjoints: y.map(() => undefined), gradient: null, moments: noMoments(start.length) }
    const { steps, still } = settings
    return yield* bilevelRun(problem, first, { steps, lag: 0, still, move: (state) => move(problem, state, settings), asks }, signal)
  },
})

/**
 * The exact slope of any setting through any solver, by what its answer fulfils: where R(y, x) = 0, the answer moves by Rᵧ dy = -Rₓ dx,
 * whoever found it. For answers without slope, R = gᵧ: solve gᵧᵧ u = f_y once, and the slope of f(x, y(x)) is fₓ - gₓᵧ u, for any
 * number of settings. An answer that is not quite one makes an error in proportion. The most accurate of the ways to learn settings.
 */
export const implicitDifferentiation = define({
  id: 'implicit-differentiation',
  role: 'bilevel-solver',
  title: 'Implicit differentiation',
  summary: 'Learns settings from examples with exact slopes, and says which setting matters.',
  paper: { title: 'Efficient and Modular Implicit Differentiation', year: 2022, link: 'https://arxiv.org/abs/2105.15183' },
  params,
  needs: {},
  make: solveImplicitly,
})
