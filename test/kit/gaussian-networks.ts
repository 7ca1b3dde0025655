import type { Network } from '../../main/algorithms/roles.ts'
import { applyMatrix, identity } from '../../main/math/matrix.ts'
import { noiseOf, normalsInto } from '../../main/math/random.ts'
import { type Tensor, tensor } from '../../main/math/tensor.ts'
import { colourCov, type GaussianWorld, gaussianWorld } from './gaussian-world.ts'

/** Maps each pixel's colour of [1, 3, row, column]. */
function overPixels(input: Tensor, map: (colour: Float64Array) => Float64Array): Tensor {
  const size = input.shape[2] * input.shape[3]
  const out = tensor(input.shape)
  const colour = new Float64Array(3)
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) colour[c] = input.data[c * size + i]
    const mapped = map(colour)
    for (let c = 0; c < 3; c++) out.data[c * size + i] = mapped[c]
  }
  return out
}

const network = (id: string, sigmaSource: number | null, run: Network['run']): Network => ({
  multiple: 8,
  overlap: 16,
  sigmaSource,
  model: { id, sha256: '0'.repeat(64) },
  run,
})

const VARIANCE = 0.0064
const SIGMA_Y = 0.06
export const SIGMA_SOURCE = 0.03
export const PROXIMAL_SIGMA = 0.1

/** A world of pictures whose pixels are independent colours, drawn so that almost none leaves 0..1. */
export const pictureWorld: GaussianWorld = gaussianWorld({
  mean: [0.5, 0.45, 0.55],
  cov: colourCov(VARIANCE, 0.5),
  operator: identity(3),
  sigmaY: SIGMA_Y,
  sigmaSource: SIGMA_SOURCE,
})

/** The networks that training in that world would give: the posterior mean (`y` → `x`) and the flow (`z`, `t` → `v`). */
export function gaussianNetworks(world: GaussianWorld = pictureWorld, sigmaSource = SIGMA_SOURCE): Readonly<Record<string, Network>> {
  return {
    'posterior-mean': network('gaussian-mean', null, async ({ y }) => ({ x: overPixels(y, world.posteriorMean) })),
    /** Of a regulariser that likes the mean: half of the way to it. */
    proximal: {
      ...network('gaussian-proximal', null, async ({ y }) => ({
        x: overPixels(y, (colour) => world.mean.map((value, c) => (value + colour[c]) / 2)),
      })),
      sigma: PROXIMAL_SIGMA,
    },
    'rectified-flow': network('gaussian-flow', sigmaSource, async ({ z, t }) => {
      const matrix = world.velocityMatrix(t.data[0])
      return {
        v: overPixels(z, (colour) =>
          applyMatrix(
            matrix,
            world.mean.map((value, i) => colour[i] - value),
          ),
        ),
      }
    }),
  }
}

/** A clean picture of that world and its measurement y = x + sigma_y n, [3, rows, columns]. */
export function drawPicture(rows: number, columns: number, seed: number): { readonly clean: Tensor; readonly damaged: Tensor } {
  const size = rows * columns
  const normals = new Float64Array(7 * size)
  normalsInto(normals, noiseOf(seed))
  const clean = tensor([3, rows, columns])
  const damaged = tensor([3, rows, columns])
  // Three colours that share half of their variance: a common part and one of their own.
  const scale = Math.sqrt(VARIANCE / 2)
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < size; i++) {
      const at = c * size + i
      clean.data[at] = pictureWorld.mean[c] + scale * (normals[i] + normals[(c + 1) * size + i])
      damaged.data[at] = clean.data[at] + SIGMA_Y * normals[(c + 4) * size + i]
    }
  return { clean, damaged }
}
