import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { guided } from '../../algorithms/diffusion/denoiser.ts'
import type { Draft, EditStep, ObjectEditor, ObjectsEdited, ObjectToEdit, Scene } from '../../algorithms/editing.ts'
import { objectAware } from '../../algorithms/inversion/object-aware.ts'
import { fidelityOf } from '../../algorithms/inversion/object-aware-choice.ts'
import { judgedByModel, judgingNodes } from '../../algorithms/inversion/object-aware-judge.ts'
import type { Step } from '../../algorithms/roles.ts'
import type { Denoise } from '../../math/prediction.ts'
import { noiseOf } from '../../math/random.ts'
import { leaseDenoisers, measuredColours, readWords } from '../diffusion/asking.ts'
import { courseOf } from '../diffusion/course.ts'
import { encodeLatent } from '../diffusion/latents.ts'
import { refusalOf } from '../diffusion/refusal.ts'
import { coverageOver } from './coverage.ts'
import { cellsUnder } from './crop.ts'
import { defineImagination } from './define-imagination.ts'
import { differencePatch } from './difference-patch.ts'
import { sceneOf } from './edit-scene.ts'
import { feather, guidance, source, steps, strength } from './knobs.ts'
import { lastOf } from './last-legs.ts'
import { draftsOf, finished } from './unfinished.ts'
import { objectWords } from './wording.ts'

const LABELS: Readonly<Record<EditStep['label'], string>> = {
  invert: 'Finding the noise',
  search: 'Trying depths',
  assemble: 'Putting the objects together',
  blend: 'Closing the seams',
}

/**
 * Several objects become something else, each from the depth of inversion that suits it. Where no other judge is at hand the model
 * itself says how much an object has become what was asked for: an estimate. Fidelity is measured between latents. What is laid on the
 * layer is the difference of two decoded pictures, within the objects alone. A search that was stopped goes on where it ended.
 */
export const editObjects = defineImagination({
  id: 'edit-objects',
  role: 'imagination',
  title: 'Edit objects',
  summary: objectAware.summary,
  paper: objectAware.paper,
  params: z.object({
    source,
    strength: strength(1),
    guidance: guidance.default(7.5),
    steps: steps.default(20),
    ...objectAware.params.shape,
    feather,
  }),
  needsLayer: true,
  async *imagine(context, signal) {
    const { folder, sessions, params, objects, seed } = context
    const words = objectWords(params.source, objects)
    const scene = await sceneOf(context, signal)
    const { crop, picture } = scene
    const legs = lastOf(courseOf(folder.noise, params.steps, { id: 'uniform' }, { id: 'ddim' }), params.strength)
    const masks: Float64Array[] = []
    for (const [i, object] of objects.entries()) {
      // The edge is softened when the result is laid; which cells belong to an object is a matter of the object alone.
      const cells = await cellsUnder(await coverageOver([object], crop.rect, signal), crop, folder.autoencoder.factor, signal)
      expectSurroundings(cells, i)
      masks.push(overChannels(cells, folder.autoencoder.channels))
    }
    const known = await encodeLatent(folder.autoencoder, picture, sessions, signal)
    const { conditionings, notes } = await readWords(folder, words.texts, sessions, signal)
    const colours = await measuredColours(folder, sessions, signal)
    let calls = 0
    const { after, depths, warnings } = yield* edited()
    const measures = { calls, ...Object.fromEntries(depths.map((depth, i) => [`depth${i + 1}`, depth / legs.length])) }
    const patch = await differencePatch(context, scene, known, { ...known, data: after }, signal)
    return { patch, measures, notes: [...notes, ...scene.notes, ...warnings] }

    async function* edited(): AsyncGenerator<Step, { after: Float64Array; depths: readonly number[]; warnings: readonly string[] }, void> {
      using unet = await leaseDenoisers(folder, null, conditionings, crop.size, sessions, signal)
      const ask = unet.denoisers.map((denoise): Denoise => {
        return (x, at, stop) => {
          calls++
          return denoise(x, at, stop)
        }
      })
      const asked = (text: string) => ask[words.texts.indexOf(text)] as Denoise
      const towards = (text: string) => guided(asked(text), asked(words.source), params.guidance)
      const nodes = judgingNodes(folder.noise.path)
      const { search, assembleAt, reinvert } = params
      const { path, stamp } = folder.unet.part.file
      const rest = { path, stamp, words, legs: legs.length, steps: params.steps, guidance: params.guidance, assembleAt, seed }
      const drafts = draftsOf(sessions, { arrays: [known.data, ...masks], rest }, objects.length)
      const task: Scene = {
        x: known.data,
        legs,
        source: asked(words.source),
        whole: towards(words.whole),
        objects: masks.map((mask, i): ObjectToEdit => {
          const phrase = asked(words.phrases[i] as string)
          return {
            mask,
            drafts: [...(drafts[i] ?? [])],
            denoise: towards(words.edits[i] as string),
            judge: async (candidate, stop) => ({
              fidelity: fidelityOf(known.data, candidate, mask),
              editability: await judgedByModel(
                candidate,
                mask,
                { wanted: phrase, source: asked(words.source) },
                nodes,
                noiseOf(seed),
                stop,
              ),
            }),
          }
        }),
      }
      const editor = objectAware.make({ search, assembleAt, reinvert }, {})
      const { x: after, depths, warnings } = yield* followed(editor, task, tried, signal)
      finished(sessions)
      return { after, depths, warnings }

      function tried(object: number, draft: Draft): Step['preview'] {
        if (!drafts[object]?.some(({ depth }) => depth === draft.depth)) drafts[object]?.push(draft)
        return colours({ ...known, data: draft.x })
      }
    }
  },
})

/** An edit as an artist follows it, with each finished candidate as a preview; what is refused becomes a fault. */
async function* followed(
  editor: ObjectEditor,
  scene: Scene,
  tried: (object: number, draft: Draft) => Step['preview'],
  signal: AbortSignal,
): AsyncGenerator<Step, ObjectsEdited, void> {
  try {
    const steps = editor.edit(scene, signal)
    for (let next = await steps.next(); ; next = await steps.next()) {
      if (next.done) return next.value
      const { step, steps: all, label, object, draft } = next.value
      const which = object === null ? '' : `, object ${object + 1}`
      yield { step, steps: all, label: `${LABELS[label]}${which}`, preview: draft && object !== null ? tried(object, draft) : null }
    }
  } catch (thrown) {
    throw refusalOf(thrown)
  }
}

/** A mask of cells repeated for every channel. */
function overChannels(cells: Float64Array, channels: number): Float64Array {
  const mask = new Float64Array(channels * cells.length)
  for (let c = 0; c < channels; c++) mask.set(cells, c * cells.length)
  return mask
}

/** @throws FaultError `invalid` where nothing is left around an object for it to fit into. */
function expectSurroundings(cells: Float64Array, object: number): void {
  if (!cells.every((value) => value === 1)) return
  throw fault(
    'invalid',
    'An object fills the whole picture.',
    `Object ${object + 1} leaves nothing around it that could stay as it is.`,
    'Show a smaller region, or use the exact edit for the whole picture.',
  )
}
