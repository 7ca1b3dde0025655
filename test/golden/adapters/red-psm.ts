import { redPsm, rounds } from '../../../main/algorithms/restoration/methods/red-psm.ts'
import { splineMatrix } from '../../../main/algorithms/restoration/methods/red-psm-model.ts'
import { fromRows } from '../../../main/math/matrix.ts'
import type { Adapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'
import { told } from './restoration-world.ts'

/** A separable kernel of three taps, the border mirrored between pixels. */
function smooth(frame: Float64Array, [a, b, c]: readonly number[], rows: number, columns: number): Float64Array {
  const hold = (i: number, length: number) => Math.min(length - 1, Math.max(0, i))
  const across = frame.map((value, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return a * frame[row * columns + hold(column - 1, columns)] + b * value + c * frame[row * columns + hold(column + 1, columns)]
  })
  return across.map((value, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return a * across[hold(row - 1, rows) * columns + column] + b * value + c * across[hold(row + 1, rows) * columns + column]
  })
}

/** RED-PSM on a small sequence with missing rows. */
export const redPsmAdapter: Adapter = {
  name: 'red-psm',
  recognises: ({ cases }) => Boolean(cases?.[0]?.inputs?.spline_matrix && cases[0].inputs.Lambda0),
  async compute({ settings = {}, inputs = {}, expected }, vector) {
    const { H: rows, W: columns, frames, rank, latent, iterations, lambda_: lambda, beta, xi, chi } = settings
    const pixels = rows * columns
    const spline = splineMatrix(frames, latent)
    const [wrong] = differences(spline.data, inputs.spline_matrix, () => vector.tolerance.abs, 'spline_matrix')
    if (wrong) throw new Error(wrong)
    const mask = Float64Array.from(
      { length: frames * pixels },
      (_, i) => inputs.row_mask[Math.floor(i / pixels)][Math.floor((i % pixels) / columns)],
    )
    const seen = { frames, pixels, values: flat(inputs.g).map((value, i) => value * mask[i]), mask }
    const start = { factors: { spline, pictures: fromRows(inputs.Lambda0), knots: fromRows(inputs.Z0) }, estimate: flat(inputs.f0) }
    const params = redPsm.params.parse({ rank, knots: latent, lambda, beta, xi, chi, iterations, clip: false })
    const denoise = async (frame: Float64Array) => smooth(frame, inputs.denoiser_kernel1d, rows, columns)
    const { states } = await told(rounds(seen, start, denoise, params, signal))
    return {
      iterations: states.map(({ objectives, made, estimate, dual }) => ({
        objective_before: objectives[0],
        after_lambda: objectives[1],
        after_z: objectives[2],
        f_psm: made,
        f: estimate,
        gamma: dual,
      })),
      // The truth of the toy, which no method computes.
      f_true: expected.f_true,
    }
  },
}
