import { z } from 'zod'
import { lambdaOf, type Node } from '../../../math/gaussian-path.ts'
import { mix, type Term } from '../../../math/mix.ts'
import { factorial } from '../../../math/phi.ts'
import { solveSmall } from '../../../math/small-system.ts'
import { define } from '../../define.ts'
import type { Asked, Course, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly course: Course
  readonly index: number
  readonly past: readonly Asked[]
  /** Order of the step that led here; 0 at the start, where there is nothing to correct. */
  readonly arrived: number
}

const params = z.object({
  order: z
    .int()
    .min(1)
    .max(4)
    .default(2)
    .meta({ title: 'Order', description: 'How many past answers a step uses: 2 with a strong prompt, 3 without.' }),
  variant: z
    .enum(['bh2', 'bh1'])
    .default('bh2')
    .meta({ title: 'Variant', description: 'The weighting of the differences: bh2 suits few steps.' }),
  prediction: z
    .enum(['data', 'noise'])
    .default('data')
    .meta({ title: 'Held still', description: 'What is held still over a step: the picture or the noise.' }),
  lowerOrderFinal: z.boolean().default(true).meta({ title: 'Gentle end', description: 'Fall back to low order at the end.' }),
  disableCorrector: z
    .array(z.int().min(0))
    .default([])
    .meta({ title: 'Unmended steps', description: 'Steps after which nothing is corrected.' }),
})
type Params = z.output<typeof params>

/** Rows r_j^(i-1) against b_i = q_i i! / B: the conditions that the weights of the differences meet. */
function conditions(hh: number, scale: number, ratios: readonly number[]) {
  let q = Math.expm1(hh) / hh - 1
  const b: number[] = []
  for (let i = 1; i <= ratios.length; i++) {
    b.push((q * factorial(i)) / scale)
    q = q / hh - 1 / factorial(i + 1)
  }
  return { matrix: ratios.map((_, i) => ratios.map((r) => r ** i)), b }
}

/**
 * One exponential step from the newest of `past` to `to`, of the given order; with `arrived`, the answer there takes part and the
 * step is the corrector.
 */
function unifiedStep(
  past: readonly Asked[],
  x: Float64Array,
  to: Node,
  order: number,
  params: Params,
  arrived?: Float64Array,
): Float64Array {
  const what = params.prediction === 'data' ? 'x0' : 'eps'
  const now = past[past.length - 1]
  const m0 = now[what]
  if (to.sigma === 0) {
    if (what === 'eps' || params.variant === 'bh1')
      throw new RangeError('This kind of step cannot land on no noise: let it land on the cleanest level.')
    return mix([to.alpha, m0])
  }
  const h = lambdaOf(to) - lambdaOf(now.node)
  const hh = what === 'x0' ? -h : h
  const scale = params.variant === 'bh2' ? Math.expm1(hh) : hh
  const [keep, lead] = what === 'x0' ? [to.sigma / now.node.sigma, to.alpha] : [to.alpha / now.node.alpha, to.sigma]

  const older = past.slice(-order, -1).reverse()
  const ratios = older.map((one) => (lambdaOf(one.node) - lambdaOf(now.node)) / h)
  if (arrived) ratios.push(1)
  const { matrix, b } = conditions(hh, scale, ratios)
  const half = arrived ? order === 1 : order === 2
  const weights = ratios.length === 0 ? [] : half ? [0.5] : solveSmall(matrix, b)

  const terms: Term[] = [
    [keep, x],
    [-lead * Math.expm1(hh), m0],
  ]
  for (const [k, one] of older.entries()) {
    const weight = (-lead * scale * weights[k]) / ratios[k]
    terms.push([weight, one[what]], [-weight, m0])
  }
  if (arrived) {
    const weight = -lead * scale * weights[weights.length - 1]
    terms.push([weight, arrived], [-weight, m0])
  }
  return mix(...terms)
}

/**
 * UniPC: a predictor of order p from past answers, and at the next node a corrector of order p + 1 that uses the answer given
 * there anyway. No call is spent on correcting.
 */
export const unipc = define({
  id: 'unipc',
  role: 'solver',
  title: 'UniPC',
  summary: 'Predicts, then mends the step with the answer it gets anyway: good at 5 to 20 calls.',
  paper: {
    title: 'UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of Diffusion Models',
    year: 2023,
    link: 'https://arxiv.org/abs/2302.04867',
  },
  params,
  needs: {},
  make: (params): Solver<State> => ({
    // Corrected at every node but the last, a run has the corrector's order.
    order: params.order + 1,
    calls: (legs) => legs.length,
    start: (x, course, past = []) => ({ x, course, index: 0, past, arrived: 0 }),
    async step({ x, course, index, past, arrived }, denoise, from, to, signal) {
      if (to.sigma > 0 && lambdaOf(to) === lambdaOf(from))
        throw new RangeError(`Step ${index} goes nowhere: both ends have the same noise.`)
      const answer = await denoise(x, from, signal)
      const mend = arrived > 0 && !params.disableCorrector.includes(index - 1)
      const told = params.prediction === 'data' ? answer.x0 : answer.eps
      const here = mend ? unifiedStep(past, past[past.length - 1].x, from, arrived, params, told) : x
      const known = [...past, { node: from, x: here, ...answer }].slice(-Math.max(2, params.order))
      const left = course.legs.length - index
      const order = Math.min(params.order, params.lowerOrderFinal ? left : params.order, known.length)
      return { x: unifiedStep(known, here, to, order, params), course, index: index + 1, past: known, arrived: order }
    },
  }),
})
