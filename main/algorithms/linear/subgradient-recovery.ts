import { z } from 'zod'
import { type Factors, productOf } from '../../math/factors.ts'
import { type Matrix, matrix } from '../../math/matrix.ts'
import { expectFinite } from '../../math/mix.ts'
import { paced } from '../../math/paced.ts'
import { firstColumns, productValues, singularValues } from '../../math/singular-values.ts'
import { subgradientSteps } from '../../math/subgradient.ts'
import { define, Refusal } from '../define.ts'
import type { Split, Takes } from '../low-rank.ts'
import { medianOf, replaceMarks } from './take-marks.ts'

const params = z.object({
  columns: z.int().min(1).max(32).default(4).meta({
    title: 'Changes of light',
    description: 'The most ways in which takes may differ from one another; more than are needed do no harm.',
  }),
  steps: z.int().min(1).max(10_000).default(2500).meta({ title: 'Steps', description: '1500 for a preview.' }),
  eta: z.number().gt(0).max(1).default(0.1).meta({ title: 'First step', description: 'Length of the first step.' }),
  rho: z.number().gt(0).lt(1).default(0.995).meta({ title: 'Shrinking', description: 'Each step is this share of the one before.' }),
  alpha: z.number().gt(0).max(1).default(1e-3).meta({ title: 'Start', description: 'Size of the beginning; small keeps marks out.' }),
})
type Settings = z.output<typeof params>

/** The largest singular value that the steps are made for. */
const TOP = 10
const FEWEST = 4
/** A direction below this share of the largest was not found in the data. */
const FAINT = 0.01
const UNFINISHED = 1e-3
/** Share of the pixels that may be marked on many takes. */
const CROWDED = 0.1

/**
 * Very small factors along the leading directions of sign(m - centre). Centred, because the signs of what is never negative are all
 * alike, and every column but the first would begin at nothing and stay there.
 */
export function spectralStart(m: Matrix, known: ArrayLike<number> | null, columns: number, alpha: number, centre: number): Factors {
  const sign = matrix(
    m.rows,
    m.columns,
    m.data.map((value, i) => (known && !known[i] ? 0 : Math.sign(value - centre))),
  )
  const { u, s, v } = singularValues(sign)
  const sized = (a: Matrix) => {
    const out = firstColumns(a, columns)
    return matrix(
      out.rows,
      columns,
      out.data.map((value, i) => (s[0] > 0 ? alpha * value * Math.sqrt(s[i % columns] / s[0]) : 0)),
    )
  }
  return { left: sized(u), right: sized(v) }
}

function expectTakes({ values, width, height, known }: Takes, { columns }: Settings): void {
  if (values.rows < FEWEST)
    throw new Refusal(
      'Marks cannot be told from the picture.',
      `It takes at least ${FEWEST} takes, and there are ${values.rows}.`,
      'Add more takes of the same view.',
    )
  const pixels = width * height
  if (!(pixels > 0) || values.columns % pixels !== 0)
    throw new RangeError(`${values.columns} values are no pictures of ${width} × ${height}`)
  if (known && known.length !== values.data.length) throw new RangeError(`${known.length} marks for ${values.data.length} values`)
  if (columns > Math.min(values.rows, values.columns)) throw new RangeError(`${columns} columns for ${values.rows} takes`)
  expectFinite(values.data, 'The takes')
}

/**
 * Several takes as light × picture + sparse marks: the plain sub-gradient method on Σ |F Gᵀ - M| with more columns than are needed,
 * begun very small (F, G ~ alpha). What is shared grows first, and the surplus columns, which could only fit the marks, never do,
 * although the least value of the loss lies there. Steps are eta rho^t / |S|₂; eta / (1 - rho) is what a direction can grow by, as an
 * exponent, and must exceed log(1 / alpha). A mark that is on every take is part of the picture to it; what moves is a mark.
 */
export const subgradientRecovery = define({
  id: 'subgradient-recovery',
  role: 'take-split',
  title: 'Clean from several takes',
  summary: 'Takes dust, scratches and passers-by out of several pictures of one view, even where the light changes between them.',
  paper: {
    title:
      'Global Convergence of Sub-gradient Method for Robust Matrix Recovery: Small Initialization, Noisy Measurements, and Over-parameterization',
    year: 2022,
    link: 'https://arxiv.org/abs/2202.08788',
  },
  params,
  needs: {},
  make: (settings) => ({
    async *split(takes, signal) {
      signal.throwIfAborted()
      expectTakes(takes, settings)
      const { values, known = null } = takes
      const { columns, alpha, eta, rho, steps } = settings
      const size = medianOf(values.data.map(Math.abs))
      const scale = size > 0 ? (size * Math.sqrt(values.data.length)) / TOP : 1
      const scaled = matrix(
        values.rows,
        values.columns,
        values.data.map((value) => value / scale),
      )
      const start = spectralStart(scaled, known, columns, alpha, medianOf(scaled.data))
      const work = paced(subgradientSteps(scaled, known, start, { eta, rho, steps }), signal)
      const inUnits = ({ left, right }: Factors): Factors => ({ left: { ...left, data: left.data.map((value) => value * scale) }, right })
      let factors = start
      for (let step = 1; ; step++) {
        const next = await work.next()
        if (next.done) break
        factors = next.value
        yield { step, steps, state: inUnits(factors) }
      }
      return finished(takes, inUnits(factors), settings)
    },
  }),
})

function finished(takes: Takes, factors: Factors, { rho, steps }: Settings): Split {
  const { s } = productValues(factors.left, factors.right)
  const rank = s.filter((value) => value > FAINT * s[0]).length
  const clean = productOf(factors)
  const { replaced, composite, crowded } = replaceMarks(takes, clean)
  const warnings: string[] = []
  if (rho ** steps > UNFINISHED) warnings.push('There were too few steps for how slowly they shrink: the picture is not finished.')
  if (crowded > CROWDED) warnings.push('At many places nearly half of the takes are marked: what stands there is a guess.')
  if (rank <= 1) warnings.push('The light does not change between the takes: their median is as good and quicker.')
  return { clean, rank, replaced, composite, factors, warnings }
}
