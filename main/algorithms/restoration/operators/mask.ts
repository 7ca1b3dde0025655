import { z } from 'zod'
import { define } from '../../define.ts'
import { checkLength, pictureShape } from './shape.ts'

/** Pixels that are known and pixels that are not: A x = m x in every channel. A = Aᵀ = A⁺ for a mask of 0 and 1; ‖A‖ = 1. */
export const mask = define({
  id: 'mask',
  role: 'operator',
  title: 'Missing pixels',
  summary: 'Some pixels are known, the others are to be filled in.',
  paper: { title: 'Image Inpainting', year: 2000, link: 'https://doi.org/10.1145/344779.344972' },
  params: z.object({
    shape: pictureShape,
    mask: z
      .array(z.union([z.literal(0), z.literal(1)]))
      .meta({ title: 'Mask', description: 'One number a pixel, row by row: 1 known, 0 missing.' }),
  }),
  needs: {},
  make: ({ shape, mask }) => {
    const [, rows, columns] = shape
    checkLength('The mask', mask, [rows, columns])
    const apply = (x: Float64Array) => x.map((value, i) => value * mask[i % mask.length])
    return { inShape: shape, outShape: shape, apply, adjoint: apply, pinv: apply }
  },
})
