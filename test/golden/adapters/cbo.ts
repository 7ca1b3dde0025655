import { consensusOf, contract, hop } from '../../../main/math/consensus.ts'
import { combine, fromRows, identity, type Matrix } from '../../../main/math/matrix.ts'
import { solvePositive } from '../../../main/math/positive-system.ts'
import { normals } from '../../kit/generate.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

/** Columns of a table of dimensions × particles, and back. */
const particlesOf = (table: readonly (readonly number[])[]): Float64Array[] =>
  table[0].map((_, i) => Float64Array.from(table, (row) => row[i]))
const tableOf = (particles: readonly Float64Array[]) => [...particles[0]].map((_, k) => particles.map((particle) => particle[k]))

const rastrigin = (target: readonly number[]) => (v: Float64Array) =>
  v.reduce((sum, value, k) => sum + (value - target[k]) ** 2 + 2.5 * (1 - Math.cos(2 * Math.PI * (value - target[k]))), 0)

function descent(settings: Inputs, noise: 'anisotropic' | 'isotropic'): Inputs {
  const { target, V0, dB, dt, lambda, alpha } = settings
  const value = rastrigin(target)
  const sigma = settings.sigma[noise]
  let particles = particlesOf(V0)
  const centre = () => consensusOf(particles, particles.map(value), alpha)
  const steps = dB.map((draws: number[][]) => {
    const consensus = centre()
    particles = contract(particles, consensus, { dt, pull: lambda, sigma, noise }, particlesOf(draws))
    return { consensus, particles: tableOf(particles) }
  })
  return { sigma, steps, final_consensus: centre() }
}

/** Distance of the hopping consensus from the proximal point, meaned over a few clouds of so many particles. */
function hoppingError({ A, b, c, alpha, sigma }: Inputs, prox: Float64Array, count: number): number {
  const rows = fromRows(A)
  const value = (v: Float64Array) => v.reduce((sum, x, i) => sum + 0.5 * x * dotRow(rows, i, v) - b[i] * x, 0)
  const clouds = count > 50_000 ? 2 : 8
  let sum = 0
  for (let cloud = 0; cloud < clouds; cloud++) {
    const numbers = normals(count * c.length, 100 + cloud)
    const xi = Array.from({ length: count }, (_, i) => numbers.subarray(i * c.length, (i + 1) * c.length))
    const particles = hop(flat(c), sigma, xi)
    sum += Math.hypot(...consensusOf(particles, particles.map(value), alpha).map((x, i) => x - prox[i]))
  }
  return sum / clouds
}
const dotRow = ({ data, columns }: Matrix, i: number, v: Float64Array) => v.reduce((sum, x, j) => sum + data[i * columns + j] * x, 0)

/** Consensus-based optimisation step by step, and hopping, whose consensus is the proximal point. */
export const cboAdapter: FileAdapter = {
  name: 'cbo',
  recognises: ({ settings, expected }) => Boolean(settings?.V0 && expected?.anisotropic),
  async check({ settings, expected, tolerance }) {
    const { hopping_mc_error, ...wanted } = expected
    const { A, b, c, tau } = settings.hopping
    const prox = solvePositive(
      combine([1, fromRows(A)], [1 / tau, identity(b.length)]),
      flat(b).map((value, i) => value + c[i] / tau),
    )
    const actual: Inputs = {
      anisotropic: descent(settings, 'anisotropic'),
      isotropic: descent(settings, 'isotropic'),
      hopping_prox: prox,
    }
    const notes = differences(actual, wanted, () => tolerance.default)
    for (const [i, count] of hopping_mc_error.N.entries()) {
      const error = hoppingError(settings.hopping, prox, count)
      if (!(error < 3 * hopping_mc_error.mean_error[i])) notes.push(`hopping with ${count} particles misses the proximal point by ${error}`)
    }
    return notes
  },
}
