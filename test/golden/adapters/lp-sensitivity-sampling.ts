import { keepRows, pickedRows, scoresOf } from '../../../main/algorithms/transport/sensitivity-sampling.ts'
import { applyMatrix, fromRows, type Matrix } from '../../../main/math/matrix.ts'
import { columnBasis, keepChances } from '../../../main/math/sensitivity.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { relativeDifferences } from '../relative.ts'
import { flat } from './diffusion-world.ts'

const powers = (a: Matrix, x: number[], p: number) => applyMatrix(a, x).reduce((sum, value) => sum + Math.abs(value) ** p, 0)

/** Scores of rows, how likely each is kept, which are, and what they say instead of all. */
export const lpSensitivitySamplingAdapter: FileAdapter = {
  name: 'lp-sensitivity-sampling',
  recognises: ({ test_vectors, expected }) => Boolean(test_vectors && expected?.leverage),
  async check({ settings, tolerance, expected, A, u, test_vectors: directions }) {
    const rows = fromRows(A)
    assume(settings, { n: rows.rows, d: rows.columns })
    const basis = columnBasis(rows)
    const notes = differences({ leverage: scoresOf(basis, 2, 'leverage') }, { leverage: expected.leverage }, () => tolerance.leverage)
    for (const wanted of expected.per_p as Inputs[]) {
      const { p } = wanted
      const sensitivities = scoresOf(basis, p, 'exact')
      const total = sensitivities.reduce((sum, value) => sum + value, 0)
      const alpha = total / settings.k
      const probabilities = keepChances(sensitivities, alpha)
      const sample = keepRows(probabilities, flat(u))
      const few = pickedRows(rows, sample, p)
      const actual: Inputs = {
        ...{ p, sensitivities, total_sensitivity: total, alpha, probabilities, kept: sample.rows },
        root_leverage: scoresOf(basis, p, 'root-leverage'),
        row_scale: sample.weights.map((weight) => weight ** (1 / p)),
        relative_error_on_test_vectors: directions.map((x: number[]) => powers(few, x, p) / powers(rows, x, p) - 1),
        ...(wanted.lewis_weights ? { lewis_weights: scoresOf(basis, p, 'lewis') } : {}),
      }
      for (const [key, value] of Object.entries(wanted)) {
        const limit =
          key === 'lewis_weights' ? tolerance.lewis_rel : key === 'root_leverage' ? tolerance.leverage : tolerance.sensitivity_rel
        notes.push(
          ...(key === 'kept'
            ? differences(actual, { kept: value }, () => 0)
            : relativeDifferences({ [key]: actual[key] }, { [key]: value }, limit, `p ${p}`)),
        )
      }
    }
    return notes
  },
}
