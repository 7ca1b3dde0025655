import { redDiff, regularised } from '../../../main/algorithms/restoration/methods/red-diff.ts'
import { strideLegs } from '../../../main/math/stride.ts'
import { denseOperator } from '../../kit/measurements.ts'
import { type Adapter, assume } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, listedDraw, signal } from './diffusion-world.ts'
import { mixtureSays, tableNamed, told } from './restoration-world.ts'

/** RED-Diff with a mixture for a prior and a dense operator. */
export const redDiffAdapter: Adapter = {
  name: 'red-diff',
  recognises: ({ cases }) => Boolean(cases?.[0]?.expected?.mu_per_step),
  async compute({ settings = {}, inputs = {} }) {
    // Weights that follow the level, and noise that is new at each step.
    assume(settings, { awd: true, eta: 0, d: inputs.A[0].length, m: inputs.A.length })
    const legs = strideLegs(tableNamed(settings.schedule), settings.num_steps, settings.start_step, settings.end_step)
    const levels = legs.map((leg) => leg.from.label)
    const [wrong] = differences(levels, inputs.timesteps_descending, () => 0, 'timesteps')
    if (wrong) throw new Error(wrong)
    const noises = inputs.noise_x0.flatMap((around: unknown, i: number) => [around, inputs.noise_xt[i]])
    const operator = denseOperator(inputs.A)
    const y = flat(inputs.y)
    const { lambda, obs_weight: trust, weight, lr: rate, sigma_x0: spread } = settings
    const { states } = await told(
      regularised(
        { operator, y, deviation: settings.sigma_y, denoise: mixtureSays(inputs.mixture), legs, draw: listedDraw(noises) },
        redDiff.params.parse({ lambda, trust, weight, rate, spread }),
        signal,
      ),
    )
    return {
      mu_init: operator.pinv?.(y),
      mu_per_step: states.map(({ estimate }) => estimate),
      eps_per_step: states.map(({ eps }) => eps),
      xt_per_step: states.map(({ xt }) => xt),
      abar_at_timesteps: legs.map(({ from }) => from.alpha ** 2),
    }
  },
}
