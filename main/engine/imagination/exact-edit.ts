import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { guided } from '../../algorithms/diffusion/denoiser.ts'
import type { Inversion } from '../../algorithms/editing.ts'
import { inversions } from '../../algorithms/index.ts'
import type { Step } from '../../algorithms/roles.ts'
import { mix } from '../../math/mix.ts'
import { rootMeanSquare } from '../../math/move.ts'
import type { Denoise } from '../../math/prediction.ts'
import { leaseDenoisers, measuredColours, readWords } from '../diffusion/asking.ts'
import { courseOf } from '../diffusion/course.ts'
import { expectNumbers } from '../diffusion/generate.ts'
import { encodeLatent } from '../diffusion/latents.ts'
import { told } from '../diffusion/told.ts'
import { defineImagination } from './define-imagination.ts'
import { differencePatch } from './difference-patch.ts'
import { sceneOf } from './edit-scene.ts'
import { check, feather, freedom, guidance, inversion, prompt, source, steps, strength } from './knobs.ts'
import { lastOf } from './last-legs.ts'
import { wordsOf } from './wording.ts'

/** How little BDIA may hold the picture: beyond that, stray error grows too fast. */
const LOOSEST = 0.92

/**
 * Brings the picture to the noise with the words for what it is, and back with those for what it shall be. The new words are guided
 * from the old ones: where both are the same nothing acts, and an exact inversion ends where it began. What is laid on the layer is the
 * difference of two decoded pictures, so that what the autoencoder loses of the picture is not lost.
 */
export const exactEdit = defineImagination({
  id: 'exact-edit',
  role: 'imagination',
  title: 'Exact edit',
  summary: 'Changes what the words change; with the same words every pixel comes back.',
  paper: {
    title: 'Exact Diffusion Inversion via Bi-directional Integration Approximation',
    year: 2024,
    link: 'https://arxiv.org/abs/2307.10829',
  },
  params: z.object({
    source,
    prompt,
    strength: strength(0.8),
    freedom,
    guidance: guidance.default(4),
    steps: steps.default(30),
    inversion,
    feather,
    check,
  }),
  needsLayer: true,
  async *imagine(context, signal) {
    const { folder, sessions, params, objects } = context
    const wanted = wordsOf(params.prompt, objects, params.source)
    if (wanted === '') throw noWords()
    const scene = await sceneOf(context, signal)
    const { crop, picture } = scene
    const course = courseOf(folder.noise, params.steps, { id: 'uniform' }, { id: 'ddim' })
    const legs = lastOf(course, params.strength)
    const method = inversionOf(params)
    const texts = wanted === params.source.trim() ? [wanted] : [params.source.trim(), wanted]
    const known = await encodeLatent(folder.autoencoder, picture, sessions, signal)
    const { conditionings, notes } = await readWords(folder, texts, sessions, signal)
    const colours = await measuredColours(folder, sessions, signal)
    const { before, after, measures, warning } = yield* edited()
    return {
      patch: await differencePatch(context, scene, { ...known, data: before }, { ...known, data: after }, signal),
      measures,
      notes: [...notes, ...scene.notes, ...(warning ? [warning] : [])],
    }

    async function* edited(): AsyncGenerator<Step, Edited, void> {
      using unet = await leaseDenoisers(folder, null, conditionings, crop.size, sessions, signal)
      const [old, fresh = old] = unet.denoisers as [Denoise, Denoise?]
      const calls = method.calls(legs.length)
      // An inversion that is not exact is measured by what it makes of the old words, and its drift is taken off the edit.
      const returns = params.check || !method.exact
      const all = calls.there + calls.back * (returns ? 2 : 1)
      let guess: Float64Array | undefined
      const shown = () => (guess ? colours({ ...known, data: guess }) : null)
      const seen = (denoise: Denoise): Denoise => {
        return async (x, at, stop) => {
          const said = await denoise(x, at, stop)
          guess = said.x0
          return said
        }
      }
      const toNoise = told(method.there(known.data, legs, seen(old), signal), 'Finding the noise', shown)
      const inverted = yield* countedIn(toNoise, 0, calls.there, all)
      const guidedBack = seen(guided(fresh, old, params.guidance))
      const [after] = yield* countedIn(told(method.back(inverted, guidedBack, signal), 'Editing', shown), calls.there, calls.back, all)
      const { measures, warning } = method.readOut(inverted)
      if (!after) throw new RangeError('The inversion gave nothing back.')
      expectNumbers(after)
      if (!returns) return { before: known.data, after, measures, warning }
      const [returned = known.data] = yield* countedIn(
        told(method.back(inverted, seen(old), signal), 'Checking the way back', shown),
        calls.there + calls.back,
        calls.back,
        all,
      )
      const roundTrip = rootMeanSquare(mix([1, returned], [-1, known.data]))
      return { before: method.exact ? known.data : returned, after, measures: { ...measures, roundTrip }, warning }
    }
  },
})

interface Edited {
  /** Latents that the picture is compared at. */
  readonly before: Float64Array
  readonly after: Float64Array
  readonly measures: Readonly<Record<string, number>>
  readonly warning: string | null
}

function inversionOf({
  inversion,
  freedom,
}: {
  readonly inversion: (typeof inversions)[number]['id']
  readonly freedom: number
}): Inversion {
  const method = inversions.find(({ id }) => id === inversion)
  const gamma = 1 - freedom * (1 - LOOSEST)
  // Each has its own settings; those that have no gamma leave it out.
  const make = method?.make as (params: unknown, networks: object) => Inversion
  return make(method?.params.parse({ gamma }), {})
}

/** Steps of one way, counted in calls of the network: `before` of `all` were made when it began. */
async function* countedIn<R>(
  steps: AsyncGenerator<Step, R, void>,
  before: number,
  calls: number,
  all: number,
): AsyncGenerator<Step, R, void> {
  for (let next = await steps.next(); ; next = await steps.next()) {
    if (next.done) return next.value
    yield { ...next.value, step: Math.min(all, before + (calls * next.value.step) / next.value.steps), steps: all }
  }
}

const noWords = () =>
  fault(
    'invalid',
    'There is nothing to change.',
    'No words say what the picture shall become.',
    'Write what it shall be, and run it again.',
  )
