import { exactGap, rhoOf, trainStep } from '../../../main/algorithms/transport/monge-gap.ts'
import { type MongeTask, mongeLoss, type Prices, selfCost } from '../../../main/algorithms/transport/monge-loss.ts'
import { sinkhornNewtonSparse } from '../../../main/algorithms/transport/sinkhorn-newton-sparse.ts'
import { noMoments } from '../../../main/math/adam.ts'
import { cubeOf, readCube, writeCube } from '../../../main/math/colour-cube.ts'
import { moved, type ResidualNetwork, weightSlope } from '../../../main/math/residual-network.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

/** Tighter than what the values are compared to. */
const TOLERANCE = 1e-12

/** The file keeps each matrix and each vector of biases as a list of its own. */
const parts = ({ sizes }: ResidualNetwork, values: Float64Array): Float64Array[] => {
  const lengths = [...sizes.slice(1).map((outputs, l) => sizes[l] * outputs), ...sizes.slice(1)]
  let at = 0
  return lengths.map((length) => values.subarray(at, (at += length)))
}
const partDifferences = (actual: Float64Array[], expected: unknown[], limit: number, path: string) =>
  expected.flatMap((part, i) => differences({ [i]: actual[i] }, { [i]: part }, () => limit, path))

/** A map of colours in training: values, slopes, four steps, and the table that is written of it. */
export const mongeGapAdapter: FileAdapter = {
  name: 'monge-gap',
  recognises: ({ exact_gap_case }) => Boolean(exact_gap_case),
  async check({ settings, tolerance, expected, exact_gap_case, ...file }) {
    assume(settings, { residual: true })
    const { rho_mix, lambda_gap, eps_fit, eps_reg, adam, cost, sizes } = settings
    const sourceWeights = flat(file.source_weights)
    const palette = { colours: flat(file.source_points), weights: sourceWeights }
    const solver = sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse({ tolerance: TOLERANCE }), {})
    const task: MongeTask = {
      cost: cost.startsWith('squared') ? 'square' : 'distance',
      reference: { points: flat(file.ref_points), weights: flat(file.ref_weights) },
      rho: rhoOf(palette, flat(file.uniform_points), rho_mix),
      ...{ sourceWeights, epsilonFit: eps_fit, epsilonGap: eps_reg, lambda: lambda_gap, tolerance: TOLERANCE, solver },
    }
    let network: ResidualNetwork = { sizes, weights: flat([...file.W, ...file.b]) }
    const referenceSelf = await selfCost(task, signal)
    const mapped = moved(network, task.rho.points)
    const { divergence, gap, total, slope } = await mongeLoss(task, mapped, referenceSelf, {}, signal)
    const columns = task.reference.weights.length
    const values = {
      mapped,
      W_ent_fit: divergence.fit.entropic,
      W_kl_fit: divergence.fit.relative,
      plan_fit_row0: divergence.fit.entries.subarray(0, columns),
      sinkhorn_divergence: divergence.value,
      monge_gap: gap.value,
      total,
    }
    const slopes = { grad_sinkdiv_wrt_mapped_source: divergence.slope, grad_gap_wrt_mapped_rho: gap.slope }
    const { param_grads, params_after_4_steps, adam_losses_sinkdiv_gap_total: losses, cube, ...rest } = expected as Inputs
    const notes = differences({ ...values, ...slopes }, rest, (path) => (path.startsWith('grad') ? tolerance.gradients : tolerance.values))
    notes.push(
      ...partDifferences(parts(network, weightSlope(network, task.rho.points, slope)), param_grads, tolerance.gradients, 'param_grads'),
    )

    let moments = noMoments(network.weights.length)
    let prices: Prices = {}
    const found: number[][] = []
    for (const _ of losses) {
      const rates = { rate: adam.lr, beta1: adam.b1, beta2: adam.b2, epsilon: adam.eps }
      const next = await trainStep(task, { network, moments, prices }, referenceSelf, rates, signal)
      ;({ network, moments } = next)
      prices = next.loss.prices
      found.push([next.loss.divergence.value, next.loss.gap.value, next.loss.total])
    }
    notes.push(...differences({ losses: found }, { losses }, () => tolerance.adam))
    notes.push(...partDifferences(parts(network, network.weights), params_after_4_steps, tolerance.adam, 'params_after_4_steps'))

    const wanted = readCube(cube)
    const text = writeCube(cubeOf((colours) => moved(network, colours), wanted.size, wanted.title))
    const head = (whole: string) => whole.split('\n').slice(0, 4)
    notes.push(
      ...differences({ head: head(text), nodes: readCube(text).nodes }, { head: head(cube), nodes: [...wanted.nodes] }, () => 1e-5, 'cube'),
    )

    const { x, y, expected_gap_unregularised } = exact_gap_case
    const weights = new Float64Array(x.length).fill(1 / x.length)
    const exact = await exactGap(task.cost, { points: flat(x), weights }, flat(y), solver, signal)
    notes.push(...differences({ gap: exact }, { gap: expected_gap_unregularised }, () => tolerance.values, 'exact_gap_case'))
    return notes
  },
}
