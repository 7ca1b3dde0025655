import { splatSlope } from '../../../main/math/splat-gradient.ts'
import { LOW_PASS, NEAR, VIEW } from '../../../main/math/splat-projection.ts'
import { DARK, MOST_ALPHA, renderSplats } from '../../../main/math/splat-render.ts'
import type { Camera, Splats } from '../../../main/math/splats.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

type Precision = 'float32' | 'float64'
const valuesOf = (list: unknown, precision: Precision) => (precision === 'float64' ? flat(list) : Float32Array.from(flat(list)))

export function cameraOf({ R, T, fx, fy, cx, cy, width, height }: Inputs): Camera {
  return { rotation: flat(R), translation: flat(T), fx, fy, cx, cy, width, height }
}

/** The file's loss is linear in what is seen: waves over the pixels. */
function wavesOf({ width, height }: Camera, k: number) {
  const pixel = <T>(of: (x: number, y: number) => T) =>
    Array.from({ length: width * height }, (_, at) => of(at % width, Math.floor(at / width)))
  return {
    image: pixel((x, y) => [0, 1, 2].map((c) => Math.sin(0.7 * x + 1.3 * y + 2 * c + k))).flat(),
    depth: pixel((x, y) => 0.1 * Math.cos(0.3 * x - 0.5 * y + k)),
    alpha: pixel((x, y) => 0.5 * Math.sin(0.2 * x + 0.9 * y - k)),
  }
}

/** A cloud from the front to the pixels and back, in both precisions. */
export const gaussianSplatRendererAdapter: FileAdapter = {
  name: 'gaussian-splat-renderer',
  recognises: ({ params, expected }) => Boolean(params?.opacity_logit && expected?.grad_uv_pixels),
  async check({ settings, n, params, expected, tolerance }) {
    assume(settings, {
      near: NEAR,
      low_pass: LOW_PASS,
      alpha_max: MOST_ALPHA,
      alpha_min: '1/255',
      transmittance_stop: DARK,
      fov_clamp: VIEW,
    })
    const camera = cameraOf(settings.camera)
    const notes: string[] = []
    for (const precision of ['float64', 'float32'] as const) {
      const limit = tolerance[precision]
      const splats: Splats = {
        ...{ count: n, degree: settings.sh_degree },
        position: valuesOf(params.position, precision),
        logScale: valuesOf(params.log_scale, precision),
        rotation: valuesOf(params.quat, precision),
        opacity: valuesOf(params.opacity_logit, precision),
        harmonics: valuesOf(params.sh, precision),
      }
      const rendering = renderSplats(splats, camera, settings.background)
      const { image, depth, alpha, contributors, projection } = rendering
      const waves = wavesOf(camera, settings.loss_k)
      const along = (values: ArrayLike<number>, by: readonly number[]) => by.reduce((sum, factor, i) => sum + factor * values[i], 0)
      const { view, uv, covariance, colour, isSeen, order } = projection
      const { grad, grad_uv_pixels, ...pictures } = expected as Inputs
      // A splat that is not seen has no picture; what the file says of one is not the renderer's.
      const ofSeen = (values: unknown, width: number) => flat(values).filter((_, at) => isSeen[Math.floor(at / width)])
      const seen = { uv: 2, view_z: 1, cov2d: 3, color: 3 } as const
      const actual = {
        ...{ image, depth, alpha, contributors, order, valid: isSeen },
        loss: along(image, waves.image) + along(depth, waves.depth) + along(alpha, waves.alpha),
        uv: ofSeen([...uv], 2),
        view_z: ofSeen([...view.filter((_, at) => at % 3 === 2)], 1),
        cov2d: ofSeen([...covariance], 3),
        color: ofSeen([...colour], 3),
      }
      const wanted = { ...pictures }
      for (const [key, width] of Object.entries(seen)) wanted[key] = [...ofSeen(pictures[key], width)]
      const greatest = (values: unknown) => flat(values).reduce((most, value) => Math.max(most, Math.abs(value)), 1)
      const limitOf = (key: string) => {
        if (['contributors', 'order', 'valid'].includes(key)) return 0
        if (['image', 'depth', 'alpha'].includes(key)) return limit.image
        // A loss is a sum over all pixels; places in the picture are as large as it.
        return limit.image * (key === 'loss' ? image.length : greatest(wanted[key]))
      }
      notes.push(...differences(actual, wanted, limitOf).map((note) => `${precision}, ${note}`))

      const slope = splatSlope(splats, camera, settings.background, rendering, waves)
      const names = { position: 'position', log_scale: 'logScale', quat: 'rotation', opacity_logit: 'opacity', sh: 'harmonics' } as const
      const groups = [
        ...Object.keys(grad).map((key) => [key, slope[names[key as keyof typeof names]], grad[key]] as const),
        ['uv', slope.uv, grad_uv_pixels] as const,
      ]
      for (const [key, values, list] of groups) {
        const right = flat(list)
        const floor = limit.grad_abs_of_max * right.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
        const wrong = right.findIndex((value, i) => !(Math.abs(value - values[i]) <= limit.grad_rel * Math.abs(value) + floor))
        if (values.length !== right.length || wrong >= 0)
          notes.push(`${precision}, slope of ${key}: ${values[wrong]} instead of ${right[wrong]} at place ${wrong}`)
      }
    }
    return notes
  },
}
