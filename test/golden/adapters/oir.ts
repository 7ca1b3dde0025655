import type { Scene } from '../../../main/algorithms/editing.ts'
import { objectAware } from '../../../main/algorithms/inversion/object-aware.ts'
import { choose, fidelityOf, insideAt } from '../../../main/algorithms/inversion/object-aware-choice.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { guide } from '../../../main/math/prediction.ts'
import { restrict } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'
import { editingWorld } from './editing-world.ts'

function metricOf({ original, candidates, mask_full_size: mask, clip_scores }: Inputs): Inputs {
  const size = [original[0].length, original[0][0].length] as const
  const inside = insideAt(flat(mask), [mask.length, mask[0].length], size)
  const fidelity = candidates.map((candidate: unknown) => fidelityOf(flat(original), flat(candidate), inside))
  const choice = choose(fidelity.map((value: number, i: number) => ({ fidelity: value, editability: clip_scores[i] })))
  return {
    keep_mask: inside.map((value) => 1 - value),
    fidelity,
    fidelity_normalised: choice.fidelity,
    editability_normalised: choice.editability,
    metric: choice.metric,
    chosen_inversion_step: choice.best + 1,
  }
}

async function fullRun(run: Inputs): Promise<Inputs> {
  const world = editingWorld(run, run.mixture)
  const says = (component: number) => world.says(restrict(run.mixture, [component]))
  const guided = (component: number): Scene['whole'] => {
    const [source, target] = [says(0), says(component)]
    return async (x, at, stop) => guide(await source(x, at, stop), await target(x, at, stop), run.guidance)
  }
  const x = flat(run.z_0)
  const masks = run.masks.map(flat) as Float64Array[]
  const scene: Scene = {
    x,
    legs: world.legs(run),
    source: says(0),
    whole: guided(masks.length + 1),
    objects: masks.map((mask, i) => ({
      mask,
      denoise: guided(i + 1),
      judge: async (candidate) => ({
        fidelity: fidelityOf(x, candidate, mask),
        editability:
          -candidate.reduce((sum, value, k) => sum + Math.abs(mask[k] * (value - run.mixture.means[i + 1][k])), 0) / candidate.length,
      }),
    })),
  }
  const settings = { search: 'every', assembleAt: run.reassembly_step / run.steps, reinvert: run.reinversion_steps / run.steps } as const
  const { inverted, drafts, depths, assembled, reinverted, x: final } = await outcome(objectAware.make(settings, {}).edit(scene, signal))
  return {
    inverted_levels_0_to_S: inverted,
    fidelity: drafts.map((list) => list.map((draft) => draft.fidelity)),
    editability: drafts.map((list) => list.map((draft) => draft.editability)),
    metric: drafts.map((list) => choose(list).metric),
    chosen_steps: depths,
    assembled,
    reinverted,
    final,
  }
}

/** Object-aware inversion: the choice on pictures, its edge cases, and a whole run on a toy latent. */
export const oirAdapter: FileAdapter = {
  name: 'oir',
  recognises: (file) => Boolean(file.metric_edge_cases && file.full_run),
  async check(file) {
    const notes: string[] = []
    const compare = (name: string, actual: unknown, expected: unknown) =>
      notes.push(...differences(actual, expected, () => file.tolerance.abs, name))
    compare('metric', metricOf(file.metric), file.metric.expected)
    for (const [i, { fidelity, editability, expected }] of file.metric_edge_cases.entries()) {
      const choice = choose(fidelity.map((value: number, k: number) => ({ fidelity: value, editability: editability[k] })))
      compare(`edge case ${i}`, { metric: choice.metric, chosen_inversion_step: choice.best + 1 }, expected)
    }
    compare('full_run', await fullRun(file.full_run), file.full_run.expected)
    return notes
  },
}
