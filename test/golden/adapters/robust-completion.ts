import { alternateCompletion, completionStart } from '../../../main/math/alternating-completion.ts'
import { productOf } from '../../../main/math/factors.ts'
import { frobenius, fromRows, inverse, type Matrix, matrix, multiply, transpose } from '../../../main/math/matrix.ts'
import { singularValues } from '../../../main/math/singular-values.ts'
import { sketchedLeastSquares, sketchedTriangle } from '../../../main/math/sketched-regression.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const shifted = (m: Matrix, by: number, scale = 1): Matrix => ({ ...m, data: m.data.map((value) => (value + by) * scale) })
const conditionOf = (a: Matrix): number => {
  const { s } = singularValues(a)
  return s[0] / s[s.length - 1]
}

/** The alternation with a ridge, on values brought to 0..1, about the mean of those known. */
function ridged(m: Matrix, known: Uint8Array, { rank, lambda_: ridge, rounds }: Inputs): Float64Array {
  const [least, most] = [Math.min(...m.data), Math.max(...m.data)]
  const unit = shifted(m, -least, 1 / (most - least))
  const count = known.reduce((sum, one) => sum + one, 0)
  const mean = unit.data.reduce((sum, value, i) => sum + (known[i] ? value : 0), 0) / count
  const centred = shifted(unit, -mean)
  const start = completionStart(centred, known, rank, 0)
  let last = centred
  for (const factors of alternateCompletion(centred, known, start, { rounds, ridge, rows: 'exact', seed: 0 })) last = productOf(factors)
  return shifted(last, mean).data
}

/** One regression by a sketch that is given. */
function sketched({ A, b, rows_hash, signs, sketch_rows }: Inputs): Inputs {
  const a = fromRows(A)
  const r = sketchedTriangle(a, { rows: sketch_rows, to: rows_hash, sign: signs }, 0)
  const solve = { ridge: 0, iterations: 100, tolerance: 1e-14 }
  return {
    R_up_to_row_signs_RtR: multiply(transpose(r), r).data,
    cond_A: conditionOf(a),
    cond_A_Rinv: conditionOf(multiply(a, inverse(r))),
    solution: sketchedLeastSquares(a, flat(b), r, new Float64Array(a.columns), solve),
  }
}

/** Completion by alternating least squares, with and without a ridge, and by sketches. */
export const robustCompletionAdapter: FileAdapter = {
  name: 'robust-alternating-minimization',
  recognises: ({ expected, M, mask }) => Boolean(M && mask && expected?.init_projector),
  async check({ M, mask, settings, expected, ridge, sketch, tolerance }) {
    const m = fromRows(M)
    const known = Uint8Array.from(flat(mask))
    const start = completionStart(m, known, settings.rank, 0)
    const notes = differences(multiply(start, transpose(start)).data, expected.init_projector, () => tolerance.projector, 'projector')
    const rounds = Math.max(...Object.keys(expected.relative_error_after).map(Number), 3)
    const actual: { [key: string]: unknown } = {}
    const errors: { [round: string]: number } = {}
    let round = 0
    for (const factors of alternateCompletion(m, known, start, { rounds, ridge: 0, rows: 'exact', seed: 0 })) {
      const product = productOf(factors)
      actual[`product_after_${++round}`] = product.data
      errors[round] =
        frobenius(
          matrix(
            m.rows,
            m.columns,
            product.data.map((value, i) => value - m.data[i]),
          ),
        ) / frobenius(m)
    }
    const { init_projector: _, ...wanted } = expected
    notes.push(...differences({ ...actual, relative_error_after: errors }, wanted, () => tolerance.products))
    notes.push(...differences(ridged(m, known, ridge), ridge.expected, () => tolerance.ridge, 'ridge'))
    notes.push(...differences(sketched(sketch), sketch.expected, () => tolerance.sketch, 'sketch'))
    return notes
  },
}
