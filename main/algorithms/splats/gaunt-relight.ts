import { z } from 'zod'
import { cosineWeights, gauntProduct } from '../../math/gaunt.ts'
import { inPieces, type Pieces } from '../../math/pause.ts'
import { degreeOf, harmonicsAt } from '../../math/spherical-function.ts'
import { harmonicCount } from '../../math/spherical-harmonics.ts'
import { expectSplats, type Splats } from '../../math/splats.ts'
import { define } from '../define.ts'
import type { Light } from '../splats.ts'
import { outwardNormals, visibilities } from './visibility.ts'

const params = z.object({
  strength: z.number().min(0).max(1).default(1).meta({ title: 'Strength' }),
  shadows: z.boolean().default(true).meta({ title: 'Shadows', description: 'Whether parts of the object stand in the way of the light.' }),
  degree: z.int().min(0).max(3).default(3).meta({ title: 'Detail of the shadows' }),
})
type Settings = z.output<typeof params>

/** Splats that are lit before others have a turn. */
const PIECE = 256

const Y0 = 0.28209479177387814

/** The light that falls on a surface, from functions on the sphere of what there is and what is seen of it. May ring below 0. */
export function irradiance(seen: Float64Array, normal: ArrayLike<number> & Iterable<number>): number {
  const degree = degreeOf(seen)
  const weights = cosineWeights(degree)
  return harmonicsAt(degree, normal).reduce((sum, value, i) => sum + weights[Math.floor(Math.sqrt(i))] * seen[i] * value, 0)
}

/** A lamp far away, its ringing held down. @param direction a unit vector towards it. */
export function sun(direction: readonly [number, number, number], intensity: number, degree: number): Float64Array {
  return harmonicsAt(degree, direction).map((value, i) => {
    const l = Math.floor(Math.sqrt(i))
    return (intensity * value) / (1 + 0.02 * l * l * (l + 1) * (l + 1))
  })
}

function* relight(splats: Splats, light: Light, { strength, shadows, degree }: Settings): Pieces<Splats> {
  expectSplats(splats)
  const channels = [light.red, light.green, light.blue]
  for (const channel of channels) degreeOf(channel)
  const terms = harmonicCount(splats.degree)
  const harmonics = splats.harmonics.slice()
  const normals = outwardNormals(splats)
  const views = shadows ? yield* visibilities(splats, degree) : null
  for (let i = 0; i < splats.count; i++) {
    if (i % PIECE === PIECE - 1) yield
    const normal = normals.subarray(3 * i, 3 * i + 3)
    for (const [channel, coefficients] of channels.entries()) {
      const seen = views ? gauntProduct(coefficients, views[i]) : coefficients
      const factor = 1 - strength + (strength * Math.max(0, irradiance(seen, normal))) / Math.PI
      for (let k = 0; k < terms; k++) {
        const at = 3 * (i * terms + k) + channel
        const shift = k === 0 ? 0.5 / Y0 : 0
        harmonics[at] = (harmonics[at] + shift) * factor - shift
      }
    }
  }
  return { ...splats, harmonics }
}

/**
 * Each splat's light is the product on the sphere of the light there is and of what the splat can see past its neighbours, filtered by
 * the cosine at its normal. The product is found through Fourier series on the torus, in O(L³) instead of O(L⁶).
 */
export const gauntRelight = define({
  id: 'gaunt-relight',
  role: 'splat-relighter',
  title: 'Relight',
  summary: 'Lights an object of splats by a sun and a sky, with shadows on itself.',
  paper: {
    title: 'Enabling Efficient Equivariant Operations in the Fourier Basis via Gaunt Tensor Products',
    year: 2024,
    link: 'https://arxiv.org/abs/2401.10216',
  },
  params,
  needs: {},
  make: (settings) => ({ relight: (splats, light, signal) => inPieces(relight(splats, light, settings), signal) }),
})
