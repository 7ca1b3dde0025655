import { spectralStart } from '../../../main/algorithms/linear/subgradient-recovery.ts'
import { type Factors, productOf } from '../../../main/math/factors.ts'
import { frobenius, fromRows, type Matrix } from '../../../main/math/matrix.ts'
import { subgradientSteps } from '../../../main/math/subgradient.ts'
import { assume, type FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'

/** What is said of the contrast holds to this. */
const CONTRAST = 0.005

/** Distance from the truth, as a share of it. */
const errorOf = (factors: Factors, truth: Matrix): number => {
  const product = productOf(factors)
  const apart = { ...product, data: product.data.map((value, i) => value - truth.data[i]) }
  return frobenius(apart) / frobenius(truth)
}
const scaled = (a: Matrix, by: number): Matrix => ({ ...a, data: a.data.map((value) => value * by) })

/** Sub-gradient recovery: its first steps exactly, and how near it comes. */
export const subgradientAdapter: FileAdapter = {
  name: 'subgradient-robust-recovery',
  recognises: ({ expected, M, L }) => Boolean(M && L && expected?.objective_mean_abs_first_10),
  async check({ M, L, F0, G0, settings, expected, tolerance }) {
    const [m, truth] = [fromRows(M), fromRows(L)]
    const start = { left: fromRows(F0), right: fromRows(G0) }
    assume(settings, { rank_model: F0[0].length })
    const { rank_true: _rank } = settings
    const walk = { eta: settings.eta, rho: settings.rho, steps: settings.T }
    const actual: { [key: string]: unknown } = {}
    const objectives: number[] = []
    const { reference_relative_error_at, relative_error_to_truth_final_max, contrast_large_init_alpha_1_final, ...exact } = expected
    const recorded = Math.max(...Object.keys(exact).map((key) => Number(key.match(/\d+$/)?.[0])))
    const errors: { [step: string]: number } = {}
    let done = 0
    for (const step of subgradientSteps(m, null, start, walk)) {
      done++
      if (done <= recorded) objectives.push(step.objective)
      if (done <= recorded) Object.assign(actual, { [`F_after_${done}`]: step.left.data, [`G_after_${done}`]: step.right.data })
      if (reference_relative_error_at[done]) errors[done] = errorOf(step, truth)
      if (done === settings.T) actual.final = errorOf(step, truth)
    }
    actual[`objective_mean_abs_first_${recorded}`] = objectives
    const notes = differences(actual, exact, () => tolerance[`first_${recorded}`])
    if (!((actual.final as number) <= relative_error_to_truth_final_max))
      notes.push(`final: ${actual.final} is above ${relative_error_to_truth_final_max}`)
    notes.push(...differences(errors, reference_relative_error_at, () => 0.001, 'errors'))

    const large = { left: scaled(start.left, 1 / settings.alpha), right: scaled(start.right, 1 / settings.alpha) }
    let last: Factors = large
    for (const step of subgradientSteps(m, null, large, walk)) last = step
    notes.push(...differences(errorOf(last, truth), contrast_large_init_alpha_1_final, () => CONTRAST, 'contrast'))

    // Singular vectors have free signs; their product has none.
    const made = spectralStart(m, null, settings.rank_model, settings.alpha, 0)
    const size = settings.alpha ** 2
    notes.push(...differences(productOf(made).data, productOf(start).data, () => 1e-6 * size, 'start'))
    return notes
  },
}
