import { z } from 'zod'
import { type Matrix, matrix } from '../../math/matrix.ts'
import { advance, type Noise, noiseOf, uniformsInto } from '../../math/random.ts'
import { columnBasis, cutFor, keepChances, leverages, lewisWeights, sensitivityOf } from '../../math/sensitivity.ts'
import { define } from '../define.ts'
import type { RowSample } from '../transport.ts'

const params = z.object({
  p: z.number().min(1).max(16).default(1).meta({
    title: 'Power',
    description: 'What is kept true: sums of residuals (1, robust), of their squares (2), or of higher powers.',
  }),
  score: z.enum(['automatic', 'exact', 'lewis', 'leverage', 'root-leverage', 'mixed']).default('automatic').meta({
    title: 'Score',
    description: 'What tells how much a row matters. Exact scores are dear, and are found for some thousands of rows at most.',
  }),
})
type Settings = z.output<typeof params>
type Score = Exclude<Settings['score'], 'automatic'> | 'scaled-lewis'

/** Rows whose exact scores are found; of more, so many are drawn first. */
const MOST_EXACT = 2000

/** The score of the studio's choice: it bounds the sensitivity and is cheap. */
function choice({ p, score }: Settings): Score {
  if (score !== 'automatic') return score
  if (p < 2) return 'lewis'
  if (p === 2) return 'leverage'
  return p < 4 ? 'scaled-lewis' : 'mixed'
}

/** The scores of the rows of a basis. */
export function scoresOf(basis: Matrix, p: number, score: Score): Float64Array {
  const exact = () => Float64Array.from({ length: basis.rows }, (_, i) => sensitivityOf(basis, i, p))
  const levels = leverages(basis)
  if (score === 'leverage') return levels
  if (score === 'root-leverage') return levels.map((value) => value ** (p / 2))
  if (score === 'exact') return exact()
  if (score === 'lewis') return lewisWeights(basis, p)
  if (score === 'mixed') return exact().map((value, i) => value + levels[i])
  const scale = basis.columns ** (p / 2 - 1)
  return lewisWeights(basis, p).map((weight, i) => Math.max(Math.min(1, scale * weight), levels[i]))
}

/** Keeps each row by its own coin: row i where `coins[i]` falls below its chance. */
export function keepRows(chances: Float64Array, coins: Float64Array): RowSample {
  const kept = [...chances.keys()].filter((i) => coins[i] < chances[i])
  return { rows: Int32Array.from(kept), weights: Float64Array.from(kept, (i) => 1 / chances[i]) }
}

function draw(scores: Float64Array, size: number, noise: Noise): RowSample {
  const coins = new Float64Array(scores.length)
  uniformsInto(coins, noise)
  return keepRows(keepChances(scores, cutFor(scores, size)), coins)
}

/** Rows picked out of a matrix, each times weight^(1/p), so that sums of p-th powers are theirs. */
export function pickedRows({ columns, data }: Matrix, { rows, weights }: RowSample, p: number): Matrix {
  const out = matrix(rows.length, columns)
  for (const [k, i] of rows.entries())
    for (let j = 0; j < columns; j++) out.data[k * columns + j] = data[i * columns + j] * weights[k] ** (1 / p)
  return out
}

function sample(given: Matrix, size: number, seed: number, settings: Settings): RowSample {
  const basis = columnBasis(given)
  if (!(size >= basis.columns)) throw new RangeError(`${size} rows cannot stand for ${basis.columns} independent columns.`)
  const score = choice(settings)
  const noise = noiseOf(seed)
  const isDear = (score === 'exact' || score === 'mixed') && settings.p !== 2
  if (!isDear || given.rows <= MOST_EXACT) return draw(scoresOf(basis, settings.p, score), size, noise)
  const first = draw(leverages(basis), Math.max(MOST_EXACT, size), noise)
  const rough = columnBasis(pickedRows(given, first, settings.p))
  const second = draw(scoresOf(rough, settings.p, score), size, advance(noise, given.rows))
  return {
    rows: Int32Array.from(second.rows, (k) => first.rows[k]),
    weights: second.weights.map((weight, k) => weight * first.weights[second.rows[k]]),
  }
}

/**
 * A few weighted rows that stand for all: row i is kept with chance q = min(1, score / alpha) and weighs 1 / q, so that Σ |Sax|^p is
 * Σ |ax|^p on average for every x, and close to it for all x at once where the score bounds the sensitivity, the most that a row can be
 * of all. Lewis weights do for p < 2, leverage for 2; above, a mix of them. A row that alone carries a direction is always kept.
 */
export const sensitivitySampling = define({
  id: 'sensitivity-sampling',
  role: 'row-sampler',
  title: 'Telling few',
  summary: 'Picks a few weighted pixels or splats that stand for all of them.',
  paper: { title: 'Sharper Bounds for ℓp Sensitivity Sampling', year: 2023, link: 'https://arxiv.org/abs/2306.00732' },
  params,
  needs: {},
  make: (settings) => ({ sample: (rows, size, seed) => sample(rows, size, seed, settings) }),
})
