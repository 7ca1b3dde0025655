import type { Measurement } from '../../../main/algorithms/measurement.ts'
import { dds, decomposed } from '../../../main/algorithms/restoration/methods/dds.ts'
import { legsOf } from '../../../main/math/gaussian-path.ts'
import { strideLegs } from '../../../main/math/stride.ts'
import { denseOperator } from '../../kit/measurements.ts'
import { type Adapter, assume, type Case } from '../adapter.ts'
import { flat, listedDraw, signal } from './diffusion-world.ts'
import { mixtureSays, tableNamed, told } from './restoration-world.ts'

function taskOf({ settings = {}, inputs = {} }: Case): Measurement {
  const legs = settings.sigmas
    ? legsOf(settings.sigmas.map((sigma: number) => ({ t: sigma, alpha: 1, sigma })))
    : strideLegs(tableNamed(settings.schedule), settings.T_sampling)
  // Without a word on it, a trust in the measurement says that it is noisy.
  const noisy = settings.noisy ?? settings.gamma !== undefined
  return {
    operator: denseOperator(inputs.A, settings.slices),
    y: flat(inputs.y),
    deviation: noisy ? settings.sigma_y || 1 : 0,
    denoise: mixtureSays(inputs.mixture),
    legs,
    draw: listedDraw(inputs.noise),
    start: flat(inputs.x_T),
  }
}

/** DDS with a mixture for a prior: dense operators, stacks with total variation, and the variance-exploding form. */
export const ddsAdapter: Adapter = {
  name: 'dds',
  recognises: ({ cases }) => Boolean(cases?.[0]?.settings?.cg_iter !== undefined && cases[0].inputs?.x_T),
  async compute(one) {
    const { settings = {}, inputs = {} } = one
    // The operator's name is a label of its matrix.
    const { operator: _operator, sigma_y: _deviation } = settings
    if ((settings.kind === 'stack_tv') !== (settings.slices !== undefined))
      throw new RangeError(`${settings.kind} and the slices do not go together.`)
    assume(settings, { d: inputs.A[0].length, steps: (settings.sigmas?.length ?? 1) - 1, kind: settings.sigmas ? 'VE' : 'stack_tv' })
    const { eta, cg_iter: iterations, cg_eps: tolerance, gamma = 1, slices, rho, lamb: lambda } = settings
    const stack = slices === undefined ? null : { slices, rho, lambda, periodic: true }
    const task = taskOf(one)
    const { states, end } = await told(
      decomposed(task, dds.params.parse({ eta, iterations, tolerance, gamma, clip: false, stack }), signal),
    )
    const steps = states.map(({ eps, x0, estimate, x, split }, i) => {
      const { from, to } = task.legs[i]
      return {
        t: from.label,
        t_next: to.label ?? -1,
        sigma: from.sigma,
        eps,
        x0_tweedie: x0,
        x0_cg: estimate,
        x_next: x,
        split: split?.wanted,
        dual: split?.dual,
      }
    })
    return { x_final: end, steps }
  },
}
