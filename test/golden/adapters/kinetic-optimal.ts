import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { trig } from '../../../main/algorithms/diffusion/paths/trig.ts'
import { spacedLambda } from '../../../main/algorithms/diffusion/schedules/kinetic-spacing.ts'
import { separationOfPoints } from '../../../main/math/data-separation.ts'
import { retime } from '../../../main/math/gaussian-path.ts'
import { kineticEnergy, kineticPath } from '../../../main/math/kinetic-path.ts'
import { encode, retimed } from '../../../main/math/prediction.ts'
import { type Mixture, mixtureDenoiser, unknownOf } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, pathOf, signal } from './diffusion-world.ts'

const rows = (list: number[][]) => list.map((row) => Float64Array.from(row))

/** The path of least kinetic energy for a mixture that is known. */
export const kineticOptimalAdapter: FileAdapter = {
  name: 'kinetic-optimal',
  async check({ settings, mixture, one_minus_lambda_at_theta, dataset, expected, tolerance }) {
    const data: Mixture = { ...mixture, means: mixture.means.map((mean: number | number[]) => [mean].flat()) }
    const unknown = (theta: number) => unknownOf(data, { t: 0, alpha: Math.sin(theta), sigma: Math.cos(theta) })
    const found = kineticPath(unknown)
    const { path } = found
    // How fine the file's own curve is laid out; ours has its own grid, and is compared by its values.
    const { theta_points: _points } = settings
    const notes: string[] = []
    const compare = (name: string, actual: unknown, wanted: unknown, limit: number) =>
      notes.push(...differences(actual, wanted, () => limit, name))
    const keyed = <T>(source: object, of: (key: number) => T) =>
      Object.fromEntries(Object.keys(source).map((key) => [key, of(Number(key))]))

    compare('unknown', keyed(one_minus_lambda_at_theta, unknown), one_minus_lambda_at_theta, tolerance.one_minus_lambda)
    const points = rows(dataset.points)
    const guess = (s: number) => separationOfPoints(points, dataset.index, rows(dataset.noise), s)
    compare('lambda_hat', keyed(dataset.lambda_hat, guess), dataset.lambda_hat, tolerance.lambda_hat)
    compare('Phi', found.sector, expected.Phi, tolerance.Phi)
    compare('b', found.energy, expected.b, tolerance.Phi)
    compare('a', expected.t.map(path.alpha), expected.a, tolerance.a_m)
    compare('m', expected.t.map(path.sigma), expected.m, tolerance.a_m)
    const energies = {
      linear: kineticEnergy(rectifiedFlow.make({}, {}), unknown, 1000),
      trig: kineticEnergy(trig.make({}, {}), unknown, 1000),
      kinetic_optimal_direct: kineticEnergy(path, unknown, 1000),
      kinetic_optimal_closed_form_b: found.energy,
    }
    compare('kinetic_energy', energies, expected.kinetic_energy, tolerance.kinetic_energy)

    const trained = pathOf(settings.schedule)
    const asked = retimed(mixtureDenoiser(data).denoise, trained)
    for (const { t, x, ...wanted } of expected.retimed as Inputs[]) {
      // The curve is laid out on a grid: a, m and their slopes agree as far as that does; what the network says, at the file's own
      // a and m, to its own tolerance.
      const own = { a: path.alpha(t), m: path.sigma(t), da: path.dAlpha(t), dm: path.dSigma(t) }
      const { a, m, da, dm, ...rest } = wanted
      compare(`retimed at ${t}`, own, { a, m, da, dm }, tolerance.a_m)
      const node = { t, alpha: a, sigma: m }
      const { tau, k } = retime(trained, node)
      const prediction = await asked(flat(x), node, signal)
      compare(`retimed at ${t}`, { tau, k, eps: prediction.eps, velocity: encode(prediction, [da, dm]) }, rest, tolerance.retimed_eps)
    }
    const { t, lambda } = expected.ko_spacing
    compare(
      'ko_spacing',
      t.map((time: number) => spacedLambda(found.theta(time))),
      lambda,
      tolerance.ko_spacing_lambda,
    )
    return notes
  },
}
