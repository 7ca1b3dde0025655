import type { Node } from '../../../math/gaussian-path.ts'
import type { Tick } from '../../../math/integrate.ts'
import type { Denoise } from '../../../math/prediction.ts'

/** What a model is measured on. */
export interface Measurement {
  /** The grid, rising from the noise to the data. */
  readonly lambdas: readonly number[]
  readonly nodeOf: (lambda: number) => Node
  /** One network for all points, or one for each, with the point's own words. */
  readonly denoise: Denoise | readonly Denoise[]
  /** Clean latents of the model's world, and as many noises; the same pairs serve all of the grid. */
  readonly x0: readonly Float64Array[]
  readonly noise: readonly Float64Array[]
  /** Vectors of ±1; their mean product is the diagonal of the Jacobian, exactly where they are orthogonal and as many as entries. */
  readonly probes: readonly Float64Array[]
  /** Step in x, as a share of its root mean square: 1e-3 in float64, 1e-2 through a network of float32. */
  readonly stepX: number
  /** Step in lambda: 1e-4 in float64, 1e-2 through a network of float32. */
  readonly stepLambda: number
  /** Values a row: as many as entries, or as channels, over whose places is averaged. */
  readonly rowLength: number
}

/** Sums over points, a row each of the grid: what a measurement that stops can go on from. */
export interface Moments {
  readonly rows: readonly Readonly<Record<Moment, Float64Array>>[]
}
const moments = ['l', 'e', 'd', 'x', 'ee', 'ex', 'xx', 'ed', 'xd'] as const
type Moment = (typeof moments)[number]

/** The statistics of one row each of the grid; `dl` is the slope of l. */
export interface Measured {
  readonly l: readonly Float64Array[]
  readonly dl: readonly Float64Array[]
  readonly s: readonly Float64Array[]
  readonly b: readonly Float64Array[]
}

/** Variance below this share of the second moment is that of rounding: a Gaussian's remainder does not vary at all. */
const FLAT = 1e-8

/** Calls it takes: for each point and row one, two for every probe, two along the flow. */
export const callsToMeasure = ({ lambdas, x0, probes }: Measurement): number => lambdas.length * x0.length * (3 + 2 * probes.length)

/**
 * Measures l, s and b of a model: l is the mean of sigma times the Jacobian's diagonal, by differences along the probes; s and b
 * are the best linear guess of how the rest changes along the flow. No gradient is needed. Yields after each row.
 * @param from the moments of a measurement that was stopped.
 * @throws the signal's reason once it is aborted; RangeError where the points do not fit.
 */
export async function* measureStatistics(
  measurement: Measurement,
  signal: AbortSignal,
  from: Moments = { rows: [] },
): AsyncGenerator<Tick<Moments>, Measured, void> {
  const { lambdas, x0, noise, denoise } = measurement
  if (x0.length === 0 || x0.length !== noise.length) throw new RangeError(`${x0.length} latents and ${noise.length} noises make no pairs.`)
  if (typeof denoise !== 'function' && denoise.length !== x0.length)
    throw new RangeError(`${denoise.length} networks do not serve ${x0.length} points.`)
  for (const [i, lambda] of lambdas.entries())
    if (i > 0 && !(lambda > lambdas[i - 1])) throw new RangeError(`The grid does not rise at ${lambda}.`)
  let state = from
  for (let row = from.rows.length; row < lambdas.length; row++) {
    state = { rows: [...state.rows, await measureRow(measurement, lambdas[row], signal)] }
    yield { step: row + 1, steps: lambdas.length, state }
  }
  return conclude(measurement, state)
}

