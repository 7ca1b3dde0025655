import { z } from 'zod'
import { separationCurve } from '../../../math/data-separation.ts'
import { lambdaOf, legsOf, nodeAt } from '../../../math/gaussian-path.ts'
import { kineticPath } from '../../../math/kinetic-path.ts'
import { define } from '../../define.ts'

/** How far from an end of pure noise or pure picture the inner steps stay, as a share of the path's time. */
const EDGE = 1e-3

/**
 * Even times on the kinetic-optimal path, carried over to the model's own by equal signal-to-noise: the few steps of a draft fall
 * where this kind of picture is decided. The first and last node are the model's own ends.
 */
export const kineticSpacing = define({
  id: 'kinetic-spacing',
  role: 'schedule',
  title: 'Smart spacing',
  summary: 'Puts the steps where this kind of picture is decided; measured once.',
  paper: { title: 'On Kinetic Optimal Probability Paths for Generative Models', year: 2023, link: 'https://arxiv.org/abs/2306.06626' },
  params: z.object({
    separation: z
      .array(z.object({ s: z.number().gt(0), unknown: z.number().min(0) }))
      .default([])
      .meta({ title: 'Measurement', description: 'Mean squared error an entry at each signal-to-noise, of data scaled to mean square 1.' }),
  }),
  needs: {},
  make: ({ separation }) => {
    const { theta } = kineticPath(separationCurve(separation))
    return {
      legs: (path, steps) => {
        if (!(Number.isInteger(steps) && steps >= 1))
          throw new RangeError(`The number of steps is ${steps}; it must be a whole number above 0.`)
        const span = path.tData - path.tNoise
        const finite = (t: number, inwards: number) => (Number.isFinite(lambdaOf(nodeAt(path, t))) ? t : t + inwards)
        const low = lambdaOf(nodeAt(path, finite(path.tNoise, EDGE * span)))
        const high = lambdaOf(nodeAt(path, finite(path.tData, -EDGE * span)))
        // What falls outside the model's range is held in it, a tenth of an even step apart so that every step goes somewhere.
        const apart = (high - low) / (10 * steps)
        const held = (lambda: number, i: number) => Math.max(low + apart * i, Math.min(high - apart * (steps - i), lambda))
        const inner = Array.from({ length: steps - 1 }, (_, i) => held(spacedLambda(theta((i + 1) / steps)), i + 1))
        return legsOf([nodeAt(path, path.tNoise), ...inner.map((lambda) => nodeAt(path, path.tOfLambda(lambda))), nodeAt(path, path.tData)])
      },
    }
  },
})

/** lambda of an angle whose tangent is signal over noise. */
export const spacedLambda = (theta: number): number => Math.log(Math.tan(theta))
