import { measureStatistics } from '../../../main/algorithms/diffusion/solvers/dpm-solver-v3-statistics.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'
import { assume, type FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { signal } from './diffusion-world.ts'

/** Sign vectors whose mean product is the identity: rows of a Hadamard matrix, cut to the entries. */
function hadamard(entries: number): Float64Array[] {
  let size = 1
  while (size < entries) size *= 2
  const sign = (i: number, j: number) => {
    let bits = i & j
    let odd = 0
    for (; bits; bits &= bits - 1) odd ^= 1
    return odd ? -1 : 1
  }
  return Array.from({ length: size }, (_, i) => Float64Array.from({ length: entries }, (_, j) => sign(i, j)))
}

/** Measuring a model's statistics by finite differences. */
export const dpmSolverV3Ems: FileAdapter = {
  name: 'dpm-solver-v3-ems',
  async check(file) {
    const rows = (list: number[][]) => list.map((row) => Float64Array.from(row))
    const entries = file.x0[0].length
    assume(file.settings, { K: file.x0.length })
    const { h_x: stepX, h_lambda: stepLambda } = file.settings.finite_difference_check
    const measured = await outcome(
      measureStatistics(
        {
          lambdas: file.lambda,
          nodeOf: (lambda) => {
            const alpha = 1 / Math.sqrt(1 + Math.exp(-2 * lambda))
            return { t: lambda, alpha, sigma: Math.exp(-lambda) * alpha }
          },
          denoise: mixtureDenoiser(file.mixture).denoise,
          x0: rows(file.x0),
          noise: rows(file.noise),
          probes: hadamard(entries),
          stepX,
          stepLambda,
          rowLength: entries,
        },
        signal,
      ),
    )
    return differences(measured, file.expected, (path) => file.tolerance[path] ?? 0)
  },
}
