import { z } from 'zod'
import { guided, withPicture } from '../../algorithms/diffusion/denoiser.ts'
import { drawsOf, sample } from '../../algorithms/diffusion/sample.ts'
import type { Step } from '../../algorithms/roles.ts'
import { mix } from '../../math/mix.ts'
import type { Denoise } from '../../math/prediction.ts'
import { leaseDenoisers, measuredColours, readWords } from '../diffusion/asking.ts'
import { courseOf } from '../diffusion/course.ts'
import { expectNumbers } from '../diffusion/generate.ts'
import { decodeLatent, encodeLatent, type Latent } from '../diffusion/latents.ts'
import { told } from '../diffusion/told.ts'
import { NOTHING_FOUND } from '../tuning/tuned.ts'
import { cellsUnder } from './crop.ts'
import { cutOut } from './cut-out.ts'
import { defineImagination } from './define-imagination.ts'
import { sceneOf } from './edit-scene.ts'
import { feather, guidance, negative, prompt, schedule, solverFromPicture as solver, steps, strength } from './knobs.ts'
import { lastOf } from './last-legs.ts'
import { laid } from './paste.ts'
import { wordsOf } from './wording.ts'

/**
 * Makes a region anew. Its surroundings are shown to the model at its own resolution; the way begins at the layer itself brought
 * towards the noise, where it shows nothing at the colours around it, and at every step what is known is held in the clean picture
 * that the model guesses. So the new joins the old, and beyond the region's own pixels it goes on with them.
 */
export const fill = defineImagination({
  id: 'fill',
  role: 'imagination',
  title: 'Fill',
  summary: 'Makes a region anew, inside the picture or beyond its edge; everything else stays as it is.',
  paper: {
    title: 'RePaint: Inpainting using Denoising Diffusion Probabilistic Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2201.09865',
  },
  params: z.object({ prompt, negative, strength: strength(0.9), feather, guidance, steps, schedule, solver }),
  needsLayer: true,
  async *imagine(context, signal) {
    const { folder, sessions, params, objects, seed } = context
    const { autoencoder, noise } = folder
    const scene = await sceneOf(context, signal)
    const { crop, ground, picture, isCutOut } = scene
    const shape = [autoencoder.channels, crop.size.height / autoencoder.factor, crop.size.width / autoencoder.factor]
    const fitting = { tuned: folder.tuned ?? NOTHING_FOUND, guidance: params.guidance, shape }
    const course = courseOf(noise, params.steps, { id: params.schedule }, { id: params.solver }, fitting)
    const model = { path: course.path, statistics: course.statistics }
    const legs = lastOf(course, params.strength)
    const known = await encodeLatent(autoencoder, picture, sessions, signal)
    const words = wordsOf(params.prompt, objects)
    const texts = params.guidance === 1 ? [words] : [words, params.negative]
    const { conditionings, notes } = await readWords(folder, texts, sessions, signal)
    const colours = await measuredColours(folder, sessions, signal)
    const made = yield* denoised()
    using decoder = await sessions.leaseFile(autoencoder.decoder.file, signal)
    const { picture: fresh, alpha } = await decodeLatent(autoencoder, { ...known, data: made }, decoder, signal)
    const patch = await laid(ground, isCutOut && alpha ? await cutOut(fresh, alpha, signal) : fresh, signal)
    return { patch, measures: {}, notes: [...course.notes, ...notes, ...scene.notes] }

    async function* denoised(): AsyncGenerator<Step, Float64Array, void> {
      using unet = await leaseDenoisers(folder, course.skipAt, conditionings, crop.size, sessions, signal)
      const [withPrompt, without = withPrompt] = unet.denoisers as [Denoise, Denoise?]
      const cells = await cellsUnder(ground.weights, crop, autoencoder.factor, signal)
      let guess: Latent = known
      const held = withPicture(course.fitted(guided(withPrompt, without, params.guidance)), (x0) => {
        guess = { ...known, data: x0.map((value, i) => (cells[i % cells.length] === 1 ? value : (known.data[i] as number))) }
        return guess.data
      })
      const draw = drawsOf(seed)
      const start = legs[0]?.from
      if (!start) throw new RangeError('There are no steps.')
      const x = mix([start.alpha, known.data], [start.sigma, draw(known.data.length)])
      const ticks = sample({ solver: course.solver, legs, model, denoise: held, x, draw }, signal)
      const { x: last } = yield* told(ticks, 'Filling', () => colours(guess))
      expectNumbers(last)
      return last
    }
  },
})