async function measureRow(measurement: Measurement, lambda: number, signal: AbortSignal): Promise<Record<Moment, Float64Array>> {
  const { nodeOf, denoise, x0, noise, probes, stepX, stepLambda, rowLength } = measurement
  const node = nodeOf(lambda)
  const ahead = nodeOf(lambda + stepLambda)
  const behind = nodeOf(lambda - stepLambda)
  const sums = Object.fromEntries(moments.map((name) => [name, new Float64Array(rowLength)])) as Record<Moment, Float64Array>
  for (const [k, clean] of x0.entries()) {
    const network = typeof denoise === 'function' ? denoise : denoise[k]
    const ask = async (x: Float64Array, at: Node) => {
      signal.throwIfAborted()
      return (await network(x, at, signal)).eps
    }
    const entries = clean.length
    if (entries % rowLength !== 0) throw new RangeError(`Rows of ${rowLength} values do not fit ${entries} entries.`)
    const share = rowLength / entries / x0.length
    const x = clean.map((value, i) => node.alpha * value + node.sigma * noise[k][i])
    const eps = await ask(x, node)
    const h = stepX * Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / entries)
    const diagonal = new Float64Array(entries)
    for (const probe of probes) {
      const up = await ask(
        x.map((value, i) => value + h * probe[i]),
        node,
      )
      const down = await ask(
        x.map((value, i) => value - h * probe[i]),
        node,
      )
      for (let i = 0; i < entries; i++) diagonal[i] += (probe[i] * (up[i] - down[i])) / (2 * h * probes.length)
    }
    // The flow is straight in x / alpha over so short a way.
    const along = ({ alpha, sigma }: Node) =>
      x.map((value, i) => alpha * (value / node.alpha + (sigma / alpha - node.sigma / node.alpha) * eps[i]))
    const further = await ask(along(ahead), ahead)
    const before = await ask(along(behind), behind)
    for (let i = 0; i < entries; i++) {
      const g = Math.floor((i * rowLength) / entries)
      const e = eps[i]
      const d = (further[i] - before[i]) / (2 * stepLambda)
      sums.l[g] += share * node.sigma * diagonal[i]
      sums.e[g] += share * e
      sums.d[g] += share * d
      sums.x[g] += share * x[i]
      sums.ee[g] += share * e * e
      sums.ex[g] += share * e * x[i]
      sums.xx[g] += share * x[i] * x[i]
      sums.ed[g] += share * e * d
      sums.xd[g] += share * x[i] * d
    }
  }
  return sums
}

/** The slope of values over a grid: of the parabola through three points inside, of the line through two at the ends. */
function slopes(lambdas: readonly number[], values: readonly Float64Array[]): Float64Array[] {
  const last = lambdas.length - 1
  const line = (i: number, j: number) => values[i].map((value, g) => (values[j][g] - value) / (lambdas[j] - lambdas[i]))
  return values.map((row, i) => {
    if (last === 0) return row.map(() => 0)
    if (i === 0) return line(0, 1)
    if (i === last) return line(last - 1, last)
    const [before, after] = [lambdas[i] - lambdas[i - 1], lambdas[i + 1] - lambdas[i]]
    const [left, right] = [line(i - 1, i), line(i, i + 1)]
    return row.map((_, g) => (after * left[g] + before * right[g]) / (before + after))
  })
}

/**
 * With f = (sigma eps - l x) / alpha and its slope f' = e^-lambda ((l - 1) eps + eps') - l' x / alpha along the flow, s is the
 * regression of f' on f and b its intercept: all told by the moments of eps, eps' and x.
 */
function conclude({ lambdas, nodeOf }: Measurement, { rows }: Moments): Measured {
  const l = rows.map((row) => row.l)
  const dl = slopes(lambdas, l)
  const s: Float64Array[] = []
  const b: Float64Array[] = []
  for (const [i, row] of rows.entries()) {
    const { alpha, sigma } = nodeOf(lambdas[i])
    const ratio = sigma / alpha
    const slope = row.l.map(() => 0)
    const intercept = row.l.map(() => 0)
    for (let g = 0; g < slope.length; g++) {
      // f = A eps + B x and f' = C eps + A eps' + D x.
      const [A, B, C, D] = [ratio, -row.l[g] / alpha, ratio * (row.l[g] - 1), -dl[i][g] / alpha]
      const f = A * row.e[g] + B * row.x[g]
      const ff = A * A * row.ee[g] + 2 * A * B * row.ex[g] + B * B * row.xx[g]
      const f1 = C * row.e[g] + A * row.d[g] + D * row.x[g]
      const ff1 = A * C * row.ee[g] + A * A * row.ed[g] + A * D * row.ex[g] + B * C * row.ex[g] + A * B * row.xd[g] + B * D * row.xx[g]
      const variance = ff - f * f
      slope[g] = variance <= FLAT * ff ? 0 : (ff1 - f * f1) / variance
      intercept[g] = f1 - slope[g] * f
    }
    s.push(slope)
    b.push(intercept)
  }
  return { l, dl, s, b }
}
