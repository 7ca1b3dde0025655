import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { edm } from '../../algorithms/diffusion/paths/edm.ts'
import { startScale } from '../../algorithms/diffusion/schedules/euler-discrete.ts'
import { schedules, solvers } from '../../algorithms/index.ts'
import type { Schedule, Solver } from '../../algorithms/roles.ts'
import type { Leg, Path } from '../../math/gaussian-path.ts'
import type { ModelStatistics } from '../../math/model-statistics.ts'
import { type Denoise, retimed } from '../../math/prediction.ts'
import { pickFor } from '../tuning/picked.ts'
import type { SkipAt } from '../tuning/subject.ts'
import type { Tuned } from '../tuning/tuned.ts'
import type { NoiseProcess } from './noise-process.ts'
import { refusalOf } from './refusal.ts'

/** A method of the registry and its settings; what is left out takes its default, or what the model's folder says. */
export interface Choice {
  readonly id: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** Where the steps of a generation fall, who takes them, and from what deviation. */
export interface GenerationCourse {
  readonly solver: Solver
  readonly legs: readonly Leg[]
  /** The path that the legs lie on. */
  readonly path: Path
  /** What unit noise is multiplied by at the start. */
  readonly scale: number
  /** What was measured of the model, for the solvers that use it. */
  readonly statistics: ModelStatistics | null
  /** Blocks of the network that are left out at each node; null where none ever is. */
  readonly skipAt: SkipAt | null
  /** What the artist should know, a sentence each. */
  readonly notes: readonly string[]
  /** The network as it is asked at the nodes of these legs. */
  fitted(denoise: Denoise): Denoise
}

/** What was found for the model, and what decides whether it fits. */
export interface Fitting {
  readonly tuned: Tuned
  readonly guidance: number
  /** Channels, rows and columns of the latent. */
  readonly shape: readonly number[]
}

/**
 * The course of a generation by the ids of its schedule and its solver.
 * @param fitting what was found for the model; without it methods that need something found refuse. @throws FaultError `invalid`, naming the id, the setting or the number of steps.
 */
export function courseOf(
  { path, spacing, offset, landing }: NoiseProcess,
  steps: number,
  schedule: Choice,
  solver: Choice,
  fitting: Fitting | null = null,
): GenerationCourse {
  const schedulesMethod = chosen(schedules, schedule, 'schedule')
  const solversMethod = chosen(solvers, solver, 'solver')
  const shape: Readonly<Record<string, z.ZodType>> = schedulesMethod.params.shape
  const found = fitting && pickedFor(fitting)
  const told = Object.entries({ spacing, offset, landing }).filter(([key, value]) => shape[key]?.safeParse(value).success)
  const params = settings(schedulesMethod.params, { ...Object.fromEntries(told), ...found?.schedule, ...schedule.params }, schedule.id)
  // The registry's methods have each their own settings and states; parsed by their own schema, they fit.
  const make = schedulesMethod.make as (params: unknown, networks: object) => Schedule
  const makeSolver = solversMethod.make as unknown as (params: unknown, networks: object) => Solver
  const legs = found?.legs ?? legsFrom(make(params, {}), path, steps)
  // Legs whose signal is never scaled lie on the path of unscaled pictures: the noise is as large there as it is.
  const isUnscaled = legs.every(({ from }) => from.alpha === 1)
  return {
    solver: makeSolver(settings(solversMethod.params, { ...found?.solver, ...solver.params }, solver.id), {}),
    legs,
    path: isUnscaled ? edm.make(edm.params.parse({}), {}) : path,
    scale: isUnscaled ? startScale(legs, params.spacing === 'leading' ? 'leading' : 'trailing') : 1,
    statistics: found?.statistics ?? null,
    skipAt: found?.skipAt ?? null,
    notes: found?.notes ?? [],
    fitted: (denoise) => (isUnscaled ? retimed(denoise, path) : denoise),
  }

  function pickedFor({ tuned, guidance, shape }: Fitting) {
    try {
      return pickFor(tuned, { path, steps, schedule, solver, guidance, shape })
    } catch (thrown) {
      throw refusalOf(thrown)
    }
  }
}

function chosen<M extends { readonly id: string }>(methods: readonly M[], { id }: Choice, word: string): M {
  const method = methods.find((one) => one.id === id)
  if (method) return method
  throw fault('invalid', 'The generation cannot start.', `There is no ${word} "${id}".`, `Choose another ${word}.`)
}

function settings(schema: z.ZodType, given: Readonly<Record<string, unknown>>, id: string): Readonly<Record<string, unknown>> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data as Readonly<Record<string, unknown>>
  throw fault('invalid', 'The generation cannot start.', `${id}: ${z.prettifyError(parsed.error)}`, 'Change the setting.')
}

function legsFrom(schedule: Schedule, path: Path, steps: number): readonly Leg[] {
  try {
    return schedule.legs(path, steps)
  } catch (thrown) {
    throw refusalOf(thrown)
  }
}
