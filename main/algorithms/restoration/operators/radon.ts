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

    /** Visits every pixel's share in every projection: place in the picture, place of the lower bin, weight of the upper. */
    const project = (lay: (pixel: number, bin: number, weight: number, low: boolean, high: boolean) => void) => {
      for (let c = 0; c < channels; c++)
        for (const [a, { cos, sin }] of directions.entries()) {
          const line = (c * angles.length + a) * detectors
          for (let i = 0; i < rows; i++) {
            const base = ((rows - 1) / 2 - i) * sin + (detectors - 1) / 2
            const pixels = (c * rows + i) * columns
            for (let j = 0; j < columns; j++) {
              const p = (j - (columns - 1) / 2) * cos + base
              const k = Math.floor(p)
              lay(pixels + j, line + k, p - k, k >= 0 && k < detectors, k >= -1 && k < detectors - 1)
            }
          }
        }
    }
    return {
      inShape: shape,
      outShape: [channels, angles.length, detectors],
      apply: (x) => {
        const y = new Float64Array(channels * angles.length * detectors)
        project((pixel, bin, weight, low, high) => {
          if (low) y[bin] += (1 - weight) * x[pixel]
          if (high) y[bin + 1] += weight * x[pixel]
        })
        return y
      },
      adjoint: (y) => {
        const x = new Float64Array(channels * rows * columns)
        project((pixel, bin, weight, low, high) => {
          if (low) x[pixel] += (1 - weight) * y[bin]
          if (high) x[pixel] += weight * y[bin + 1]
        })
        return x
      },
    }
  },
})
