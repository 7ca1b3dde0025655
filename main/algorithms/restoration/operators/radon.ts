import { z } from 'zod'
import { define } from '../../define.ts'
import { pictureShape } from './shape.ts'

/**
 * Parallel-beam projections, driven by pixels: pixel (i, j) at X = j - (W-1)/2, Y = (H-1)/2 - i falls on
 * p = X cos θ + Y sin θ + (D-1)/2 of D detectors and is shared linearly by the two nearest. The adjoint gathers with the same
 * weights. D ≥ ceil(√(H² + W²)) + 2 keeps all mass: every projection then sums to the picture's sum.
 */
export const radon = define({
  id: 'radon',
  role: 'operator',
  title: 'Projections',
  summary: 'The picture is seen edge-on from many angles, as in a tomograph.',
  paper: { title: 'Discrete Radon transform', year: 1987, link: 'https://doi.org/10.1109/TASSP.1987.1165108' },
  params: z.object({
    shape: pictureShape,
    angles: z.array(z.number()).min(1).meta({ title: 'Angles', description: 'Directions of the projections, in degrees.' }),
    detectors: z
      .int()
      .min(1)
      .optional()
      .meta({ title: 'Detectors', description: 'Places along a projection; enough for the diagonal unless given.' }),
  }),
  needs: {},
  make: ({ shape, angles, detectors: given }) => {
    const [channels, rows, columns] = shape
    const detectors = given ?? Math.ceil(Math.hypot(rows, columns)) + 2
    const directions = angles.map((angle) => ({ cos: Math.cos((angle * Math.PI) / 180), sin: Math.sin((angle * Math.PI) / 180) }))

    /** Walks the rows of the picture under every angle: places of its first pixel and first bin, p of its first pixel, step of p. */
    const eachRow = (visit: (pixel: number, bin: number, p: number, step: number) => void) => {
      for (let c = 0; c < channels; c++)
        for (const [a, { cos, sin }] of directions.entries())
          for (let i = 0; i < rows; i++) {
            const p = ((rows - 1) / 2 - i) * sin - ((columns - 1) / 2) * cos + (detectors - 1) / 2
            visit((c * rows + i) * columns, (c * angles.length + a) * detectors, p, cos)
          }
    }
    return {
      inShape: shape,
      outShape: [channels, angles.length, detectors],
      apply: (x) => {
        const y = new Float64Array(channels * angles.length * detectors)
        eachRow((pixel, bin, p, step) => {
          for (let j = 0; j < columns; j++) {
            const at = p + j * step
            const k = Math.floor(at)
            const value = x[pixel + j]
            const upper = (at - k) * value
            if (k >= 0 && k < detectors) y[bin + k] += value - upper
            if (k >= -1 && k < detectors - 1) y[bin + k + 1] += upper
          }
        })
        return y
      },
      adjoint: (y) => {
        const x = new Float64Array(channels * rows * columns)
        eachRow((pixel, bin, p, step) => {
          for (let j = 0; j < columns; j++) {
            const at = p + j * step
            const k = Math.floor(at)
            const weight = at - k
            if (k >= 0 && k < detectors) x[pixel + j] += (1 - weight) * y[bin + k]
            if (k >= -1 && k < detectors - 1) x[pixel + j] += weight * y[bin + k + 1]
          }
        })
        return x
      },
    }
  },
})
