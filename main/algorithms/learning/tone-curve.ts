import { dotOf } from '../../math/conjugate-gradient.ts'
import { nearestWithin } from '../../math/dykstra.ts'
import { type Matrix, matrix } from '../../math/matrix.ts'
import { mix } from '../../math/mix.ts'
import type { BilevelProblem, Block } from '../bilevel.ts'
import { Refusal } from '../define.ts'

/** Knots of a curve, evenly from black to white. */
export const KNOTS = 16
/** Strength of equalising, black point, least slope: from nothing to these. */
const MOST = [1, 0.3, 0.8] as const
const SMOOTH = 0.1

const identityKnots = Float64Array.from({ length: KNOTS }, (_, k) => k / (KNOTS - 1))

/** The curve that is aimed at: between what is there and what would use every tone alike. */
const aim = (x: Float64Array, cdf: Float64Array) => mix([1 - x[0], identityKnots], [x[0], cdf])

/** D2ᵀ D2 y, of second differences. */
function bend(y: Float64Array): Float64Array {
  const out = new Float64Array(y.length)
  for (let k = 1; k < y.length - 1; k++) {
    const second = y[k - 1] - 2 * y[k] + y[k + 1]
    out[k - 1] += second
    out[k] -= 2 * second
    out[k + 1] += second
  }
  return out
}

/** Rows a · (x, y) <= b, each of length 1: no step falls below the least slope, black is above its point, white is not passed. */
function rules(): { readonly a: Matrix; readonly b: Float64Array } {
  const size = MOST.length + KNOTS
  const rows: number[][] = []
  const limits: number[] = []
  const rule = (entries: readonly (readonly [place: number, factor: number])[], limit: number) => {
    const length = Math.hypot(...entries.map(([, factor]) => factor))
    const row = new Array<number>(size).fill(0)
    for (const [place, factor] of entries) row[place] = factor / length
    rows.push(row)
    limits.push(limit / length)
  }
  const knot = (k: number) => MOST.length + k
  for (let k = 0; k < KNOTS - 1; k++)
    rule(
      [
        [knot(k), 1],
        [knot(k + 1), -1],
        [2, 1 / (KNOTS - 1)],
      ],
      0,
    )
  rule(
    [
      [1, 1],
      [knot(0), -1],
    ],
    0,
  )
  rule([[knot(KNOTS - 1), 1]], 1)
  return { a: matrix(rows.length, size, Float64Array.from(rows.flat())), b: Float64Array.from(limits) }
}

/** The rules, and the box of the settings below them. */
function allowed({ a, b }: ReturnType<typeof rules>): { readonly a: Matrix; readonly b: Float64Array } {
  const box = MOST.flatMap((most, i) =>
    [1, -1].map((sign) => ({ row: Array.from({ length: a.columns }, (_, k) => (k === i ? sign : 0)), limit: sign > 0 ? most : 0 })),
  )
  return {
    a: matrix(a.rows + box.length, a.columns, Float64Array.from([...a.data, ...box.flatMap(({ row }) => row)])),
    b: Float64Array.from([...b, ...box.map(({ limit }) => limit)]),
  }
}

/**
 * Match tone, safely: settings x = (strength of equalising, black point, least slope), answers y the knots of the curve they make, which
 * is monotone whatever is learned. @param cdf share of the picture darker than each knot. @param wanted the curve an example shows.
 * @throws RangeError where either is not of 16 finite numbers.
 */
export function toneCurveProblem(cdf: Float64Array, wanted: Float64Array): BilevelProblem {
  for (const curve of [cdf, wanted])
    if (curve.length !== KNOTS || !curve.every(Number.isFinite)) throw new RangeError(`A curve is ${KNOTS} finite numbers.`)
  const ruled = rules()
  const limits = allowed(ruled)
  const { a, b } = ruled
  const along = mix([1, cdf], [-1, identityKnots])
  const block: Block = {
    size: KNOTS,
    start: identityKnots,
    upper: (_, y) => 0.5 * y.reduce((sum, value, k) => sum + (value - wanted[k]) ** 2, 0),
    upperInX: (x) => new Float64Array(x.length),
    upperInY: (_, y) => mix([1, y], [-1, wanted]),
    lower(x, y) {
      const off = mix([1, y], [-1, aim(x, cdf)])
      return 0.5 * (dotOf(off, off) + SMOOTH * dotOf(y, bend(y)))
    },
    lowerInX(x, y) {
      const off = mix([1, y], [-1, aim(x, cdf)])
      return Float64Array.of(-dotOf(off, along), 0, 0)
    },
    lowerInY: (x, y) => mix([1, y], [-1, aim(x, cdf)], [SMOOTH, bend(y)]),
    smoothness: () => 1 + 16 * SMOOTH,
    constraints: {
      kind: 'inequality',
      value: (x, y) =>
        Float64Array.from({ length: a.rows }, (_, j) => {
          const row = a.data.subarray(j * a.columns, (j + 1) * a.columns)
          return row.reduce((sum, factor, i) => sum + factor * (i < x.length ? x[i] : y[i - x.length]), -b[j])
        }),
      pull(x, y, multipliers) {
        const all = new Float64Array(a.columns)
        for (const [j, multiplier] of multipliers.entries())
          for (let i = 0; i < a.columns; i++) all[i] += multiplier * a.data[j * a.columns + i]
        return { x: all.slice(0, x.length), y: all.slice(x.length, x.length + y.length) }
      },
    },
  }
  const within = (x: Float64Array, y: Float64Array) => {
    const { point, excess } = nearestWithin(limits.a, limits.b, Float64Array.from([...x, ...y]))
    if (excess > 1e-6)
      throw new Refusal(
        'The curve cannot be fitted.',
        'What it must keep to cannot all hold at once.',
        'Lower the black point or the least slope.',
      )
    return point
  }
  return {
    size: MOST.length,
    blocks: [block],
    project: (x) => x.map((value, i) => Math.min(MOST[i], Math.max(0, value))),
    projectJoint(x, [y]) {
      const point = within(x, y)
      return { x: point.slice(0, x.length), y: [point.slice(x.length)] }
    },
  }
}
