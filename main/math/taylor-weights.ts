import { factorial } from './phi.ts'
import { solveSmall } from './small-system.ts'

/**
 * Derivatives at a base from values at points: F^(k) = sum over m of weights[k - 1][m] F_m, the base being place 0. Exact for
 * polynomials of as many degrees as there are points.
 * @param away distances of the points from the base, all different and not 0.
 * @param count how many derivatives, at most as many as points.
 */
export function taylorWeights(away: readonly number[], count = away.length): number[][] {
  if (count > away.length) throw new RangeError(`${away.length} points do not tell ${count} derivatives.`)
  const matrix = away.map((_, i) => away.map((d) => d ** (i + 1) / factorial(i + 1)))
  return Array.from({ length: count }, (_, k) => {
    const weights = solveSmall(
      matrix,
      away.map((_, i) => Number(i === k)),
    )
    return [-weights.reduce((a, b) => a + b, 0), ...weights]
  })
}

/**
 * Derivatives by divided differences over the nearest points: derivative k uses the base and the first k points only. With fewer
 * digits to lose than `taylorWeights`, and one order less for all but the highest.
 */
export function dividedWeights(away: readonly number[]): number[][] {
  const at = [0, ...away]
  const size = at.length
  // Row m of `table` holds the weights of the current difference that begins at point m.
  let table = at.map((_, m) => at.map((_, j) => Number(j === m)))
  const weights: number[][] = []
  for (let q = 1; q < size; q++) {
    table = table.slice(0, size - q).map((row, m) => row.map((value, j) => (value - table[m + 1][j]) / (at[m] - at[m + q])))
    weights.push(table[0].map((value) => factorial(q) * value))
  }
  return weights
}
