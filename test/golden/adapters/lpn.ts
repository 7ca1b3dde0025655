import type { Proximal } from '../../../main/algorithms/measurement.ts'
import { learnedProximal } from '../../../main/algorithms/restoration/methods/learned-proximal.ts'
import { convolutional } from '../../../main/algorithms/restoration/methods/learned-proximal-convolutional.ts'
import { denseMap } from '../../../main/algorithms/restoration/methods/learned-proximal-layers.ts'
import {
  type ConvexNetwork,
  gradient,
  potential,
  priorAfter,
} from '../../../main/algorithms/restoration/methods/learned-proximal-network.ts'
import { gammaStages, proximalMatchingLoss } from '../../../main/algorithms/restoration/methods/learned-proximal-training.ts'
import { proximalSteps } from '../../../main/algorithms/restoration/methods/proximal-steps.ts'
import { fromRows } from '../../../main/math/matrix.ts'
import { denseOperator } from '../../kit/measurements.ts'
import { type Adapter, assume, type Case, type Inputs } from '../adapter.ts'
import { flat, signal } from './diffusion-world.ts'
import { told } from './restoration-world.ts'

/** The one-dimensional network: the last layer has no softplus. */
function line({ settings = {}, inputs = {} }: Case): Inputs {
  const { lin, res_weight: res, res_bias: bias } = inputs
  const last = lin.length - 1
  assume(settings, { hidden: lin[0].length, layers: last - 1 })
  const network: ConvexNetwork = {
    beta: settings.beta,
    alpha: 0,
    layers: lin.slice(0, last).map((weights: number[][], k: number) => ({
      fromInput: denseMap(fromRows(k === 0 ? weights : res[k - 1])),
      fromBefore: k === 0 ? null : denseMap(fromRows(weights)),
      bias: k === 0 ? null : flat(bias[k - 1]),
    })),
    out: flat(lin[last]),
    straight: flat(res[last - 1]),
    shift: bias[last - 1][0],
  }
  const each = (of: (x: Float64Array) => number) => inputs.y.map((value: number) => of(Float64Array.of(value)))
  return {
    psi: each((x) => potential(network, x)),
    f: each((x) => gradient(network, x)[0]),
    prior_at_f: each((x) => priorAfter(network, x)),
  }
}

function conv({ settings = {}, inputs = {} }: Case): Inputs {
  const { W, b, U, out, x } = inputs
  assume(settings, { channels: x.length, hidden: W.map((kernel: unknown[]) => kernel.length) })
  const network = convolutional(
    {
      fromInput: W.map((kernel: unknown, k: number) => ({ kernel: flat(kernel), bias: flat(b[k]) })),
      fromBefore: U.map(flat),
      strides: settings.strides,
      out: flat(out),
      beta: settings.beta,
      alpha: settings.alpha,
    },
    { channels: x.length, rows: x[0].length, columns: x[0][0].length },
  )
  return { psi: potential(network, flat(x)), f: gradient(network, flat(x)), prior_at_f: priorAfter(network, flat(x)) }
}

function loss({ inputs = {}, expected }: Case): Inputs {
  const rows = (list: unknown[]) => list.map(flat)
  const byGamma = Object.keys(expected.loss_by_gamma).map((gamma) => [
    gamma,
    proximalMatchingLoss(rows(inputs.out), rows(inputs.target), Number(gamma)),
  ])
  const schedules = Object.keys(expected).flatMap((key) => {
    const [, size, stages] = /^gamma_schedule_([\dx]+)_(\d+)_stages$/.exec(key) ?? []
    if (!size) return []
    const values = size.split('x').reduce((product, side) => product * Number(side), 1)
    return [[key, gammaStages(values, Number(stages))]]
  })
  return { loss_by_gamma: Object.fromEntries(byGamma), ...Object.fromEntries(schedules) }
}

async function iterations({ settings = {}, inputs = {}, expected }: Case): Promise<Inputs> {
  const operator = denseOperator(inputs.A)
  const y = flat(inputs.y)
  const damage = { operator, y, deviation: 0, start: new Float64Array(operator.inShape[1]) }
  const soft = (threshold: number): Proximal => ({
    prox: async (v) => v.map((value) => Math.sign(value) * Math.max(0, Math.abs(value) - threshold)),
  })
  const run = async (form: 'gradient' | 'splitting', threshold: number, count: number) => {
    const { eta: step, rho } = settings
    const params = learnedProximal.params.parse({ form, iterations: count, step, rho, tolerance: 0, clip: false })
    return (await told(proximalSteps(damage, soft(threshold), params, signal))).states
  }
  const { lam, eta, rho } = settings
  const gradients = await run('gradient', eta * lam, expected.pgd_x.length)
  const splits = await run('splitting', lam / rho, expected.admm_z.length)
  const objective = (x: Float64Array) =>
    operator.apply(x).reduce((sum, value, i) => sum + (value - y[i]) ** 2 / 2, 0) + lam * x.reduce((sum, value) => sum + Math.abs(value), 0)
  return {
    pgd_x: gradients.map(({ estimate }) => estimate),
    pgd_objective: gradients.map(({ estimate }) => objective(estimate)),
    admm_z: splits.map(({ estimate }) => estimate),
    admm_x_last: splits[splits.length - 1].fitted,
  }
}

const kinds: Readonly<Record<string, (one: Case) => Inputs | Promise<Inputs>>> = {
  official_1d: line,
  conv,
  proximal_matching_loss: loss,
  pnp_with_soft_threshold: iterations,
}

/** Learned proximal networks, their loss, and plug and play with a known prox. */
export const lpnAdapter: Adapter = {
  name: 'lpn',
  recognises: ({ cases }) => Boolean(cases?.some((one) => one.expected?.prior_at_f !== undefined || one.expected?.pgd_x)),
  compute: (one) => {
    const run = kinds[one.settings?.kind]
    if (!run) throw new Error(`There is nothing of the kind "${one.settings?.kind}".`)
    return run(one)
  },
}
