/**
 * Empirical statistics of one model at one guidance, per entry of its latent (DPM-Solver-v3): l, s and b on a grid uniform in
 * lambda, row 0 at the noise, row `count` at the data. A row holds one value an entry, or one a channel, which then serves the
 * channel's every place.
 */
export interface ModelStatistics {
  /** Number of intervals; there are so many rows and one more. */
  readonly count: number
  /** lambda of row 0 and of the last row. */
  readonly lambdaNoise: number
  readonly lambdaData: number
  readonly l: readonly Float64Array[]
  readonly s: readonly Float64Array[]
  readonly b: readonly Float64Array[]
}

/** lambda of a row. */
export const lambdaOfRow = ({ count, lambdaNoise, lambdaData }: ModelStatistics, row: number): number =>
  lambdaNoise + ((lambdaData - lambdaNoise) * row) / count

/** @throws RangeError where rows are missing, of different length, or hold what is not finite. */
export function expectStatistics(statistics: ModelStatistics): void {
  for (const name of ['l', 's', 'b'] as const) {
    const rows = statistics[name]
    if (rows.length !== statistics.count + 1) throw new RangeError(`${name} has ${rows.length} rows instead of ${statistics.count + 1}.`)
    for (const [i, row] of rows.entries()) {
      if (row.length !== statistics.l[0].length) throw new RangeError(`Row ${i} of ${name} has ${row.length} values.`)
      if (!row.every(Number.isFinite)) throw new RangeError(`Row ${i} of ${name} holds what is not finite.`)
    }
  }
}
