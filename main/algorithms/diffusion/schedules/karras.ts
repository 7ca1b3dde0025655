import { z } from 'zod'
import { CLEAN, legsOf, nodeAt, type Path } from '../../../math/gaussian-path.ts'
import type { NoiseTable } from '../../../math/noise-table.ts'
import { roundHalfEven } from '../../../math/rounding.ts'
import { nodeOfRatio, ratioAt } from '../../../math/timesteps.ts'
import { define } from '../../define.ts'

/** Where ln ratio lies among the levels, piecewise linear and held at the ends. */
function levelOfRatio(table: NoiseTable, ratio: number): number {
  const last = table.abar.length - 1
  const wanted = Math.log(ratio)
  const at = (level: number) => Math.log(ratioAt(table, level))
  let low = 0
  let high = last - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (wanted < at(middle + 1)) high = middle
    else low = middle + 1
  }
  return Math.min(last, Math.max(0, low + (wanted - at(low)) / (at(low + 1) - at(low))))
}

/** sigma / alpha at the two ends of a path: of its table where it has one. */
function endsOf(path: Path): readonly [greatest: number, least: number] {
  const { table, tNoise, tData } = path
  if (table) return [ratioAt(table, table.abar.length - 1), ratioAt(table, 0)]
  const ends = [path.sigma(tNoise) / path.alpha(tNoise), path.sigma(tData) / path.alpha(tData)] as const
  if (!(Number.isFinite(ends[0]) && ends[1] > 0))
    throw new RangeError('This path begins or ends where the noise cannot be weighed against the signal.')
  return ends
}

/**
 * Noise falls as the seventh power of an even ramp: (max^(1/rho) + j / (n - 1) (min^(1/rho) - max^(1/rho)))^rho.
 * Coefficients use that noise exactly; the timestep told to a network of discrete levels is the nearest one, which may repeat.
 */
export const karras = define({
  id: 'karras',
  role: 'schedule',
  title: 'Karras',
  summary: 'Small steps near the picture, long ones in the noise.',
  paper: {
    title: 'Elucidating the Design Space of Diffusion-Based Generative Models',
    year: 2022,
    link: 'https://arxiv.org/abs/2206.00364',
  },
  params: z.object({
    rho: z.number().min(1).max(20).default(7).meta({ title: 'Density', description: 'How strongly steps gather near the picture.' }),
    landing: z
      .enum(['zero', 'sigma_min'])
      .default('zero')
      .meta({ title: 'Landing', description: 'Noise left at the end: none, or that of the cleanest level.' }),
  }),
  needs: {},
  make: ({ rho, landing }) => ({
    legs: (path, steps) => {
      if (!(Number.isInteger(steps) && steps >= 2))
        throw new RangeError(`The number of steps is ${steps}; Karras’ ramp needs two at least.`)
      const [greatest, least] = endsOf(path)
      const top = greatest ** (1 / rho)
      const bottom = least ** (1 / rho)
      const nodeOf = (ratio: number) => {
        if (!path.table) return nodeAt(path, path.tOfLambda(-Math.log(ratio)))
        const label = roundHalfEven(levelOfRatio(path.table, ratio))
        return nodeOfRatio(ratio, path.tOfLambda(-Math.log(ratio)), label)
      }
      // Landing on the cleanest level is the ramp's own end; landing on no noise is one step more.
      const last = landing === 'zero' ? steps - 1 : steps
      const ramp = Array.from({ length: last + 1 }, (_, j) => nodeOf((top + (j / last) * (bottom - top)) ** rho))
      return legsOf(landing === 'zero' ? [...ramp, { ...CLEAN, label: 0 }] : ramp)
    },
  }),
})
