import { z } from 'zod'
import { resizeAdjoint, resize as resizePlanes, resizeRows } from '../../../math/resample.ts'
import { define } from '../../define.ts'
import { pictureShape, planesOf } from './shape.ts'

const side = z.int().min(1).max(32_768)

/** Another size, with anti-aliasing: sparse matrices along rows and columns whose rows sum to 1. */
export const resize = define({
  id: 'resize',
  role: 'operator',
  title: 'Smaller or larger',
  summary: 'The picture was scaled down; its detail is to be found again.',
  paper: {
    title: 'Cubic Convolution Interpolation for Digital Image Processing',
    year: 1981,
    link: 'https://doi.org/10.1109/TASSP.1981.1163711',
  },
  params: z.object({
    shape: pictureShape,
    out: z.tuple([side, side]).meta({ title: 'New size', description: 'Rows and columns of the result.' }),
    filter: z
      .enum(['box', 'bilinear', 'bicubic'])
      .default('bicubic')
      .meta({ title: 'Filter', description: 'How neighbours are weighted.' }),
  }),
  needs: {},
  make: ({ shape, out, filter }) => {
    const [channels, rows, columns] = shape
    const [outRows, outColumns] = out
    const down = resizeRows(rows, outRows, filter)
    const across = resizeRows(columns, outColumns, filter)
    const outShape = [channels, outRows, outColumns] as const
    const adjoint = (y: Float64Array) => resizeAdjoint(y, planesOf(outShape), down, across)
    // Box by whole factors: the rows are orthogonal, so that the pseudo-inverse replicates pixels.
    const area = (rows / outRows) * (columns / outColumns)
    const replicates = filter === 'box' && rows % outRows === 0 && columns % outColumns === 0
    return {
      inShape: shape,
      outShape,
      apply: (x) => resizePlanes(x, planesOf(shape), down, across),
      adjoint,
      ...(replicates && { pinv: (y: Float64Array) => adjoint(y).map((value) => value * area) }),
    }
  },
})
