import { matrix } from './matrix.ts'
import { type Jet, rippleJet } from './plane-jet.ts'
import { solvePositive } from './positive-system.ts'
import { applied, type Functional, LOSS, type SeamTerm, seamTerms } from './seam-terms.ts'

/** tanh(a (x - cx) + b (y - cy)): fixed, so that a cell is a sum of them and a constant. */
export type Ripple = readonly [a: number, b: number, cx: number, cy: number]
export type Place = readonly [x: number, y: number]

/** A cell: what it is made of, the colours on its border, and places inside where u_xx + u_yy = f. */
export interface FillCell {
  readonly ripples: readonly Ripple[]
  readonly border: readonly Place[]
  readonly colours: readonly number[]
  readonly inside: readonly Place[]
}

const RIDGE = 1e-10

const jetsAt = (ripples: readonly Ripple[], [x, y]: Place): Jet[] => ripples.map((ripple) => rippleJet(ripple, x, y))
const constant: Jet = { u: 1, ux: 0, uy: 0, uxx: 0, uxy: 0, uyy: 0, uxxx: 0, uxxy: 0, uxyy: 0, uyyy: 0 }

/** Colours spread smoothly over two cells, as weights of their ripples; the last of each is its constant. */
export interface Fill {
  readonly cells: readonly [FillCell, FillCell]
  readonly weights: readonly [Float64Array, Float64Array]
}

/**
 * Fills two cells that meet along a line of equal y. All that is wanted is linear in the weights: one least square.
 * @throws RangeError where the wishes cannot be told apart.
 */
export function fillCells(
  cells: readonly [FillCell, FillCell],
  seam: readonly Place[],
  terms: readonly SeamTerm[],
  f: (place: Place) => number,
): Fill {
  const sizes = cells.map(({ ripples }) => ripples.length + 1)
  const n = sizes[0] + sizes[1]
  const gram = matrix(n, n)
  const right = new Float64Array(n)
  const row = new Float64Array(n)
  const put = (cell: number, functional: Functional, jets: readonly Jet[]) => {
    const from = cell * sizes[0]
    for (const [i, jet] of jets.entries()) row[from + i] = applied(functional, jet)
    row[from + jets.length] = applied(functional, constant)
  }
  const add = (weight: number, wanted: number) => {
    for (let i = 0; i < n; i++) {
      if (row[i] === 0) continue
      right[i] += weight * wanted * row[i]
      for (let j = 0; j < n; j++) gram.data[i * n + j] += weight * row[i] * row[j]
    }
  }
  for (const [c, { ripples, border, colours, inside }] of cells.entries()) {
    for (const [i, place] of border.entries()) {
      row.fill(0)
      put(c, { u: 1 }, jetsAt(ripples, place))
      add(LOSS.border / border.length, colours[i])
    }
    for (const place of inside) {
      row.fill(0)
      put(c, { uxx: 1, uyy: 1 }, jetsAt(ripples, place))
      add(LOSS.inside / inside.length, f(place))
    }
  }
  for (const place of seam) {
    const jets = cells.map(({ ripples }) => jetsAt(ripples, place))
    for (const { one, two, source } of terms.flatMap((term) => [...seamTerms[term]])) {
      put(0, one, jets[0])
      put(1, two, jets[1])
      add(LOSS.seam / seam.length, -source * f(place))
    }
  }
  let trace = 0
  for (let i = 0; i < n; i++) trace += gram.data[i * n + i]
  // Far ends of the ripples look alike: the ridge grows until they can be told apart.
  for (let ridge = RIDGE; ridge < 1; ridge *= 10) {
    const held = matrix(n, n, gram.data.slice())
    for (let i = 0; i < n; i++) held.data[i * n + i] += (ridge * trace) / n
    try {
      const weights = solvePositive(held, right)
      return { cells, weights: [weights.subarray(0, sizes[0]), weights.subarray(sizes[0])] }
    } catch {}
  }
  throw new RangeError('What is wanted of the cells cannot be told apart.')
}

/** The colour of a cell at a place: any zoom. */
export const filledAt = ({ cells, weights }: Fill, cell: 0 | 1, place: Place): number =>
  jetsAt(cells[cell].ripples, place).reduce((sum, { u }, i) => sum + weights[cell][i] * u, weights[cell][weights[cell].length - 1])
