import { z } from 'zod'
import { transformPlanes } from '../../../math/fft.ts'
import { define } from '../../define.ts'
import type { LinearOperator } from '../../roles.ts'
import { checkLength, pictureShape } from './shape.ts'

const complex = z.object({ re: z.array(z.number()), im: z.array(z.number()) })

/**
 * Samples of the Fourier transform: y = M F x, orthonormal, the constant part at [0, 0]. Complex planes are [2, …]: real
 * parts, then imaginary parts. A real picture has the adjoint Re Fᴴ M y. With coils, x is one complex plane [2, row, column]
 * and each coil sees its own sensitivity: y_c = M F (S_c x), Aᴴ y = Σ_c conj(S_c) Fᴴ M y_c.
 */
export const fourier = define({
  id: 'fourier',
  role: 'operator',
  title: 'Fourier samples',
  summary: 'Only some frequencies were measured, as in a fast scan.',
  paper: {
    title: 'Sparse MRI: The application of compressed sensing for rapid MR imaging',
    year: 2007,
    link: 'https://doi.org/10.1002/mrm.21391',
  },
  params: z.object({
    shape: pictureShape,
    mask: z
      .array(z.union([z.literal(0), z.literal(1)]))
      .meta({ title: 'Mask', description: 'One number a frequency, row by row: 1 measured, 0 not.' }),
    coils: complex
      .nullable()
      .default(null)
      .meta({ title: 'Coils', description: 'Sensitivities, one plane a coil after the other; none for a real picture.' }),
  }),
  needs: {},
  make: ({ shape, mask, coils }) => {
    const [, rows, columns] = shape
    checkLength('The mask', mask, [rows, columns])
    return coils ? multiCoil(mask, coils, rows, columns) : real(mask, shape)
  },
})

/** Multiplies every plane by the mask, in place. */
function maskInto(values: Float64Array, mask: readonly number[]): void {
  for (let i = 0; i < values.length; i++) values[i] *= mask[i % mask.length]
}

function real(mask: readonly number[], shape: readonly [number, number, number]): LinearOperator {
  const [, rows, columns] = shape
  const size = shape[0] * rows * columns
  return {
    inShape: shape,
    outShape: [2, ...shape],
    apply: (x) => {
      const y = new Float64Array(2 * size)
      y.set(x)
      transformPlanes(y.subarray(0, size), y.subarray(size), rows, columns, 'forward')
      maskInto(y, mask)
      return y
    },
    adjoint: (y) => {
      const x = y.slice()
      maskInto(x, mask)
      transformPlanes(x.subarray(0, size), x.subarray(size), rows, columns, 'inverse')
      return x.slice(0, size)
    },
  }
}

function multiCoil(mask: readonly number[], coils: z.infer<typeof complex>, rows: number, columns: number): LinearOperator {
  const size = rows * columns
  const count = coils.re.length / size
  checkLength('The coils', coils.im, [Math.ceil(count), rows, columns])
  const total = count * size
  const { re, im } = coils
  return {
    inShape: [2, rows, columns],
    outShape: [2, count, rows, columns],
    apply: (x) => {
      const y = new Float64Array(2 * total)
      for (let i = 0; i < total; i++) {
        const a = x[i % size]
        const b = x[size + (i % size)]
        y[i] = re[i] * a - im[i] * b
        y[total + i] = re[i] * b + im[i] * a
      }
      transformPlanes(y.subarray(0, total), y.subarray(total), rows, columns, 'forward')
      maskInto(y, mask)
      return y
    },
    adjoint: (y) => {
      const w = y.slice()
      maskInto(w, mask)
      transformPlanes(w.subarray(0, total), w.subarray(total), rows, columns, 'inverse')
      const x = new Float64Array(2 * size)
      for (let i = 0; i < total; i++) {
        x[i % size] += re[i] * w[i] + im[i] * w[total + i]
        x[size + (i % size)] += re[i] * w[total + i] - im[i] * w[i]
      }
      return x
    },
  }
}
