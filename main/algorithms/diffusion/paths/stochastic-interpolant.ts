import { z } from 'zod'
import { define } from '../../define.ts'
import type { Interpolation } from '../../roles.ts'

const params = z.object({
  path: z
    .enum(['linear', 'trig', 'encdec'])
    .default('linear')
    .meta({ title: 'Way', description: 'How the two are mixed; encdec passes through pure noise.' }),
  gamma: z
    .enum(['brownian', 'bsquared', 'sinesquared', 'zero'])
    .default('brownian')
    .meta({ title: 'Noise between', description: 'How much noise lies between the ends.' }),
  scale: z.number().gt(0).max(4).default(1).meta({ title: 'Strength', description: 'Factor of the variance of brownian noise.' }),
})

/** gamma and gamma gamma'. */
function noiseAt(gamma: z.output<typeof params>['gamma'], scale: number, t: number): readonly [number, number] {
  const rest = t * (1 - t)
  switch (gamma) {
    case 'brownian':
      return [Math.sqrt(scale * rest), (scale * (1 - 2 * t)) / 2]
    case 'bsquared':
      return [rest, rest * (1 - 2 * t)]
    case 'sinesquared':
      return [Math.sin(Math.PI * t) ** 2, Math.sin(Math.PI * t) ** 2 * Math.PI * Math.sin(2 * Math.PI * t)]
    case 'zero':
      return [0, 0]
    default:
      return gamma satisfies never
  }
}

/**
 * x(t) = a(t) x0 + b(t) x1 + gamma(t) z: a bridge in finite time between any two distributions, with as much randomness on the way
 * as wanted and the same ends whatever that is. With x0 noise and gamma 0 it is every Gaussian path.
 */
export const stochasticInterpolant = define({
  id: 'stochastic-interpolant',
  role: 'bridge',
  title: 'Stochastic interpolant',
  summary: 'A bridge between two palettes or pictures, straight or wild.',
  paper: {
    title: 'Stochastic Interpolants: A Unifying Framework for Flows and Diffusions',
    year: 2023,
    link: 'https://arxiv.org/abs/2303.08797',
  },
  params,
  needs: {},
  make: ({ path, gamma: form, scale }) => ({
    at: (t): Interpolation => {
      if (!(t >= 0 && t <= 1)) throw new RangeError(`The time ${t} lies outside 0..1.`)
      const [gamma, gammaSlope] = noiseAt(form, scale, t)
      const noise = { gamma, gammaSlope }
      if (path === 'linear') return { a: 1 - t, b: t, da: -1, db: 1, ...noise }
      if (path === 'encdec') {
        const value = Math.cos(Math.PI * t) ** 2
        const slope = -Math.PI * Math.sin(2 * Math.PI * t)
        return t <= 0.5 ? { a: value, b: 0, da: slope, db: 0, ...noise } : { a: 0, b: value, da: 0, db: slope, ...noise }
      }
      const w = Math.sqrt(1 - gamma * gamma)
      const [cos, sin] = [Math.cos((Math.PI * t) / 2), Math.sin((Math.PI * t) / 2)]
      // w' = -gamma gamma' / w; where w is 0 the ends of the paths meet and nothing but noise is left.
      const bend = w > 0 ? gammaSlope / w : 0
      return {
        a: w * cos,
        b: w * sin,
        da: -bend * cos - (Math.PI / 2) * w * sin,
        db: -bend * sin + (Math.PI / 2) * w * cos,
        ...noise,
      }
    },
  }),
})
