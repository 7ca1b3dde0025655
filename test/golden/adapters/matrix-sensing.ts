import { descend, descendSymmetric, type Residual, unbalanced } from '../../../main/math/factor-descent.ts'
import { type Factors, productOf } from '../../../main/math/factors.ts'
import { combine, fromRows, type Matrix, multiply, transpose } from '../../../main/math/matrix.ts'
import { singularValues } from '../../../main/math/singular-values.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'

/** "relative 1e-6 or absolute 1e-14". */
const numbersIn = (words: string): readonly number[] => (words.match(/\d(\.\d+)?(e-?\d+)?/g) ?? []).map(Number)

/** Descent on factors of equal and of different scale. */
export const matrixSensingAdapter: FileAdapter = {
  name: 'overparameterized-matrix-sensing',
  recognises: ({ expected }) => Boolean(expected?.loss_fro2_asym && expected?.modification_applied_to_F0_G0),
  async check({ M, F0, G0, settings, expected, tolerance }) {
    const m = fromRows(M)
    const residual: Residual = (product) => combine([1, product], [-1, m])
    assume(settings, { k: F0[0].length })
    // How the start was made: its rank, and its size.
    const { r: _rank, alpha: _size } = settings
    const start: Factors = { left: fromRows(F0), right: fromRows(G0) }
    const { eta, beta, modify_at_iteration: changeAt } = settings
    const last = Math.max(...Object.keys(expected.loss_fro2_asym).map(Number))
    const [relative, absolute] = numbersIn(tolerance.losses)
    const losses = (actual: readonly number[], wanted: Inputs, name: string) =>
      Object.entries(wanted).flatMap(([t, value]) =>
        differences(actual[Number(t)], value, () => Math.max(relative * value, absolute), `${name}.${t}`),
      )

    const notes: string[] = []
    const [plain, changed, symmetric]: [number[], number[], number[]] = [[], [], []]
    let [a, b] = [start, start]
    // The reference takes half the step on Z Zᵀ, whose slope is twice as long.
    let z: Matrix = { ...start.left, data: start.left.data.map((value) => 2 * value) }
    for (let t = 0; t <= last; t++) {
      const recorded = { F: expected[`F_after_${t}`], G: expected[`G_after_${t}`] }
      if (recorded.F) notes.push(...differences({ F: a.left.data, G: a.right.data }, recorded, () => tolerance.factors, `after ${t}`))
      if (t === changeAt) b = unbalanced(b, beta)
      const [one, two, three] = [descend(a, residual, eta), descend(b, residual, eta), descendSymmetric(z, residual, eta / 2)]
      plain.push(one.loss)
      changed.push(two.loss)
      symmetric.push(three.loss)
      ;[a, b, z] = [one.next, two.next, three.next]
    }
    notes.push(...losses(plain, expected.loss_fro2_asym, 'plain'))
    notes.push(...losses(changed, expected.loss_fro2_modified, 'modified'))
    notes.push(...losses(symmetric, expected.loss_fro2_symmetric, 'symmetric'))
    const at0 = unbalanced(start, beta)
    const actual = {
      singular_values_of_new_F: singularValues(at0.left).s,
      product: productOf(at0).data,
      gram_new_G: multiply(at0.right, transpose(at0.right)).data,
    }
    return [...notes, ...differences(actual, expected.modification_applied_to_F0_G0, () => tolerance.factors, 'modification')]
  },
}
