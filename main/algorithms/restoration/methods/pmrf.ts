import { z } from 'zod'
import { downsample } from '../../../math/downsample.ts'
import { integrate, uniformTimes } from '../../../math/integrate.ts'
import { consistency } from '../../../math/metrics/consistency.ts'
import { noiseLevel } from '../../../math/metrics/noise-level.ts'
import { noiseOf, normalsInto } from '../../../math/random.ts'
import { type Tensor, tensor } from '../../../math/tensor.ts'
import { planTiles, type TilePlan, tiled } from '../../../math/tiles.ts'
import { define, Refusal } from '../../define.ts'
import type { Network, Restored, Step } from '../../roles.ts'
import { callOn, clipToPicture, expectPicture } from './damaged.ts'
import { euler, sourceInto, type Velocity } from './pmrf-flow.ts'

/**
 * PMRF: the photo-realistic restoration with the smallest squared error. A first network gives the posterior mean
 * x* = E[x | y]: as close to the truth as can be, and therefore soft wherever the truth is uncertain. Noise is added,
 * z0 = x* + sigma e, and a second network carries z0 along straight paths to the pictures of the world, K Euler steps
 * z ← z + v(z, i/K)/K. Neither the damaged picture nor x* is shown to the flow.
 */
export const pmrf = define({
  id: 'pmrf',
  role: 'restorer',
  title: 'Quick restore',
  summary: 'Takes noise, blur, JPEG blocks and low resolution out of a picture; gives a faithful and a realistic version.',
  paper: {
    title: 'Posterior-Mean Rectified Flow: Towards Minimum MSE Photo-Realistic Image Restoration',
    year: 2025,
    link: 'https://arxiv.org/abs/2410.00418',
  },
  params: z.object({
    steps: z.int().min(1).max(50).default(25).meta({
      title: 'Steps',
      description: 'How far the realistic version goes: 1 stays close to the faithful one, 5 is a good preview, 25 shows full detail.',
    }),
    blend: z.number().min(0).max(1).default(1).meta({
      title: 'Realism',
      description: 'Mixes the two versions: 0 is the faithful one, 1 the realistic one.',
    }),
    noise: z.number().min(0).max(0.3).nullable().default(null).meta({
      title: 'Noise',
      description: 'Strength of the noise the flow starts from, as a share of white. Automatic: the value the model was trained with.',
    }),
    tile: z.int().min(192).max(1024).default(512).meta({
      title: 'Tile size',
      description: 'Longest side of the pieces a large picture is worked on in, in pixels. Smaller needs less memory and more time.',
    }),
  }),
  needs: { mean: 'posterior-mean', flow: 'rectified-flow' },
  make: ({ steps, noise, blend, tile }, { mean, flow }) => {
    const sigma = noise ?? flow.sigmaSource
    if (sigma === null)
      throw new Refusal(
        'The restoration cannot start.',
        `The model "${flow.model.id}" does not say which noise it was trained with.`,
        'Set the noise by hand, or use a model whose card tells it.',
      )
    return { restore: (damaged, seed, signal) => restore(damaged, { steps, sigma, blend, tile, mean, flow }, seed, signal) }
  },
})

interface Plan {
  readonly steps: number
  readonly sigma: number
  readonly blend: number
  readonly tile: number
  readonly mean: Network
  readonly flow: Network
}

const PREVIEW_SIDE = 512
/** Numbers of noise drawn between two looks at the signal: some tens of milliseconds. */
const DRAW = 1 << 19

