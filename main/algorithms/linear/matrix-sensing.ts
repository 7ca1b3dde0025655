import { z } from 'zod'
import { descend, unbalanced, weakestScale } from '../../math/factor-descent.ts'
import type { Factors } from '../../math/factors.ts'
import { matrix } from '../../math/matrix.ts'
import { paced } from '../../math/paced.ts'
import { noiseOf, normalsInto } from '../../math/random.ts'
import { define } from '../define.ts'
import type { Sensed, Sensing } from '../low-rank.ts'

const params = z.object({
  columns: z.int().min(1).max(200).default(6).meta({ title: 'Columns', description: 'A guess of the rank and a few to spare.' }),
  eta: z.number().gt(0).max(1).default(0.1).meta({ title: 'Step size', description: 'At a matrix whose greatest value is about 1.' }),
  alpha: z.number().gt(0).lt(1).default(0.2).meta({ title: 'Start', description: 'Scale of the random beginning: 0.1 to 0.5.' }),
  rescale: z
    .boolean()
    .default(true)
    .meta({ title: 'Rescale', description: 'Gives the factors different scales once, where it has become slow.' }),
  tolerance: z.number().min(0).default(1e-24).meta({
    title: 'Tolerance',
    description: 'Ends at this loss: the level of the noise where there is some, as columns to spare fit noise.',
  }),
  steps: z.int().min(1).max(100_000).default(3000).meta({ title: 'Most steps' }),
  seed: z.int().min(0).default(0).meta({ title: 'Seed', description: 'Of the beginning.' }),
})
type Settings = z.output<typeof params>

/** G begins at this share of F's scale: what is kept of the difference is what makes the descent quick. */
const IMBALANCE = 1 / 3
/** Slow is: near the answer, and in so many steps by less than ten times nearer. */
const NEAR = 0.01
const WINDOW = 50
const SLOW = 0.1
/** The rescaling is taken back where the loss doubles within so many steps. */
const PROBATION = 10

function startOf({ rows, columns }: Sensing, { columns: k, alpha, seed }: Settings): Factors {
  const normals = new Float64Array((rows + columns) * k)
  normalsInto(normals, noiseOf(seed))
  const scaled = (values: Float64Array, scale: number) => values.map((value) => value * scale)
  return {
    left: matrix(rows, k, scaled(normals.slice(0, rows * k), alpha / Math.sqrt(rows))),
    right: matrix(columns, k, scaled(normals.slice(rows * k), (alpha * IMBALANCE) / Math.sqrt(columns))),
  }
}

/** Has the descent become slow, near the answer? It needs to know neither the matrix nor its rank. */
export function isSlow(losses: readonly number[]): boolean {
  const at = losses.length - 1
  return at >= WINDOW && losses[at] < NEAR * losses[0] && losses[at] > SLOW * losses[at - WINDOW]
}

function* sensing({ residual }: Sensing, start: Factors, settings: Settings): Generator<Factors, Sensed, void> {
  const losses: number[] = []
  let factors = start
  let rescaledAt: number | null = null
  let before: { readonly factors: Factors; readonly loss: number } | null = null
  let mayRescale = settings.rescale
  for (let step = 0; step < settings.steps; step++) {
    const { next, loss } = descend(factors, residual, settings.eta)
    losses.push(loss)
    if (loss <= settings.tolerance) return { factors, losses, rescaledAt, status: 'converged' }
    if (before && rescaledAt !== null && step <= rescaledAt + PROBATION && !(loss <= 2 * before.loss)) {
      factors = before.factors
      losses.splice(rescaledAt)
      ;[before, rescaledAt] = [null, null]
      continue
    }
    factors = next
    if (mayRescale && isSlow(losses)) {
      before = { factors: next, loss }
      factors = unbalanced(next, weakestScale(next))
      rescaledAt = losses.length
      mayRescale = false
    }
    yield factors
  }
  return { factors, losses, rescaledAt, status: 'limit' }
}

/**
 * Gradient descent on F Gᵀ where the rank is not known and the factors have columns to spare. Equal factors (Z Zᵀ, or F and G of one
 * scale) then crawl; of different scale they converge at a rate that grows with the scale of the beginning. Once near the answer, F = A S Bᵀ
 * becomes beta A and G becomes G B diag(S / beta): the product is the same, and the rate depends on the beginning no longer.
 */
export const matrixSensing = define({
  id: 'matrix-sensing',
  role: 'matrix-sensing',
  title: 'Low rank from measurements',
  summary: 'Finds what is regular without being told how regular, in hundreds of steps instead of many thousands.',
  paper: {
    title: 'How Over-Parameterization Slows Down Gradient Descent in Matrix Sensing: The Curses of Symmetry and Initialization',
    year: 2023,
    link: 'https://arxiv.org/abs/2310.01769',
  },
  params,
  needs: {},
  make: (settings) => ({
    async *sense(measured, signal) {
      signal.throwIfAborted()
      const { rows, columns, residual } = measured
      if (settings.columns > Math.min(rows, columns)) throw new RangeError(`${settings.columns} columns for ${rows} × ${columns} values`)
      const first = residual(matrix(rows, columns))
      if (first.rows !== rows || first.columns !== columns) throw new RangeError(`Residuals of ${first.rows} × ${first.columns} values`)
      const size = first.data.reduce((sum, value) => sum + Math.abs(value), 0)
      if (!(size > 0 && Number.isFinite(size))) throw new RangeError('The measurements are nothing, or no numbers.')
      const run = paced(sensing(measured, startOf(measured, settings), settings), signal)
      for (let step = 1; ; step++) {
        const next = await run.next()
        if (next.done) return next.value
        yield { step, steps: settings.steps, state: next.value }
      }
    },
  }),
})
