import type { Jet, JetPart } from './plane-jet.ts'

/** Which parts of a jet are summed, by their factors. */
export type Functional = Readonly<Partial<Record<JetPart, number>>>

/** Something that should vanish on a seam between two cells: of one, of the other, and of the source f. */
export interface SeamPart {
  readonly one: Functional
  readonly two: Functional
  readonly source: number
}

const none: Functional = {}
/** u_xx + u_yy, and how it changes along either axis. */
const bend: Functional = { uxx: 1, uyy: 1 }
const bendX: Functional = { uxxx: 1, uxyy: 1 }
const bendY: Functional = { uxxy: 1, uyyy: 1 }
const minus = (functional: Functional): Functional =>
  Object.fromEntries(Object.entries(functional).map(([part, factor]) => [part, -factor]))
const same = (functional: Functional): readonly SeamPart[] => [{ one: functional, two: minus(functional), source: 0 }]
const each = (functional: Functional, source: number): readonly SeamPart[] => [
  { one: functional, two: none, source },
  { one: none, two: functional, source },
]

/** Conditions a seam can be put under, in the order of their switches. The seam runs along x. */
export const seamTerms = {
  u: same({ u: 1 }),
  uavg: [
    { one: { u: 0.5 }, two: { u: -0.5 }, source: 0 },
    { one: { u: -0.5 }, two: { u: 0.5 }, source: 0 },
  ],
  res: each(bend, -1),
  res_cont: same(bend),
  flux: same({ uy: 1 }),
  uyy: same({ uyy: 1 }),
  gres: [...each(bendX, 0), ...each(bendY, 0)],
  ux: same({ ux: 1 }),
  uxx: same({ uxx: 1 }),
} satisfies Readonly<Record<string, readonly SeamPart[]>>
export type SeamTerm = keyof typeof seamTerms
export const seamNames = Object.keys(seamTerms) as readonly SeamTerm[]

/** How much the border, the inside and the seam count. */
export const LOSS = { border: 20, inside: 1, seam: 5 }

/** A functional of a value and its slopes: the weighted sum at one place. */
export const applied = (functional: Functional, jet: Jet): number => {
  let sum = 0
  for (const part in functional) sum += (functional[part as JetPart] ?? 0) * jet[part as JetPart]
  return sum
}

const meanSquare = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0) / values.length

/** How badly a seam meets a condition: the sum of the mean squares of its parts. `f` is the source at each place. */
export const seamLoss = (term: SeamTerm, one: readonly Jet[], two: readonly Jet[], f: readonly number[]): number =>
  seamTerms[term].reduce(
    (sum, part) => sum + meanSquare(one.map((jet, i) => applied(part.one, jet) + applied(part.two, two[i]) + part.source * f[i])),
    0,
  )

/** How badly a cell meets its border's colours. */
export const borderLoss = (jets: readonly Jet[], values: readonly number[]): number => meanSquare(jets.map(({ u }, i) => u - values[i]))

/** How badly a cell meets u_xx + u_yy = f inside. */
export const insideLoss = (jets: readonly Jet[], f: readonly number[]): number =>
  meanSquare(jets.map((jet, i) => applied(bend, jet) - f[i]))
