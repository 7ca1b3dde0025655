import { z } from 'zod'
import { lambdaOf, type Node } from '../../../math/gaussian-path.ts'
import { mix } from '../../../math/mix.ts'
import { define } from '../../define.ts'
import type { Asked, Course, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly course: Course
  readonly index: number
  /** Newest last; as many as the order can use. */
  readonly past: readonly Asked[]
}

const params = z.object({
  order: z
    .int()
    .min(1)
    .max(3)
    .default(2)
    .meta({ title: 'Order', description: 'How many past answers a step uses: 2 with a strong prompt, 3 without.' }),
  form: z.enum(['midpoint', 'heun']).default('midpoint').meta({ title: 'Form', description: 'How the second order is put.' }),
  prediction: z
    .enum(['data', 'noise'])
    .default('data')
    .meta({ title: 'Held still', description: 'What is held still over a step: the picture or the noise.' }),
  kappa: z
    .number()
    .min(0)
    .max(2)
    .default(0)
    .meta({ title: 'Fresh noise', description: 'Fresh noise in each step: 0 none, 1 the stochastic DPM++.' }),
  fullThird: z.boolean().default(false).meta({
    title: 'Full third order',
    description: 'At order 3 weigh the second difference in full, which makes it third order; the published sampler takes half of it.',
  }),
  lowerOrderFinal: z
    .boolean()
    .default(true)
    .meta({ title: 'Gentle end', description: 'Fall back to low order at the end of a short run.' }),
})
type Params = z.output<typeof params>

/** Runs shorter than this end at low order. */
const SHORT = 15

/** The order of a step, by the habit of the published sampler. */
function orderOf({ order, lowerOrderFinal }: Params, { course, index, past }: State, to: Node): number {
  const left = course.legs.length - index
  const short = lowerOrderFinal && course.legs.length < SHORT
  if (left === 1 && (short || to.sigma === 0)) return 1
  return Math.min(order, past.length, left === 2 && short ? 2 : order)
}

/** Weights of the answer and its differences when the clean picture is held still: E = e^-h - 1. */
function dataStep(x: Float64Array, past: readonly Asked[], to: Node, order: number, params: Params, course: Course): Float64Array {
  const now = past[past.length - 1]
  const { form, kappa, fullThird } = params
  if (to.sigma === 0) return mix([to.alpha, now.x0])
  const h = lambdaOf(to) - lambdaOf(now.node)
  const keep = (to.sigma / now.node.sigma) * Math.exp(-kappa * h)
  const gain = -to.alpha * Math.expm1(-(1 + kappa) * h)
  const fresh = kappa > 0 ? to.sigma * Math.sqrt(-Math.expm1(-2 * kappa * h)) : 0
  const noise = fresh > 0 ? ([[fresh, course.draw(x.length)]] as const) : []
  if (order === 1) return mix([keep, x], [gain, now.x0], ...noise)
  const slope = to.alpha * (Math.expm1(-h) / h + 1)
  const { first, second } = differences(past, h, order, 'x0')
  if (order === 2) return mix([keep, x], [gain, now.x0], [form === 'heun' ? slope : gain / 2, first], ...noise)
  return mix([keep, x], [gain, now.x0], [slope, first], [-to.alpha * (fullThird ? 2 : 1) * ((Math.expm1(-h) + h) / (h * h) - 0.5), second])
}

/** The same with the noise held still. */
function noiseStep(x: Float64Array, past: readonly Asked[], to: Node, order: number, { form, fullThird }: Params): Float64Array {
  const now = past[past.length - 1]
  if (to.sigma === 0) throw new RangeError('With the noise held still a step cannot land on no noise: let it land on the cleanest level.')
  const h = lambdaOf(to) - lambdaOf(now.node)
  const keep = to.alpha / now.node.alpha
  const gain = -to.sigma * Math.expm1(h)
  if (order === 1) return mix([keep, x], [gain, now.eps])
  const slope = -to.sigma * (Math.expm1(h) / h - 1)
  const { first, second } = differences(past, h, order, 'eps')
  if (order === 2) return mix([keep, x], [gain, now.eps], [form === 'heun' ? slope : gain / 2, first])
  return mix([keep, x], [gain, now.eps], [slope, first], [-to.sigma * (fullThird ? 2 : 1) * ((Math.expm1(h) - h) / (h * h) - 0.5), second])
}

/** Scaled first and second differences of the answers, newest against older. */
function differences(past: readonly Asked[], h: number, order: number, what: 'x0' | 'eps') {
  const [m0, m1, m2] = [past.length - 1, past.length - 2, past.length - 3].map((i) => past[i])
  const r0 = (lambdaOf(m0.node) - lambdaOf(m1.node)) / h
  const newer = mix([1 / r0, m0[what]], [-1 / r0, m1[what]])
  if (order === 2) return { first: newer, second: newer }
  const r1 = (lambdaOf(m1.node) - lambdaOf(m2.node)) / h
  const older = mix([1 / r1, m1[what]], [-1 / r1, m2[what]])
  const share = r0 / (r0 + r1)
  return { first: mix([1 + share, newer], [-share, older]), second: mix([1 / (r0 + r1), newer], [-1 / (r0 + r1), older]) }
}

/**
 * DPM-Solver++ multistep: the linear part of the flow is solved exactly in lambda, the clean picture (or the noise) is carried
 * on from the last one, two or three answers. One call a step. With kappa > 0 noise is taken away and laid anew in a measured way.
 */
export const dpmSolverPp = define({
  id: 'dpm-solver-pp',
  role: 'solver',
  title: 'DPM++',
  summary: 'Finals in 15 to 25 calls: what most artists use.',
  paper: {
    title: 'DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2211.01095',
  },
  params,
  needs: {},
  make: (params): Solver<State> => {
    if (params.kappa > 0 && (params.order > 2 || params.prediction === 'noise'))
      throw new RangeError('Fresh noise goes with the picture held still and order 1 or 2 only.')
    return {
      // With half of the second difference the third step is more exact than the second, but of no higher order.
      order: params.fullThird ? params.order : Math.min(2, params.order),
      calls: (legs) => legs.length,
      start: (x, course, past = []) => ({ x, course, index: 0, past }),
      async step({ x, course, index, past }, denoise, from, to, signal) {
        const known = [...past, { node: from, x, ...(await denoise(x, from, signal)) }].slice(-params.order)
        if (to.sigma > 0 && lambdaOf(to) === lambdaOf(from))
          throw new RangeError(`Step ${index} goes nowhere: both ends have the same noise.`)
        const order = orderOf(params, { x, course, index, past: known }, to)
        const next = params.prediction === 'data' ? dataStep(x, known, to, order, params, course) : noiseStep(x, known, to, order, params)
        return { x: next, course, index: index + 1, past: known }
      },
    }
  },
})
