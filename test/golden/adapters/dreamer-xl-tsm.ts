import { vpDiscrete } from '../../../main/algorithms/diffusion/paths/vp-discrete.ts'
import {
  clipPixels,
  MOST_CALLS,
  rangeAt,
  STRIDE,
  trajectoryScoreMatching,
} from '../../../main/algorithms/splats/trajectory-score-matching.ts'
import { tableOfPath } from '../../../main/math/timesteps.ts'
import { type Mixture, mixtureDenoiser } from '../../kit/mixture.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, pathOf, signal } from './diffusion-world.ts'

/** The schedule in words: its form, and how many levels. */
function tableOf(words: string) {
  const found = /(scaled_linear|squaredcos_cap_v2|linear)\s+(\d+) steps/.exec(words)
  if (!found) throw new Error(`The schedule ${words} is not understood.`)
  const { betaStart, betaEnd } = vpDiscrete.params.parse({})
  return tableOfPath(pathOf({ betas: found[1], beta_start: betaStart, beta_end: betaEnd, T: Number(found[2]) }))
}

/** A view judged on its way to the noise, how the range of levels narrows, and how slopes are held short. */
export const dreamerXlTsmAdapter: FileAdapter = {
  name: 'dreamer-xl-tsm',
  recognises: ({ annealing, pixel_clip }) => Boolean(annealing && pixel_clip),
  async check({ settings, mixture, cases, annealing, pixel_clip, tolerance }) {
    assume(settings, { xs_delta: STRIDE, xs_max_steps: MOST_CALLS })
    const table = tableOf(settings.schedule)
    const voice = (raw: number[]) => {
      const total = raw.reduce((sum, weight) => sum + weight, 0)
      const world: Mixture = { weights: raw.map((weight) => weight / total), means: mixture.means, stds: mixture.stds }
      return mixtureDenoiser(world).denoise
    }
    const voices = { empty: voice(mixture.w), negative: voice(mixture.w_neg), prompt: voice(mixture.w_pos) }
    const limit = () => tolerance.float64
    const notes: string[] = []
    for (const [i, { input, expected }] of (cases as Inputs[]).entries()) {
      const of = (kind: string) =>
        trajectoryScoreMatching
          .make(
            trajectoryScoreMatching.params.parse({ kind, gamma: input.gamma, guidance: settings.guidance_scale, weight: settings.lambda }),
            {},
          )
          .slope({ z: flat(input.x0), noise: flat(input.noise), table, t: input.i_t, delta: input.delta }, voices, signal)
      const [byTrajectory, byInterval] = [await of('trajectory'), await of('interval')]
      const { levels, states, noises } = byTrajectory
      const actual = {
        ...{ i_t: input.i_t, i_s: levels.parting, i_mu: levels.compared, delta: input.delta, path: byTrajectory.path },
        ...{ x_s: states.parting, x_mu: states.compared, x_t: states.judged },
        ...{ eps_s: noises.parting, eps_mu: noises.compared, pred: noises.judged, w: byTrajectory.weight },
        ...{ grad_tsm: byTrajectory.slope, grad_ism: byInterval.slope, nfe_tsm: byTrajectory.calls, nfe_ism: byInterval.calls },
      }
      notes.push(...differences(actual, expected, limit, `case ${i}`))
    }
    for (const [i, { iteration, warmup_iter, delta_t, delta_t_start, expected }] of (annealing as Inputs[]).entries()) {
      const { rate, delta, from, to } = rangeAt(iteration, { warmup: warmup_iter, delta: delta_t, deltaStart: delta_t_start })
      notes.push(...differences({ rate, delta, t_lo: from, t_hi_exclusive: to }, expected, limit, `annealing ${i}`))
    }
    for (const [i, { clip_value, grad_hwc, expected }] of (pixel_clip as Inputs[]).entries()) {
      const clipped = clipPixels(flat(grad_hwc), grad_hwc[0][0].length, clip_value)
      notes.push(...differences({ clipped }, { clipped: expected }, limit, `pixel_clip ${i}`))
    }
    return notes
  },
}
