import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { vpDiscrete } from '../../algorithms/diffusion/paths/vp-discrete.ts'
import type { Path } from '../../math/gaussian-path.ts'
import type { PredictionKind } from '../../math/prediction.ts'
import type { Landing, Spacing } from '../../math/timesteps.ts'

/** How a model was trained and is meant to be sampled. */
export interface NoiseProcess {
  readonly path: Path
  readonly kind: PredictionKind
  /** Which levels are visited, the offset of the leading kind, and where the last step lands. */
  readonly spacing: Spacing
  readonly offset: number
  readonly landing: Landing
}

/** What a scheduler's file tells of the noise; the sampler it names is only a habit of its author. */
const SchedulerConfig = z.object({
  _class_name: z.string().default('DDIMScheduler'),
  num_train_timesteps: z.int().min(2).max(10_000).default(1000),
  beta_start: z.number().gt(0).lt(1).default(0.00085),
  beta_end: z.number().gt(0).lt(1).default(0.012),
  beta_schedule: z.enum(['scaled_linear', 'linear', 'squaredcos_cap_v2']).default('scaled_linear'),
  trained_betas: z.array(z.number().gt(0).lt(1)).min(2).nullish(),
  prediction_type: z.enum(['epsilon', 'v_prediction', 'sample']).default('epsilon'),
  steps_offset: z.int().min(0).max(100).default(0),
  set_alpha_to_one: z.boolean().default(true),
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']).nullish(),
  rescale_betas_zero_snr: z.boolean().default(false),
})

const KINDS = { epsilon: 'eps', v_prediction: 'v', sample: 'x0' } as const

/** The noise process of a scheduler's file. @throws FaultError `unsupported`, naming the field and its value. */
export function noiseProcessOf(json: unknown): NoiseProcess {
  const parsed = SchedulerConfig.safeParse(json)
  if (!parsed.success) throw refuse(z.prettifyError(parsed.error))
  const config = parsed.data
  if (config.rescale_betas_zero_snr && config.prediction_type === 'epsilon')
    throw refuse('rescale_betas_zero_snr is true and prediction_type is epsilon: pure noise tells such a network nothing.')
  const path = vpDiscrete.make(
    {
      form: config.beta_schedule,
      betaStart: config.beta_start,
      betaEnd: config.beta_end,
      count: config.num_train_timesteps,
      trainedBetas: config.trained_betas ?? null,
      zeroSignal: config.rescale_betas_zero_snr,
    },
    {},
  )
  const isEuler = config._class_name.startsWith('Euler')
  // Consistency models are asked from the noisiest level down, whatever spacing their file has kept from the model they were taught by.
  const isConsistency = config._class_name === 'LCMScheduler'
  return {
    path,
    kind: KINDS[config.prediction_type],
    spacing: isConsistency ? 'trailing' : (config.timestep_spacing ?? (isEuler ? 'linspace' : 'leading')),
    offset: config.steps_offset,
    landing: config.set_alpha_to_one ? 'clean' : 'first',
  }
}

const refuse = (why: string) =>
  fault('unsupported', 'The noise of this model is not known here.', `scheduler_config.json: ${why}`, 'Choose another export of the model.')
