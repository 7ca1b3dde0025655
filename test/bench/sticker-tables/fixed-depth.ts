import { guided } from '../../../main/algorithms/diffusion/denoiser.ts'
import type { Draft, ObjectToEdit } from '../../../main/algorithms/editing.ts'
import { objectAware } from '../../../main/algorithms/inversion/object-aware.ts'
import { leaseDenoisers, readWords } from '../../../main/engine/diffusion/asking.ts'
import { courseOf } from '../../../main/engine/diffusion/course.ts'
import { decodeLatent, encodeLatent, type Latent } from '../../../main/engine/diffusion/latents.ts'
import { coverageOver } from '../../../main/engine/imagination/coverage.ts'
import { cellsUnder } from '../../../main/engine/imagination/crop.ts'
import type { Patch } from '../../../main/engine/imagination/define-imagination.ts'
import { differencePatch } from '../../../main/engine/imagination/difference-patch.ts'
import { sceneOf } from '../../../main/engine/imagination/edit-scene.ts'
import { objectWords } from '../../../main/engine/imagination/wording.ts'
import { outcome } from '../../../main/math/integrate.ts'
import type { Denoise } from '../../../main/math/prediction.ts'
import type { Tensor } from '../../../main/math/tensor.ts'
import { layerOf } from '../../engine/imagination/studio.ts'
import { CANVAS, type Scene } from './compose.ts'
import { type OwnModel, signal } from './model.ts'

/** An edit as it is laid on the layer, and the whole picture as the model left it, [3, row, column] in 0..1. */
export interface Edit {
  readonly patch: Patch
  readonly before: Tensor
  readonly after: Tensor
}

/** What `edit-objects` is asked with, here and there. */
export interface EditSettings {
  readonly steps: number
  readonly guidance: number
}

/**
 * The studio's editing of objects with depths that are set instead of searched: its own crop, words, networks, editor and paste. No draft
 * is made twice, so that many depths cost little more than one.
 */
export async function editAtDepths(
  model: OwnModel,
  scene: Scene,
  { steps, guidance }: EditSettings,
  wanted: readonly (readonly number[])[],
): Promise<Edit[]> {
  const { folder, sessions } = model
  const objects = scene.objects.map(({ place }) => place)
  const context = { folder, sessions, source: layerOf(scene.picture), ...CANVAS, objects, params: { feather: 0 }, seed: 1 }
  const ground = await sceneOf(context, signal)
  const words = objectWords(scene.source, objects)
  const { legs } = courseOf(folder.noise, steps, { id: 'uniform' }, { id: 'ddim' })
  const { factor, channels } = folder.autoencoder
  const masks: Float64Array[] = []
  for (const object of objects) {
    const cells = await cellsUnder(await coverageOver([object], ground.crop.rect, signal), ground.crop, factor, signal)
    masks.push(Float64Array.from({ length: channels * cells.length }, (_, i) => cells[i % cells.length]))
  }
  const known = await encodeLatent(folder.autoencoder, ground.picture, sessions, signal)
  const { conditionings } = await readWords(folder, words.texts, sessions, signal)
  const editor = objectAware.make(objectAware.params.parse({}), {})
  const latents: Latent[] = []
  {
    using unet = await leaseDenoisers(folder, null, conditionings, ground.crop.size, sessions, signal)
    const asked = (text: string) => unet.denoisers[words.texts.indexOf(text)] as Denoise
    const towards = (text: string) => guided(asked(text), asked(words.source), guidance)
    const drafts = objects.map((): Draft[] => [])
    for (const depths of wanted) {
      const edits = masks.map((mask, i): ObjectToEdit => {
        const judge = async () => ({ fidelity: 0, editability: 0 })
        return { mask, depth: depths[i], drafts: drafts[i], denoise: towards(words.edits[i]), judge }
      })
      const task = { x: known.data, legs, source: asked(words.source), whole: towards(words.whole), objects: edits }
      const edited = await outcome(editor.edit(task, signal))
      for (const [i, [draft]] of edited.drafts.entries()) if (draft && !drafts[i].includes(draft)) drafts[i].push(draft)
      latents.push({ ...known, data: edited.x })
    }
  }
  const decoded = async (latent: Latent) => {
    using decoder = await sessions.leaseFile(folder.autoencoder.decoder.file, signal)
    return (await decodeLatent(folder.autoencoder, latent, decoder, signal)).picture
  }
  const before = await decoded(known)
  const results: Edit[] = []
  for (const latent of latents)
    results.push({ patch: await differencePatch(context, ground, known, latent, signal), before, after: await decoded(latent) })
  return results
}
