import { z } from 'zod'
import { empiricalStep, remainder, rowAt } from '../../../math/empirical-step.ts'
import { lambdaOf, legsOf, type Node, nodeAt } from '../../../math/gaussian-path.ts'
import { mix, type Term } from '../../../math/mix.ts'
import type { ModelStatistics } from '../../../math/model-statistics.ts'
import { phis } from '../../../math/phi.ts'
import { roundHalfEven } from '../../../math/rounding.ts'
import { taylorWeights } from '../../../math/taylor-weights.ts'
import { define, Refusal } from '../../define.ts'
import type { Asked, Course, Sampled, Solver } from '../../roles.ts'
import { callsOf, expectRecipe, multistepRecipe, type RecipeStep, recipeSchema, type Update } from './unified-recipe.ts'

type Held = RecipeStep['pred']

interface State extends Sampled {
  readonly course: Course
  readonly index: number
  /** Newest last. `x` is mended where a corrector was at work; what the network said stays. */
  readonly past: readonly Answer[]
  /** Is the newest of `past` the answer at the present place? */
  readonly answered: boolean
  /** Steps that asked for statistics which the model has not, and held the picture still instead. */
  readonly report: { readonly replaced: readonly number[] }
}

interface Answer extends Asked {
  /** DPM-Solver-v3's remainder; null where the model has no statistics. */
  readonly f: Float64Array | null
}

/** What the first derivative is multiplied by; h signed as the exponent of the step is. */
function relaxation({ kind, c }: Update['relax'], h: number, held: Held): number {
  if (kind === 'none') return 1
  if (kind === 'linear') return 1 + c * h
  const z = held === 'data' ? -h : h
  // expm1(z) - z, of which half z is taken: with phi functions no digits are lost for short steps.
  const [, first, second] = phis(z, 2)
  return kind === 'dpm2' ? (0.5 * first) / second : 0.5 / second
}

const rowOf = (statistics: ModelStatistics, node: Node): number =>
  Math.min(statistics.count, Math.max(0, roundHalfEven(rowAt(statistics, node))))

/** One step from the answer at place `at` of the history to a node, with derivatives estimated from the places given. */
function update(
  past: readonly Answer[],
  at: number,
  to: Node,
  held: Held,
  { order, points, relax }: Update,
  statistics: ModelStatistics | null,
): Float64Array {
  const place = (index: number) => past[past.length + index]
  const base = place(at)
  const h = lambdaOf(to) - lambdaOf(base.node)
  const used = [...new Set(points.flat())]
  // Weights of the base and of each used place, for each derivative.
  const derivatives = points.map((list, k) => {
    const away = list.map((index) => lambdaOf(place(index).node) - lambdaOf(base.node))
    const [own, ...others] = taylorWeights(away)[k]
    const factor = k === 0 ? relaxation(relax, h, held) : 1
    return [own, ...used.map((index) => (list.includes(index) ? others[list.indexOf(index)] : 0))].map((weight) => factor * weight)
  })
  if (held === 'v3' && statistics) {
    const point = (one: Answer) => ({ node: one.node, row: rowOf(statistics, one.node), f: one.f! })
    const others = used.map((index) => point(place(index)))
    return empiricalStep(statistics, base.x, point(base), others, derivatives, { node: to, row: rowOf(statistics, to) })
  }
  const what = held === 'noise' ? 'eps' : 'x0'
  const phi = phis(held === 'noise' ? h : -h, order)
  const lead = held === 'noise' ? -to.sigma : to.alpha
  const keep = held === 'noise' ? to.alpha / base.node.alpha : to.sigma / base.node.sigma
  const values = [base, ...used.map(place)].map((one) => one[what])
  const terms: Term[] = [
    [keep, base.x],
    [lead * h * phi[1], values[0]],
  ]
  for (const [k, weights] of derivatives.entries()) {
    const factor = lead * h ** (k + 2) * phi[k + 2]
    for (const [m, weight] of weights.entries()) terms.push([factor * weight, values[m]])
  }
  return mix(...terms)
}

const even = (steps: number) => Array.from({ length: steps + 1 }, (_, i) => 1 - (0.999 * i) / steps)

/**
 * The unified sampling framework: every step chooses its own time, what it holds still, the order of its Taylor expansion, where
 * its derivatives come from and whether it is mended. Known solvers are recipes, and better ones are found by search. The recipe
 * brings its own times.
 */
export const unifiedSampling = define({
  id: 'unified-sampling',
  role: 'solver',
  title: 'Sampler recipe',
  summary: 'A sampler found by search for one model and few calls.',
  paper: {
    title: 'A Unified Sampling Framework for Solver Searching of Diffusion Probabilistic Models',
    year: 2023,
    link: 'https://arxiv.org/abs/2312.07243',
  },
  params: z.object({
    recipe: recipeSchema
      .default(multistepRecipe(even(8), 'data', 2, true))
      .meta({ title: 'Recipe', description: 'The sampler, step by step.' }),
  }),
  needs: {},
  make: ({ recipe }): Solver<State> => {
    expectRecipe(recipe)
    return {
      order: Math.max(...recipe.steps.map((step) => step.order)),
      calls: () => callsOf(recipe),
      fit: (legs, { path }) => {
        const own = legsOf(recipe.timesteps.map((t) => nodeAt(path, t)))
        const begun = legs.length > 0 && legs.length < own.length && own.some(({ from }, i) => i > 0 && from.t === legs[0].from.t)
        if (begun)
          throw new Refusal(
            'A recipe cannot begin in the middle.',
            'Its steps use what was said in the steps before them, from pure noise on.',
            'Take the full strength, or another solver.',
          )
        return own
      },
      start: (x, course, past = []) => ({
        x,
        course,
        index: 0,
        past: past.map((one) => withRemainder(one, course)),
        answered: false,
        report: { replaced: [] },
      }),
      async step({ x, course, index, past, answered, report }, denoise, from, to, signal) {
        const { statistics } = course.model
        const { pred, corrector, ...predictor } = recipe.steps[index]
        const missing = pred === 'v3' && !statistics
        const held = missing ? 'data' : pred
        const answer = async (state: Float64Array, node: Node): Promise<Answer> =>
          withRemainder({ node, x: state, ...(await denoise(state, node, signal)) }, course)
        const first = (): Answer =>
          withRemainder({ node: from, x, x0: x.map((value) => ((1 - from.sigma) * value) / from.alpha), eps: x }, course)

        const known = answered ? past : [...past, index === 0 && recipe.afs === 'zero_x0' ? first() : await answer(x, from)]
        const guess = update(known, -1, to, held, predictor, statistics)
        const next = { course, index: index + 1, report: { replaced: missing ? [...report.replaced, index] : report.replaced } }
        if (!corrector) return { ...next, x: guess, past: known, answered: false }
        signal.throwIfAborted()
        const told = await answer(guess, to)
        const mended = update([...known, told], -2, to, held, corrector, statistics)
        return { ...next, x: mended, past: [...known, { ...told, x: mended }], answered: true }
      },
    }
  },
})

function withRemainder(asked: Asked, { model: { statistics } }: Course): Answer {
  return { ...asked, f: statistics && remainder(statistics, rowOf(statistics, asked.node), asked.node, asked.x, asked.eps) }
}
