import { afterLoss, armOf, noLosses, tsallisProbabilities } from '../../../main/math/bandit.ts'
import { chebyshevFeatures, inverseGapProbabilities } from '../../../main/math/chebyshev-bandit.ts'
import { bestRelaxation, overRelaxation, symmetricRelaxation } from '../../../main/math/over-relaxation.ts'
import { applyPoisson, type PoissonGrid, poissonGrid } from '../../../main/math/poisson-grid.ts'
import { preconditionedGradients } from '../../../main/math/preconditioned-gradient.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const TOLERANCE = 1e-8
const CAP = 10_000
type Row = readonly [c: number, omega: number, iterations: number]

const last = <T>(run: Generator<T, T, void>): T => {
  for (let next = run.next(); ; next = run.next()) if (next.done) return next.value
}

/** The system of a rectangle with c on top of its diagonal. */
function shifted(width: number, height: number, c: number): PoissonGrid {
  const grid = poissonGrid(width, height, new Uint8Array(width * height).fill(1), 'zero')
  return { ...grid, diagonal: grid.diagonal.map((value) => value + c) }
}

/** A sequence of rounds by given random numbers and losses. */
function playedNotes({ grid, steps }: Inputs, tolerance: number): string[] {
  let losses = noLosses(grid.length)
  return (steps as Inputs[]).flatMap(({ u, probs, arm, loss }, i) => {
    const p = tsallisProbabilities(losses)
    const played = armOf(p, u)
    losses = afterLoss(losses, played, p[played], loss)
    return differences({ probs: p, arm: played }, { probs, arm }, () => tolerance, `round ${i}`)
  })
}

/** Over-relaxation by counts of sweeps, and what chooses it. */
export const learnedRelaxationAdapter: FileAdapter = {
  name: 'learning-to-relax',
  recognises: (file) => Boolean(file.sor_expected_c_omega_iterations && file.tsallis_sequence),
  async check(file) {
    const { nx, ny, iteration_tolerance: within, tolerance, chebcb } = file
    const b = flat(file.b)
    const zero = new Float64Array(b.length)
    const length = Math.sqrt(b.reduce((sum, value) => sum + value * value, 0))
    const sor = ([c, omega]: Row) =>
      last(overRelaxation(shifted(nx, ny, c), b, zero, { omega, tolerance: TOLERANCE, iterations: CAP, order: 'rows' })).iterations
    const ssor = ([c, omega]: Row) => {
      const grid = shifted(nx, ny, c)
      const limits = { iterations: CAP, tolerance: TOLERANCE * length }
      return last(preconditionedGradients((u) => applyPoisson(grid, u), symmetricRelaxation(grid, omega), b, zero, limits)).iterations
    }
    const counts = (rows: readonly Row[]) => rows.map(([, , iterations]) => iterations)
    const [plain, led] = [file.sor_expected_c_omega_iterations, file.ssor_pcg_expected_c_omega_iterations]
    const notes = [
      ...differences(plain.map(sor), counts(plain), () => within, 'sor'),
      ...differences(led.map(ssor), counts(led), () => within, 'ssor'),
      ...playedNotes(file.tsallis_sequence, tolerance),
    ]
    // The last omega of each c is the best one.
    for (const [i, [c, omega]] of (plain as Row[]).entries())
      if (plain[i + 1]?.[0] !== c) notes.push(...differences(bestRelaxation(nx, ny, c), omega, () => tolerance, `best omega of ${c}`))
    for (const { k, t, scale, expected } of file.tsallis_probabilities)
      notes.push(...differences(tsallisProbabilities({ sums: k, round: t, scale, total: 0 }), expected, () => tolerance, 'tsallis'))
    const { contexts, context_interval, expected_features, theta, eta } = chebcb
    const features = contexts.map((c: number, i: number) => chebyshevFeatures(c, context_interval, expected_features[i].length))
    notes.push(...differences(features, expected_features, () => tolerance, 'features'))
    const p = inverseGapProbabilities(theta, features[0], eta)
    notes.push(...differences(p, chebcb.expected_probabilities_for_first_context, () => tolerance, 'chebcb'))
    return notes
  },
}
