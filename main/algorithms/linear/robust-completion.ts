import { z } from 'zod'
import { alternateCompletion, completionStart } from '../../math/alternating-completion.ts'
import { productOf } from '../../math/factors.ts'
import type { Tick } from '../../math/integrate.ts'
import { type Matrix, matrix } from '../../math/matrix.ts'
import { paced } from '../../math/paced.ts'
import { define, Refusal } from '../define.ts'
import type { Completed, Incomplete } from '../low-rank.ts'
import { emptyLine, plainQuality, qualityOf, trialOf } from './completion-trial.ts'

const params = z.object({
  choose: z.boolean().default(true).meta({
    title: 'Choose by trial',
    description: 'Hides some of what is known and takes the detail and the smoothing that find it again best.',
  }),
  columns: z.int().min(1).max(200).default(10).meta({ title: 'Detail', description: 'How many patterns the rows are put together of.' }),
  ridge: z.number().min(0).max(100).default(0.1).meta({ title: 'Smoothing', description: 'Keeps what is hardly known from running wild.' }),
  rounds: z.int().min(1).max(200).default(20).meta({ title: 'Rounds', description: 'How often both sides are fitted.' }),
  rows: z.enum(['exact', 'sketch']).default('exact').meta({
    title: 'Fitting',
    description: 'sketch is quicker where there are many patterns, and comes to the same.',
  }),
  seed: z.int().min(0).default(0).meta({ title: 'Seed', description: 'Of what is hidden and of the sketches.' }),
})
type Settings = z.output<typeof params>

const COLUMNS = [4, 10, 20, 40]
const RIDGES = [0.01, 0.1, 1]
/** Decibels by which the best of several trials may be better without being so. */
const LUCK = 1

function expectIncomplete({ values, known, channels = 1 }: Incomplete, { columns, ridge }: Settings): void {
  if (known.length !== values.data.length) throw new RangeError(`${known.length} marks for ${values.data.length} values`)
  if (values.columns % channels !== 0) throw new RangeError(`${values.columns} columns are no ${channels} pictures side by side`)
  if (columns >= Math.min(values.rows, values.columns))
    throw new RangeError(`${columns} columns for ${values.rows} × ${values.columns} values`)
  for (let i = 0; i < known.length; i++)
    if (known[i] && !Number.isFinite(values.data[i])) throw new RangeError(`The matrix holds ${values.data[i]} at place ${i}.`)
  const empty = emptyLine(known, values.rows, values.columns)
  if (empty)
    throw new Refusal(
      'The texture cannot be filled.',
      `Nothing is known of ${empty.kind}s ${empty.from} to ${empty.to}: the hole crosses the whole of the crop.`,
      'Make the crop larger than the hole to all sides.',
    )
  if (ridge > 0) return
  for (let line = 0; line < values.rows + values.columns; line++) {
    const isRow = line < values.rows
    let count = 0
    for (let i = 0; i < (isRow ? values.columns : values.rows); i++)
      count += known[isRow ? line * values.columns + i : i * values.columns + line - values.rows]
    if (count < columns) throw new RangeError(`A line of ${count} known values does not fix ${columns} without smoothing.`)
  }
}

/** One run, about the mean of what is known. */
async function* run(
  { values, known }: Incomplete,
  settings: Pick<Settings, 'columns' | 'ridge' | 'rounds' | 'rows' | 'seed'>,
  signal: AbortSignal,
): AsyncGenerator<Matrix, Matrix, void> {
  const { columns, ridge, seed } = settings
  let [sum, count] = [0, 0]
  for (let i = 0; i < known.length; i++)
    if (known[i]) {
      sum += values.data[i]
      count++
    }
  const mean = ridge > 0 ? sum / count : 0
  const shift = (data: Float64Array, by: number) =>
    matrix(
      values.rows,
      values.columns,
      data.map((value) => value + by),
    )
  const centred = shift(values.data, -mean)
  let found = centred
  for await (const factors of paced(
    alternateCompletion(centred, known, completionStart(centred, known, columns, seed), settings),
    signal,
  )) {
    found = shift(productOf(factors).data, mean)
    yield found
  }
  return found
}

/**
 * What is regular has few patterns: M ≈ U Vᵀ, U and V fitted in turn to what is known of M, from the leading directions of it. The fits
 * may be rough as long as they get better with the progress, so each is solved by a random sketch and a few steps of conjugate gradients.
 * With a ridge, detail that is not there does no harm. A trial on hidden values says whether the picture is regular enough at all.
 */
export const robustCompletion = define({
  id: 'robust-completion',
  role: 'completion',
  title: 'Fill a regular texture',
  summary: 'Fills holes in facades, fabrics, tiles and lined pages, and pictures with many scattered gaps, and says where it does not fit.',
  paper: {
    title: 'Low Rank Matrix Completion via Robust Alternating Minimization in Nearly Linear Time',
    year: 2023,
    link: 'https://arxiv.org/abs/2302.11068',
  },
  params,
  needs: {},
  make: (settings) => ({
    async *complete(incomplete, signal): AsyncGenerator<Tick<Matrix>, Completed, void> {
      signal.throwIfAborted()
      const { values, known } = incomplete
      const smaller = Math.min(values.rows, values.columns)
      const grid = settings.choose
        ? COLUMNS.filter((columns) => columns < smaller / 2).flatMap((columns) => RIDGES.map((ridge) => ({ columns, ridge })))
        : []
      const own = { columns: settings.columns, ridge: settings.ridge }
      expectIncomplete(incomplete, { ...settings, ...(grid[0] ?? own) })
      const trial = trialOf(incomplete, settings.seed)
      const isTried = grid.length > 0 && trial.hidden.length > 0
      if (!isTried) expectIncomplete(incomplete, settings)
      const candidates = isTried ? grid : [own]
      const steps = (trial.hidden.length ? candidates.length + 1 : 1) * settings.rounds
      let step = 0
      let best = { ...candidates[0], quality: Number.NEGATIVE_INFINITY }
      if (trial.hidden.length)
        for (const candidate of candidates) {
          let state = values
          for await (state of run({ ...incomplete, known: trial.known }, { ...settings, ...candidate }, signal))
            yield { step: ++step, steps, state }
          const quality = qualityOf(state.data, values.data, trial.hidden)
          if (quality > best.quality) best = { ...candidate, quality }
        }
      let product = values
      for await (product of run(incomplete, { ...settings, ...best }, signal)) yield { step: ++step, steps, state: product }
      const filled = matrix(
        values.rows,
        values.columns,
        values.data.map((value, i) => (known[i] ? value : product.data[i])),
      )
      const quality = trial.hidden.length ? best.quality : null
      const isFit = quality === null || quality > plainQuality(incomplete, trial) + LUCK
      const warning = isFit ? null : 'This region is not regular enough: a plain fill finds hidden parts of it as well.'
      return { values: filled, product, rank: best.columns, ridge: best.ridge, quality, warning }
    },
  }),
})
