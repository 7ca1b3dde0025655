import { z } from 'zod'
import type { Leg, Node } from '../../../math/gaussian-path.ts'
import { integrate, type Tick } from '../../../math/integrate.ts'
import { expectFinite, mix } from '../../../math/mix.ts'
import { levelsOf, move } from '../../../math/move.ts'
import { sizeOf } from '../../../math/tensor.ts'
import { define } from '../../define.ts'
import type { Estimate, Measurement } from '../../measurement.ts'
import { expectMeasured } from './measured.ts'
import { dataSlope, type Look, lengthOf, look, traceSlope } from './stsl-surrogate.ts'

const params = z.object({
  rounds: z
    .int()
    .min(1)
    .max(50)
    .default(1)
    .meta({ title: 'Corrections', description: 'Corrections at every level; the paper takes five.' }),
  zeta: z.number().gt(0).max(10).default(0.05).meta({
    title: 'Correction size',
    description: 'How far a correction goes towards the measurement; too much overshoots.',
  }),
  eta: z.number().min(0).max(1).default(0.02).meta({ title: 'Sharpening', description: 'Weight of the second order; 0 leaves it out.' }),
  traceAbove: z.int().min(-1).max(1000).default(200).meta({
    title: 'Sharpen above',
    description: 'Sharpen at levels above this one only: below, a network of single precision tells nothing but its rounding.',
  }),
  reach: z.number().gt(0).max(1).default(0.01).meta({
    title: 'Reach',
    description: 'Length, for each value, of the small steps that slopes are told by: 0.01 for single precision, 0.001 for double.',
  }),
  halve: z
    .boolean()
    .default(true)
    .meta({ title: 'Careful', description: 'Halve the corrections where they have made things worse three levels in a row.' }),
})
type Settings = z.output<typeof params>

export interface StslState extends Estimate {
  readonly z: Float64Array
  readonly zeta: number
  /** Length of what is not explained, before and after the corrections of this level; nothing on the way up. */
  readonly unexplained: readonly [before: number, after: number] | null
  /** How many levels in a row corrections have made it more. */
  readonly worse: number
  /** Where each correction of this level was told from, with its draw and the weight of the measurement. */
  readonly corrections: readonly { readonly seen: Look; readonly u: Float64Array; readonly lambda: number }[]
}

const sharpens = ({ eta, traceAbove }: Settings, { label, sigma }: Node) =>
  eta > 0 && sigma > 0 && (label ?? Number.POSITIVE_INFINITY) > traceAbove

/** The corrections at one level. @throws RangeError where a slope is no number, naming the level. */
async function corrected(measured: Measurement, from: StslState, at: Node, settings: Settings, signal: AbortSignal) {
  let { z } = from
  const corrections: StslState['corrections'][number][] = []
  const h = settings.reach * Math.sqrt(z.length)
  for (let i = 0; i < settings.rounds; i++) {
    signal.throwIfAborted()
    const u = measured.draw(z.length)
    const seen = await look(measured, z, at, signal)
    const lambda = from.zeta / (lengthOf(seen.residual) + 1e-12)
    corrections.push({ seen, u, lambda })
    const data = await dataSlope(measured, seen, lambda, h, signal)
    const trace = sharpens(settings, at) ? await traceSlope(measured, seen, u, settings.eta, h, signal) : null
    z = trace ? mix([1, z], [-1, data], [-1, trace]) : mix([1, z], [-1, data])
    expectFinite(z, `The corrected state at level ${at.label ?? at.t}`)
  }
  return { z, corrections }
}

/** Levels in a row that corrections may make worse before they are halved. */
const PATIENCE = 3

/**
 * Corrections and the step down from one level. What is not explained grows by itself on the way down, as the picture takes shape:
 * what tells an overshoot is that corrections leave more of it than they found.
 */
async function down(
  measured: Measurement,
  state: StslState,
  { from, to }: Leg,
  settings: Settings,
  signal: AbortSignal,
): Promise<StslState> {
  const { z, corrections } = await corrected(measured, state, from, settings, signal)
  const { eps, z0, residual } = await look(measured, z, from, signal)
  const unexplained = [lengthOf(corrections[0].seen.residual), lengthOf(residual)] as const
  const worse = unexplained[1] > unexplained[0] ? state.worse + 1 : 0
  const isOver = settings.halve && worse >= PATIENCE
  return {
    z: move(z, eps, from, to),
    estimate: z0,
    zeta: isOver ? state.zeta / 2 : state.zeta,
    unexplained,
    worse: isOver ? 0 : worse,
    corrections,
  }
}

/** Up to the noise by DDIM's inversion, then down with corrections, telling all of its state after each step of either way. */
export async function* secondOrder(
  measured: Measurement,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Tick<StslState>, Float64Array, void> {
  expectMeasured(measured)
  const { operator, y, legs, denoise } = measured
  const start = measured.start ?? operator.pinv?.(y) ?? operator.adjoint(y, new Float64Array(sizeOf(operator.inShape)))
  const levels = levelsOf(legs)
  const top = legs.length
  const end = yield* integrate<StslState>(
    { z: start, estimate: start, zeta: settings.zeta, unexplained: null, worse: 0, corrections: [] },
    Array.from({ length: 2 * top + 1 }, (_, i) => i),
    // biome-ignore lint/correctness/useYield: a step is one piece; there is nothing to tell from inside it.
    async function* (state, place, _, stop) {
      if (place < top) {
        const { eps } = await denoise(state.z, levels[place + 1], stop)
        expectFinite(eps, `What the model says at step ${place + 1}`)
        return { ...state, z: move(state.z, eps, levels[place], levels[place + 1]) }
      }
      return down(measured, state, legs[place - top], settings, stop)
    },
    signal,
  )
  return end.z
}

/**
 * STSL: the measurement itself is brought to the noise by DDIM's inversion, and on the way down every level is corrected by going down
 * a surrogate loss, zeta |y - A z0(z)| + (eta / d) uᵀ(s(z + u) - s(z)): what the clean estimate leaves unexplained, and one draw's guess
 * of the curvature of log p, the second order of Tweedie's formula. Slopes through the network are told by it, or taken along a line
 * by two calls, which is right as far as the network is a true score. In a latent model the operator is the damage of the decoded
 * picture. What was not measured stays as the start has it: begin with a good filling.
 */
export const stsl = define({
  id: 'stsl',
  role: 'reconstructor',
  title: 'Deep restore',
  summary: 'Rescues a badly damaged picture with a large model, starting from the picture itself.',
  paper: {
    title: 'Beyond First-Order Tweedie: Solving Inverse Problems using Latent Diffusion',
    year: 2024,
    link: 'https://arxiv.org/abs/2312.00852',
  },
  params,
  needs: {},
  make: (settings) => ({
    calls: (legs) => legs.reduce((sum, { from }) => sum + 2 + settings.rounds * (sharpens(settings, from) ? 7 : 3), 0),
    reconstruct: (measured, signal) => secondOrder(measured, settings, signal),
  }),
})