async function* restore(damaged: Tensor, plan: Plan, seed: number, signal: AbortSignal): AsyncGenerator<Step, readonly Restored[], void> {
  expectPicture(damaged)
  const { steps, sigma, blend, mean, flow } = plan
  const meanTiles = tilesFor(damaged, plan.tile, mean)
  const flowTiles = tilesFor(damaged, plan.tile, flow)
  const total = meanTiles.count + steps * flowTiles.count
  // Previews are made when they are looked at, and only then.
  const at = (step: number, label: string, shown: Tensor | null = null): Step => ({
    step,
    steps: total,
    label,
    get preview() {
      return shown && downsample(shown, PREVIEW_SIDE)
    },
  })

  // After a tile is told of, the next one runs elsewhere: what else there is to do is done meanwhile.
  const state = tensor(damaged.shape)
  const drawing = drawInto(state, seed)
  const pieces = Math.ceil(state.data.length / DRAW / meanTiles.count)
  const first = tiled(damaged, meanTiles, { run: (y, stop) => callOn(mean, { y }, 'x', y, stop), spent: mean.free }, signal)
  let next = await first.next()
  for (; !next.done; next = await first.next()) {
    yield at(next.value, 'Faithful')
    for (let piece = 0; piece < pieces && !drawing.next().done; piece++) yield at(next.value, 'Faithful')
  }
  const faithful = next.value
  clipToPicture(faithful)
  sourceInto(state.data, faithful.data, state.data, sigma)

  const measures = { before: 0, consistency: 0, noise: 0 }
  const chores = [
    () => (measures.before = noiseLevel(damaged)),
    () => (measures.consistency = consistency(damaged, faithful)),
    () => (measures.noise = noiseLevel(faithful)),
  ]
  const isOneTile = flowTiles.count === 1
  /** What the next preview shows, once the step after it is under way. */
  let due: Tensor | null = faithful
  const shown = (picture: Tensor | null) => {
    due = null
    return picture
  }
  yield at(meanTiles.count, 'Faithful', isOneTile ? shown(faithful) : null)

  const into = tensor(damaged.shape)
  const velocity: Velocity<Float32Array> = async function* (z, t, stop) {
    const time = tensor([1], Float32Array.of(t))
    const run = (tile: Tensor, inner: AbortSignal) => callOn(flow, { z: tile, t: time }, 'v', tile, inner)
    const tiles = tiled(tensor(damaged.shape, z), flowTiles, { run, spent: flow.free, into }, stop)
    let done = await tiles.next()
    for (; !done.done; done = await tiles.next()) yield done.value / flowTiles.count
    return done.value.data
  }
  for await (const tick of integrate(state.data, uniformTimes(steps), euler(velocity), signal)) {
    const step = meanTiles.count + tick.step * flowTiles.count
    if (Number.isInteger(tick.step)) {
      due = state
      yield at(step, 'Realistic', isOneTile ? state : null)
    } else {
      yield at(step, 'Realistic', shown(due))
      chores.shift()?.()
    }
  }

  clipToPicture(state)
  mixInto(state, faithful, blend)
  // Each measure of a large picture takes a good part of a second: a chance to stop before each.
  for (const chore of chores) {
    yield at(total, 'Realistic')
    chore()
  }
  yield at(total, 'Realistic')
  const truth = consistency(damaged, state)
  yield at(total, 'Realistic')
  const noise = noiseLevel(state)
  signal.throwIfAborted()
  const noiseBefore = measures.before
  return [
    {
      label: 'faithful',
      visible: false,
      picture: faithful,
      measures: { consistency: measures.consistency, noise: measures.noise, noiseBefore },
    },
    { label: 'realistic', visible: true, picture: state, measures: { consistency: truth, noise, noiseBefore } },
  ]
}

/** Draws the noise. It belongs to the whole picture: whatever the tiles, a pixel gets the same. */
function* drawInto({ data }: Tensor, seed: number): Generator<void, void, void> {
  for (let from = 0; from < data.length; from += DRAW) {
    normalsInto(data, noiseOf(seed), from, Math.min(data.length, from + DRAW))
    yield
  }
}

/** From the realistic picture to a share of it with the faithful one. */
function mixInto({ data: realistic }: Tensor, { data: faithful }: Tensor, share: number): void {
  if (share === 1) return
  for (let i = 0; i < realistic.length; i++) realistic[i] = (1 - share) * faithful[i] + share * realistic[i]
}

function tilesFor(picture: Tensor, size: number, { overlap, multiple }: Network): TilePlan {
  const [, rows, columns] = picture.shape
  const least = Math.ceil((3 * overlap) / multiple) * multiple
  return planTiles(columns, rows, { size: Math.max(size, least, multiple), overlap, multiple })
}
