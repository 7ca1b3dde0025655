import { z } from 'zod'
import { LUMA } from '../../../math/picture.ts'
import { define } from '../../define.ts'
import { pictureShape } from './shape.ts'

/** One channel out of three: y = Σ_c w_c x_c; A Aᵀ = |w|². */
export const grey = define({
  id: 'grey',
  role: 'operator',
  title: 'Grey',
  summary: 'The colours are gone, only their brightness is left.',
  paper: { title: 'Recommendation ITU-R BT.601', year: 2011, link: 'https://www.itu.int/rec/R-REC-BT.601' },
  params: z.object({
    shape: pictureShape,
    weights: z
      .array(z.number())
      .min(1)
      .default([...LUMA])
      .meta({ title: 'Weights', description: 'Share of each channel in the grey.' }),
  }),
  needs: {},
  make: ({ shape, weights }) => {
    const [channels, rows, columns] = shape
    if (weights.length !== channels) throw new RangeError(`Grey: ${weights.length} weights for ${channels} channels.`)
    const size = rows * columns
    const power = weights.reduce((sum, weight) => sum + weight * weight, 0)
    const adjoint = (y: Float64Array) => {
      const x = new Float64Array(channels * size)
      for (let c = 0; c < channels; c++) for (let i = 0; i < size; i++) x[c * size + i] = weights[c] * y[i]
      return x
    }
    return {
      inShape: shape,
      outShape: [1, rows, columns],
      apply: (x) => {
        const y = new Float64Array(size)
        for (let c = 0; c < channels; c++) for (let i = 0; i < size; i++) y[i] += weights[c] * x[c * size + i]
        return y
      },
      adjoint,
      pinv: (y) => adjoint(y).map((value) => value / power),
    }
  },
})
