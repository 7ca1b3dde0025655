import { describe, expect, it } from 'vitest'
import { robustCompletion } from '../../../main/algorithms/linear/robust-completion.ts'
import { type Alternation, alternateCompletion, completionStart, fitRows } from '../../../main/math/alternating-completion.ts'
import { productOf } from '../../../main/math/factors.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { frobenius, type Matrix, matrix } from '../../../main/math/matrix.ts'
import { firstColumns, leadingDirections, singularValues } from '../../../main/math/singular-values.ts'
import { facade, gappy } from '../../kit/gaps.ts'
import { furthest, normals } from '../../kit/generate.ts'

const { signal } = new AbortController()
const exact: Alternation = { rounds: 21, ridge: 0, rows: 'exact', seed: 3 }

/** Distance from the truth after each round, as a share of it; and the squares left on what is known, ridge included. */
function runOf(values: Matrix, known: Uint8Array, columns: number, settings: Alternation) {
  const errors: number[] = []
  const objectives: number[] = []
  for (const factors of alternateCompletion(values, known, completionStart(values, known, columns, 1), settings)) {
    const apart = productOf(factors).data.map((value, i) => value - values.data[i])
    errors.push(frobenius(matrix(values.rows, values.columns, apart)) / frobenius(values))
    const squares = apart.reduce((sum, value, i) => sum + (known[i] ? value * value : 0), 0)
    objectives.push(squares + settings.ridge * (frobenius(factors.left) ** 2 + frobenius(factors.right) ** 2))
  }
  return { errors, objectives }
}

describe('the claims of the paper', () => {
  const { values, known } = gappy(60, 50, 3, 0.4, 11)

  it('converges geometrically, and as well by rough fits as by exact ones', () => {
    const { errors } = runOf(values, known, 3, exact)
    const rough = runOf(values, known, 3, { ...exact, rows: 'sketch' })
    expect(errors[20]).toBeLessThan(1e-5)
    expect(errors[10]).toBeLessThan(0.2 * errors[4])
    expect(rough.errors[20]).toBeLessThan(1e-4)
  })

  it.each([0, 0.1])('never goes up on what is known: ridge %f', (ridge) => {
    const { objectives } = runOf(values, known, 3, { ...exact, ridge })
    for (let i = 1; i < objectives.length; i++) expect(objectives[i]).toBeLessThanOrEqual(objectives[i - 1] * (1 + 1e-9) + 1e-12)
  })

  it('solves a row by any sketch as exactly as it is asked to', () => {
    const a = matrix(80, 4, normals(320, 4))
    const y = matrix(1, 80, normals(80, 5))
    const all = new Uint8Array(80).fill(1)
    const whole = fitRows(y, all, a, { ...exact, tolerance: 0, near: null })
    for (let seed = 0; seed < 20; seed++) {
      const rough = fitRows(y, all, a, { ...exact, rows: 'sketch', seed, tolerance: 1e-11, near: null })
      expect(furthest(rough.data, whole.data)).toBeLessThan(1e-9)
    }
  })
})

describe('leading directions', () => {
  it('of a large matrix are those of its decomposition', () => {
    const { values } = gappy(90, 80, 5, 1, 2)
    const [quick, exactly] = [leadingDirections(values, 5, 7), firstColumns(singularValues(values).u, 5)]
    const projector = (u: Matrix) => (i: number, j: number) => {
      let sum = 0
      for (let k = 0; k < 5; k++) sum += u.data[i * 5 + k] * u.data[j * 5 + k]
      return sum
    }
    for (let i = 0; i < 90; i += 7) for (let j = 0; j < 90; j += 5) expect(projector(quick)(i, j)).toBeCloseTo(projector(exactly)(i, j), 9)
  })
})

describe('fill a regular texture', () => {
  it('finds the windows behind a hole', async () => {
    const { values, known } = facade(60, 15)
    const room = robustCompletion.make(robustCompletion.params.parse({}), {})
    const found = await outcome(room.complete({ values, known }, signal))
    const gaps = Array.from(known.keys()).filter((i) => !known[i])
    const square = gaps.reduce((sum, i) => sum + (found.values.data[i] - values.data[i]) ** 2, 0) / gaps.length
    expect(-10 * Math.log10(square)).toBeGreaterThan(30)
    expect(found.quality).toBeGreaterThan(30)
  })
})
