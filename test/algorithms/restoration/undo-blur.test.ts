import { join } from 'node:path'
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { undoBlur } from '../../../main/algorithms/restoration/methods/undo-blur.ts'
import { blur } from '../../../main/algorithms/restoration/operators/blur.ts'
import type { Network } from '../../../main/algorithms/roles.ts'
import { conjugateGradient } from '../../../main/math/conjugate-gradient.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { psnr } from '../../../main/math/metrics/psnr.ts'
import { mix } from '../../../main/math/mix.ts'
import { noiseOf, normalsInto } from '../../../main/math/random.ts'
import { type Tensor, tensor } from '../../../main/math/tensor.ts'
import { drawPicture, gaussianNetworks, PROXIMAL_SIGMA, pictureWorld } from '../../kit/gaussian-networks.ts'

const { signal } = new AbortController()
const { proximal } = gaussianNetworks()

async function undone(blurred: Tensor, params: object, network: Network = proximal): Promise<Tensor> {
  const [result] = await outcome(undoBlur.make(undoBlur.params.parse(params), { proximal: network }).restore(blurred, 1, signal))
  return result?.picture ?? blurred
}

/** A picture of a floor of tiles and a disc, [3, side, side]. */
function drawn(side: number): Tensor {
  const picture = tensor([3, side, side])
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < side * side; i++) {
      const [row, column] = [Math.floor(i / side), i % side]
      const isDisc = (row - side / 2) ** 2 + (column - side / 2) ** 2 < (side / 4) ** 2
      const isTile = (Math.floor(row / 12) + Math.floor(column / 12)) % 2 === 0
      picture.data[c * side * side + i] = isDisc ? 0.9 - 0.3 * c : isTile ? 0.3 + 0.1 * c : 0.6
    }
  return picture
}

function blurredOf({ shape, data }: Tensor, kernel: object, noise: number): Tensor {
  const sharp = Float64Array.from(data)
  const spread = blur.make(blur.params.parse({ shape: [...shape], kernel }), {}).apply(sharp)
  const grain = new Float64Array(spread.length)
  normalsInto(grain, noiseOf(3))
  return tensor(
    shape,
    Float32Array.from(spread, (value, i) => value + noise * grain[i]),
  )
}

describe('undoing a blur', () => {
  it('comes to rest where the measurement and the regulariser balance, each by its own noise', async () => {
    const { damaged } = drawPicture(40, 48, 2)
    const noise = 0.05
    const found = await undone(damaged, { size: 1, noise, steps: 50 })
    const { apply, adjoint } = blur.make(blur.params.parse({ shape: [3, 40, 48], kernel: { kind: 'gaussian', sigma: 1 } }), {})
    const rho = (noise / PROXIMAL_SIGMA) ** 2
    const mean = Float64Array.from(damaged.data, (_, i) => pictureWorld.mean[Math.floor(i / (40 * 48))] as number)
    const y = Float64Array.from(damaged.data)
    const { value } = conjugateGradient((x) => mix([1, adjoint(apply(x))], [rho, x]), mix([1, adjoint(y)], [rho, mean]), y, {
      iterations: 2000,
      tolerance: 1e-10,
    })
    const furthest = Math.max(...value.map((exact, i) => Math.abs(Math.min(1, Math.max(0, exact)) - (found.data[i] as number))))
    expect(furthest).toBeLessThan(2e-3)
  })

  it('is the same in pieces as in one', async () => {
    const picture = blurredOf(drawn(150), { kind: 'gaussian', sigma: 1 }, 0.01)
    const [whole, pieces] = [await undone(picture, { size: 1, tile: 1024 }), await undone(picture, { size: 1, tile: 128 })]
    expect(Math.max(...whole.data.map((value, i) => Math.abs(value - (pieces.data[i] as number))))).toBeLessThan(2e-3)
  })

  it('brings detail back with the network of the studio, moved pictures most of all', async () => {
    const session = await InferenceSession.create(join(import.meta.dirname, '../../../native-models/lpn.onnx'), {
      executionProviders: ['cpu'],
    })
    const network: Network = {
      ...proximal,
      sigma: 0.1,
      run: async ({ y }) => {
        const x = (await session.run({ y: new OnnxTensor('float32', (y as Tensor).data, (y as Tensor).shape) })).x
        return { x: tensor((y as Tensor).shape, x?.data as Float32Array) }
      },
    }
    const sharp = drawn(96)
    const moved = blurredOf(sharp, { kind: 'motion', length: 7, angle: 30 }, 0.01)
    const soft = blurredOf(sharp, { kind: 'gaussian', sigma: 1.5 }, 0.01)
    const gain = async (blurred: Tensor, params: object) => psnr(sharp, await undone(blurred, params, network)) - psnr(sharp, blurred)
    expect(await gain(moved, { blur: 'motion', size: 7, angle: 30 })).toBeGreaterThan(5)
    expect(await gain(soft, { size: 1.5 })).toBeGreaterThan(2)
  })

  it('refuses a network that does not say which noise it was trained for', () => {
    const { sigma: _, ...silent } = proximal as Network
    expect(() => undoBlur.make(undoBlur.params.parse({}), { proximal: silent })).toThrow(/does not say which noise/)
  })
})
