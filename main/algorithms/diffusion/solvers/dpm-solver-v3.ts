import { z } from 'zod'
import { type EmpiricalPoint, empiricalStep, remainder, rowAt } from '../../../math/empirical-step.ts'
import { type Leg, lambdaOf, legsOf, type Node, nodeAt } from '../../../math/gaussian-path.ts'
import { expectStatistics, lambdaOfRow, type ModelStatistics } from '../../../math/model-statistics.ts'
import { roundHalfEven } from '../../../math/rounding.ts'
import { dividedWeights, taylorWeights } from '../../../math/taylor-weights.ts'
import { define, Refusal } from '../../define.ts'
import type { Course, Model, Sampled, Solver } from '../../roles.ts'

/** A point on the way, with the state that led on from it. */
interface Point extends EmpiricalPoint {
  readonly x: Float64Array
}

interface State extends Sampled {
  readonly course: Course
  readonly index: number
  readonly past: readonly Point[]
  /** Order of the step that led here; 0 at the start. */
  readonly arrived: number
}

const params = z.object({
  order: z
    .int()
    .min(1)
    .max(3)
    .default(2)
    .meta({ title: 'Order', description: 'How many past answers a step uses: 2 with a strong prompt, 3 without.' }),
  predictorPseudo: z
    .boolean()
    .default(false)
    .meta({ title: 'Nearest answers, predicting', description: 'Estimate the predictor’s derivatives from the nearest answers only.' }),
  corrector: z.enum(['off', 'all', 'highNoise', 'lowNoise']).default('all').meta({
    title: 'Mending',
    description: 'Where a step is mended with the answer at its end: nowhere, everywhere, in the noisy or in the clean half.',
  }),
  correctorPseudo: z
    .boolean()
    .default(true)
    .meta({ title: 'Nearest answers, mending', description: 'Estimate the corrector’s derivatives from the nearest answers only.' }),
  lowerOrderFinal: z.boolean().default(true).meta({ title: 'Gentle end', description: 'Fall back to low order at the end.' }),
})

function statisticsOf(model: Model): ModelStatistics {
  if (!model.statistics)
    throw new Refusal(
      'DPM-Solver-v3 cannot run on this model.',
      'It needs statistics that have not been measured of it yet.',
      'Tune the model first, or choose UniPC.',
    )
  return model.statistics
}

/**
 * Nodes moved to the nearest rows of the statistics. No noise at all lies beyond them: it gives way to the cleanest row, or where the
 * step before is there already, stays what it is.
 */
function snap(legs: readonly Leg[], model: Model): readonly Leg[] {
  const statistics = statisticsOf(model)
  expectStatistics(statistics)
  const nodes = [legs[0].from, ...legs.map((leg) => leg.to)]
  const rows = nodes.map((node) => (node.sigma > 0 ? roundHalfEven(rowAt(statistics, node)) : statistics.count))
  const last = nodes.length - 1
  const landsClean = nodes[last].sigma === 0 && rows[last - 1] === statistics.count
  if (landsClean) rows.pop()
  for (const [i, row] of rows.entries()) {
    if (row < 0 || row > statistics.count)
      throw new Refusal(
        'DPM-Solver-v3 cannot take these steps.',
        `Step ${i} lies outside what was measured of this model.`,
        'Measure the model over its whole range, or choose UniPC.',
      )
    if (i > 0 && row <= rows[i - 1])
      throw new Refusal(
        'DPM-Solver-v3 cannot take so many steps.',
        `Steps ${i - 1} and ${i} fall on one of the ${statistics.count} measured places.`,
        'Take fewer steps, or measure the model more finely.',
      )
  }
  const snapped = rows.map((row) => nodeAt(model.path, model.path.tOfLambda(lambdaOfRow(statistics, row))))
  return legsOf(landsClean ? [...snapped, nodes[last]] : snapped)
}

/**
 * DPM-Solver-v3: a change of variables measured on the model itself leaves of its answer as little as possible to extrapolate.
 * With l = 1 and s = b = 0 it is DPM-Solver++, with l = 0 and s = -1 DPM-Solver.
 */
export const dpmSolverV3 = define({
  id: 'dpm-solver-v3',
  role: 'solver',
  title: 'DPM-Solver-v3',
  summary: 'Drafts in 5 to 10 calls, on models that were tuned for it.',
  paper: {
    title: 'DPM-Solver-v3: Improved Diffusion ODE Solver with Empirical Model Statistics',
    year: 2023,
    link: 'https://arxiv.org/abs/2310.13268',
  },
  params,
  needs: {},
  make: ({ order, predictorPseudo, corrector, correctorPseudo, lowerOrderFinal }): Solver<State> => {
    const mends = (node: Node) =>
      corrector === 'all' || (corrector === 'highNoise' ? node.t > 0.5 : corrector === 'lowNoise' && node.t <= 0.5)
    const away = (base: Point, others: readonly Point[]) => others.map((point) => lambdaOf(point.node) - lambdaOf(base.node))

    return {
      // The nearest answers alone tell the first derivative to first order only.
      order: predictorPseudo ? Math.min(2, order) : order,
      calls: (legs) => legs.length,
      fit: snap,
      start: (x, course, past = []) => {
        const statistics = statisticsOf(course.model)
        const points = past.map((one): Point => {
          const row = roundHalfEven(rowAt(statistics, one.node))
          return { node: one.node, row, x: one.x, f: remainder(statistics, row, one.node, one.x, one.eps) }
        })
        return { x, course, index: 0, past: points, arrived: 0 }
      },
      async step({ x, course, index, past, arrived }, denoise, from, to, signal) {
        const statistics = statisticsOf(course.model)
        const row = roundHalfEven(rowAt(statistics, from))
        const { eps, x0 } = await denoise(x, from, signal)
        if (to.sigma === 0) return { x: x0.map((value) => to.alpha * value), course, index: index + 1, past, arrived: 1 }
        const f = remainder(statistics, row, from, x, eps)
        const here: Point = { node: from, row, x, f }
        const mending = arrived + Number(correctorPseudo)
        if (arrived > 0 && mending > 1 && mends(from)) {
          const base = past[past.length - 1]
          const others = [here, ...past.slice(0, -1).reverse()].slice(0, mending - 1)
          const weights = correctorPseudo ? dividedWeights(away(base, others)) : taylorWeights(away(base, others))
          // The remainder is kept as it was told: no call is spent on the mended state.
          const mended = { ...here, x: empiricalStep(statistics, base.x, base, others, weights, here) }
          return predict(mended)
        }
        return predict(here)

        function predict(base: Point): State {
          const left = course.legs.length - index
          const taken = Math.min(order, past.length + 1, lowerOrderFinal ? left : order)
          const others = past
            .slice()
            .reverse()
            .slice(0, taken - 1)
          const weights = predictorPseudo ? dividedWeights(away(base, others)) : taylorWeights(away(base, others))
          const next = empiricalStep(statistics, base.x, base, others, weights, { node: to, row: roundHalfEven(rowAt(statistics, to)) })
          return { x: next, course, index: index + 1, past: [...past, base].slice(-(order + 1)), arrived: taken }
        }
      },
    }
  },
})
