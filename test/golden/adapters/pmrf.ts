import { euler, flowMatchingLoss, pathPointInto, sourceInto } from '../../../main/algorithms/restoration/methods/pmrf-flow.ts'
import { integrate, outcome, uniformTimes } from '../../../main/math/integrate.ts'
import { applyMatrix, fromRows, toRows } from '../../../main/math/matrix.ts'
import { eulerMap, flowMap, gaussianWorld, mapStats, posteriorMeanMse } from '../../kit/gaussian-world.ts'
import { type Adapter, assume, type Inputs } from '../adapter.ts'

const { signal } = new AbortController()

/** PMRF in a Gaussian world: the networks are closed form (kit), the sampler and its formulas are the product's. */
export const pmrf: Adapter = {
  name: 'pmrf',
  recognises: ({ cases }) => !!cases?.[0]?.expected?.flow_matching_loss && !!cases[0].inputs?.posterior_mean,
  async compute({ settings = {}, inputs = {}, expected }) {
    assume(settings, { d: inputs.mean.length, m: inputs.A.length })
    const world = gaussianWorld({
      mean: inputs.mean,
      cov: fromRows(inputs.cov),
      operator: fromRows(inputs.A),
      sigmaY: settings.sigma_y,
      sigmaSource: settings.sigma_s,
    })
    const rows = (list: number[][]) => list.map((row) => Float64Array.from(row))
    const [clean, measured, noise] = [rows(inputs.x), rows(inputs.y), rows(inputs.noise)]
    const means = measured.map(world.posteriorMean)
    requireClose(means, inputs.posterior_mean)

    const sources = means.map((mean, b) => {
      const z0 = new Float64Array(mean.length)
      sourceInto(z0, mean, noise[b], settings.sigma_s)
      return z0
    })
    const points = sources.map((z0, b) => {
      const zt = new Float64Array(z0.length)
      pathPointInto(zt, clean[b], z0, inputs.t[b])
      return zt
    })
    const velocities = points.map((zt, b) => world.velocity(zt, inputs.t[b]))
    const flat = (list: Float64Array[]) => Float64Array.from(list.flatMap((row) => [...row]))

    // The steps of Euler's rows are named by their keys; each velocity matrix serves the whole batch.
    const sample = async (steps: number) => {
      const matrices = uniformTimes(steps).map(world.velocityMatrix)
      return Promise.all(
        sources.map((z0) => {
          const step = euler<Float64Array>(async function* (z, t) {
            return applyMatrix(
              matrices[Math.round(t * steps)],
              world.mean.map((value, i) => z[i] - value),
            )
          })
          return outcome(integrate(z0.slice(), uniformTimes(steps), step, signal))
        }),
      )
    }
    const sampled: Record<string, Float64Array[]> = {}
    for (const steps of Object.keys(expected.euler)) sampled[steps] = await sample(Number(steps))

    return {
      z0: sources,
      z_t: points,
      velocity_at_zt: velocities,
      flow_matching_loss: flowMatchingLoss(flat(velocities), flat(clean), flat(sources)),
      velocity_matrix_at_half: toRows(world.velocityMatrix(0.5)),
      euler: sampled,
      stats: Object.fromEntries(Object.keys(expected.stats).map((key) => [key, stats(world, key)])),
    }
  },
}

function stats(world: ReturnType<typeof gaussianWorld>, key: string): Inputs | number {
  if (key === 'posterior_mean_mse') return posteriorMeanMse(world)
  if (key === 'posterior_sampling_mse') return 2 * posteriorMeanMse(world)
  const { mse, covError } = mapStats(world, key === 'limit' ? flowMap(world) : eulerMap(world, Number(key)))
  return { mse, output_cov_error_fro: covError }
}

/** The posterior mean is an input of the vectors; the world must agree with it. */
function requireClose(means: Float64Array[], given: number[][]): void {
  for (const [b, mean] of means.entries())
    for (const [i, value] of mean.entries())
      if (Math.abs(value - given[b][i]) > 1e-8) throw new Error(`posterior mean ${b}.${i}: ${value} instead of ${given[b][i]}`)
}
