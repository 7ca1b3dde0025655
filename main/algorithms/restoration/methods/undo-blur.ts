import { z } from 'zod'
import { gaussianKernel } from '../../../math/convolution.ts'
import { downsample } from '../../../math/downsample.ts'
import { outcome } from '../../../math/integrate.ts'
import { consistency } from '../../../math/metrics/consistency.ts'
import { noiseLevel } from '../../../math/metrics/noise-level.ts'
import { type Tensor, tensor } from '../../../math/tensor.ts'
import { planTiles, tiled } from '../../../math/tiles.ts'
import { define, Refusal } from '../../define.ts'
import type { LinearOperator, Network, Restored, Step } from '../../roles.ts'
import { motionKernel } from '../operators/motion-kernel.ts'
import { smeared, softened } from '../operators/smeared.ts'
import { callOn, clipToPicture, expectPicture } from './damaged.ts'
import { proximalSteps } from './proximal-steps.ts'

const params = z.object({
  blur: z
    .enum(['focus', 'motion'])
    .default('focus')
    .meta({
      title: 'Blur',
      description: 'Out of focus, or moved while it was taken.',
      anyOf: [
        { const: 'focus', title: 'Out of focus' },
        { const: 'motion', title: 'Moved' },
      ],
    }),
  size: z.number().min(0.4).max(20).default(1.5).meta({
    title: 'Size',
    description: 'How far a point was spread, in pixels: the deviation of a soft spot, or the length of the movement.',
  }),
  angle: z.number().min(0).max(180).default(0).meta({
    title: 'Angle',
    description: 'Of the movement, in degrees: 0 along the rows, 90 along the columns, rising to the right between.',
  }),
  noise: z.number().min(0.002).max(0.2).default(0.01).meta({
    title: 'Noise',
    description: 'Grain of the picture, as a share of white. Less brings out more detail; too little brings out grain as well.',
  }),
  steps: z.int().min(2).max(50).default(8).meta({ title: 'Steps', description: 'How often the network is asked. It settles soon.' }),
  tile: z.int().min(128).max(1024).default(256).meta({
    title: 'Tile size',
    description: 'Longest side of the pieces a large picture is worked on in, in pixels. Smaller needs less memory and more time.',
  }),
})
type Settings = z.output<typeof params>

const PREVIEW_SIDE = 512
/** How exactly the misfit is solved for, as a root mean square a value. */
const EXACT = 1e-4
/** A solution of the misfit reaches so many times as far as the blur does. */
const REACH = 4

/**
 * A known blur undone by plug and play: the network is the proximal operator of how natural a picture is, at the noise it was trained
 * for, and the measurement counts by its own noise: splitting with multipliers, rho = (noise / the network's)², as Zhang et al. couple
 * the two (Plug-and-Play Image Restoration with Deep Denoiser Prior, 2021). It settles in practice; that it surely does is proven only for
 * a rho above the squared norm of the blur, which would leave most of the blur in. The seed does not matter.
 * Pictures are [3, row, column] in 0..1; @throws Refusal for a picture or a network that does not suit.
 */
export const undoBlur = define({
  id: 'undo-blur',
  role: 'restorer',
  title: 'Undo a blur',
  summary: 'Brings detail back that a known blur has spread, out of focus or moved, and stays true to what was photographed.',
  paper: {
    title: 'What’s in a Prior? Learned Proximal Networks for Inverse Problems',
    year: 2024,
    link: 'https://arxiv.org/abs/2310.14344',
  },
  params,
  needs: { proximal: 'proximal' },
  make: (settings, { proximal }) => {
    const { sigma } = proximal
    if (sigma === undefined)
      throw new Refusal(
        'The restoration cannot start.',
        `The model "${proximal.model.id}" does not say which noise it was trained with.`,
        'Use a model whose card tells it, or install the studio again.',
      )
    return { restore: (damaged, _, signal) => restore(damaged, settings, proximal, sigma, signal) }
  },
})

/** What the blur did to a tile. */
function damageOf({ blur, size, angle }: Settings, { shape: [, , rows, columns] }: Tensor): LinearOperator {
  const shape = [3, rows, columns] as const
  if (blur === 'focus') return softened(shape, gaussianKernel(size), 'symmetric')
  return smeared(shape, motionKernel(Math.max(1, size), angle), 'symmetric')
}

async function* restore(
  damaged: Tensor,
  settings: Settings,
  proximal: Network,
  sigma: number,
  signal: AbortSignal,
): AsyncGenerator<Step, readonly Restored[], void> {
  expectPicture(damaged)
  const { size, noise, steps, tile } = settings
  const [, rows, columns] = damaged.shape
  const { multiple } = proximal
  const overlap = Math.ceil((proximal.overlap + REACH * Math.ceil(3 * size)) / multiple) * multiple
  const tiles = planTiles(columns, rows, { size: Math.max(tile, 3 * overlap), overlap, multiple })
  const restored = tensor(damaged.shape)
  const at = (done: number): Step => ({
    step: done,
    steps: tiles.count,
    label: 'Sharp',
    get preview() {
      return done > 0 ? downsample(restored, PREVIEW_SIDE) : null
    },
  })
  yield at(0)
  const run = async (blurred: Tensor, stop: AbortSignal): Promise<Tensor> => {
    const y = Float64Array.from(blurred.data)
    const splitting = {
      form: 'splitting',
      step: null,
      rho: (noise / sigma) ** 2,
      tolerance: EXACT * Math.sqrt(y.length),
      clip: true,
    } as const
    const prox = async (v: Float64Array, inner: AbortSignal) => {
      const input = tensor(blurred.shape, Float32Array.from(v))
      return Float64Array.from((await callOn(proximal, { y: input }, 'x', input, inner)).data)
    }
    const damage = { operator: damageOf(settings, blurred), y, deviation: noise, start: y }
    return tensor(
      blurred.shape,
      Float32Array.from(await outcome(proximalSteps(damage, { prox }, { ...splitting, iterations: steps }, stop))),
    )
  }
  for await (const done of tiled(damaged, tiles, { run, into: restored }, signal)) yield at(done)
  clipToPicture(restored)
  const measures = { consistency: consistency(damaged, restored), noise: noiseLevel(restored), noiseBefore: noiseLevel(damaged) }
  return [{ label: 'sharp', visible: true, picture: restored, measures }]
}
