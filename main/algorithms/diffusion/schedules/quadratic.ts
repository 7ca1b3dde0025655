import { z } from 'zod'
import { legsOf, nodeAt } from '../../../math/gaussian-path.ts'
import { define } from '../../define.ts'

/** Steps even in the root of time, counted from the data: shorter and shorter towards the picture. */
export const quadratic = define({
  id: 'quadratic',
  role: 'schedule',
  title: 'Quadratic',
  summary: 'Steps that shorten evenly towards the picture.',
  paper: { title: 'Denoising Diffusion Implicit Models', year: 2021, link: 'https://arxiv.org/abs/2010.02502' },
  params: z.object({}),
  needs: {},
  make: () => ({
    legs: (path, steps) => {
      if (!(Number.isInteger(steps) && steps >= 1))
        throw new RangeError(`The number of steps is ${steps}; it must be a whole number above 0.`)
      const { tNoise, tData } = path
      // Paths whose time rises towards the data are counted from the other end, so that the steps shorten there too.
      const falling = tNoise > tData
      const low = Math.sqrt(falling ? tData : 0)
      const high = Math.sqrt(falling ? tNoise : tData - tNoise)
      const timeOf = (i: number) => {
        if (i === 0) return tNoise
        if (i === steps) return tData
        const root = high + ((low - high) * i) / steps
        return falling ? root * root : tData - root * root
      }
      return legsOf(Array.from({ length: steps + 1 }, (_, i) => nodeAt(path, timeOf(i))))
    },
  }),
})
