import { describe, expect, it } from 'vitest'
import { pmrf } from '../../main/algorithms/restoration/methods/pmrf.ts'
import type { Network } from '../../main/algorithms/roles.ts'
import { outcome } from '../../main/math/integrate.ts'
import { applyMatrix, combine, frobenius, matrix } from '../../main/math/matrix.ts'
import { meanSquaredError } from '../../main/math/metrics/psnr.ts'
import { noiseOf, normalsInto } from '../../main/math/random.ts'
import { type Tensor, tensor } from '../../main/math/tensor.ts'
import { drawPicture, gaussianNetworks, pictureWorld, SIGMA_SOURCE } from '../kit/gaussian-networks.ts'
import { eulerMap, flowMap, mapStats, posteriorMeanMse } from '../kit/gaussian-world.ts'

const { signal } = new AbortController()
const networks = { mean: gaussianNetworks()['posterior-mean'], flow: gaussianNetworks()['rectified-flow'] }
type Params = Parameters<typeof pmrf.params.parse>[0]

const restore = async (damaged: Tensor, params: Params = {}, seed = 1, using = networks) => {
  const [faithful, realistic] = await outcome(pmrf.make(pmrf.params.parse(params), using).restore(damaged, seed, signal))
  return { faithful: faithful.picture, realistic: realistic.picture, measures: realistic.measures }
}

/** Covariance of the colours of a picture about a mean. */
function colourCovariance({ shape, data }: Tensor, mean: Float64Array) {
  const size = shape[1] * shape[2]
  const out = matrix(3, 3)
  for (let i = 0; i < size; i++)
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) out.data[3 * a + b] += ((data[a * size + i] - mean[a]) * (data[b * size + i] - mean[b])) / size
  return out
}

describe('PMRF in a Gaussian world', () => {
  const { clean, damaged } = drawPicture(128, 128, 3)

  it('lies between the posterior mean and a sample of the posterior', async () => {
    const { clean, damaged } = drawPicture(96, 128, 1)
    const least = posteriorMeanMse(pictureWorld) / 3
    const { faithful, realistic } = await restore(damaged)
    for (const picture of [faithful, realistic]) {
      // Twice the least error is what drawing from the posterior costs; 12288 pixels tell it to about 2 %.
      expect(meanSquaredError(clean, picture)).toBeGreaterThan(0.95 * least)
      expect(meanSquaredError(clean, picture)).toBeLessThan(2.1 * least)
    }
    const size = 96 * 128
    const [at, colour] = [777, [0, 1, 2].map((c) => damaged.data[c * size + 777])]
    for (const [c, value] of pictureWorld.posteriorMean(colour).entries()) expect(faithful.data[c * size + at]).toBeCloseTo(value, 5)
  })

  it('gives another realistic picture for another seed', async () => {
    expect((await restore(damaged, {}, 5)).realistic.data).not.toEqual((await restore(damaged, {}, 6)).realistic.data)
  })

  it('is Euler’s map of the noisy posterior mean, pixel by pixel', async () => {
    const { faithful, realistic } = await restore(damaged, { steps: 7 }, 11)
    const normals = new Float32Array(damaged.data.length)
    normalsInto(normals, noiseOf(11))
    const size = 128 * 128
    const map = eulerMap(pictureWorld, 7)
    for (const i of [0, 1, 5000, size - 1]) {
      const z0 = [0, 1, 2].map((c) => faithful.data[c * size + i] + SIGMA_SOURCE * normals[c * size + i] - pictureWorld.mean[c])
      for (const [c, value] of applyMatrix(map, z0).entries())
        expect(realistic.data[c * size + i]).toBeCloseTo(value + pictureWorld.mean[c], 5)
    }
  })

  it('costs more error and gains realism with every step, up to what a sample of the posterior costs', async () => {
    const least = posteriorMeanMse(pictureWorld)
    const errors: number[] = []
    const gaps: number[] = []
    for (const steps of [1, 2, 5, 25]) {
      const { realistic } = await restore(damaged, { steps })
      const error = 3 * meanSquaredError(clean, realistic)
      const stats = mapStats(pictureWorld, eulerMap(pictureWorld, steps))
      // 16384 pixels of three colours: the population's value to about 2 %.
      expect(Math.abs(error / stats.mse - 1)).toBeLessThan(0.03)
      errors.push(error)
      gaps.push(frobenius(combine([1, colourCovariance(realistic, pictureWorld.mean)], [-1, pictureWorld.cov])))
    }
    expect(errors).toEqual([...errors].sort((a, b) => a - b))
    expect(gaps).toEqual([...gaps].sort((a, b) => b - a))
    expect(errors[0]).toBeGreaterThan(least)
    expect(errors[3]).toBeLessThan(2 * least)
  })

  it('comes twice as close to the exact flow with twice the steps', () => {
    const exact = flowMap(pictureWorld)
    const error = (steps: number) => frobenius(combine([1, eulerMap(pictureWorld, steps)], [-1, exact]))
    expect(error(50) / error(100)).toBeGreaterThan(1.9)
    expect(error(50) / error(100)).toBeLessThan(2.1)
  })

  it('mixes the two versions', async () => {
    const whole = await restore(damaged, { steps: 3 })
    const half = await restore(damaged, { steps: 3, blend: 0.5 })
    const none = await restore(damaged, { steps: 3, blend: 0 })
    expect(none.realistic.data).toEqual(whole.faithful.data)
    for (let i = 0; i < 50; i++) expect(half.realistic.data[i]).toBeCloseTo((whole.faithful.data[i] + whole.realistic.data[i]) / 2, 6)
  })

  it('draws the noise for the whole picture: another cut changes nothing', async () => {
    const large = drawPicture(210, 500, 4).damaged
    const a = await restore(large, { steps: 4, tile: 192 })
    const b = await restore(large, { steps: 4, tile: 1024 })
    for (let i = 0; i < a.realistic.data.length; i++)
      if (Math.abs(a.realistic.data[i] - b.realistic.data[i]) > 1e-5) throw new Error(`place ${i} differs`)
  })
})

describe('PMRF with other networks', () => {
  const { damaged } = drawPicture(224, 400, 5)
  const still: Network = { ...networks.flow, run: async ({ z }) => ({ v: tensor(z.shape) }) }

  it('gives the clipped source where nothing flows', async () => {
    const { faithful, realistic } = await restore(damaged, { noise: 0.2 }, 2, { ...networks, flow: still })
    const normals = new Float32Array(damaged.data.length)
    normalsInto(normals, noiseOf(2))
    for (let i = 0; i < 5000; i++) expect(realistic.data[i]).toBeCloseTo(Math.min(1, Math.max(0, faithful.data[i] + 0.2 * normals[i])), 6)
  })

  it('hands the flow the times i/K and no other', async () => {
    const times: number[] = []
    const timed: Network = {
      ...still,
      run: (inputs, stop) => {
        times.push(inputs.t.data[0])
        return still.run(inputs, stop)
      },
    }
    await restore(drawPicture(32, 32, 1).damaged, { steps: 4 }, 1, { ...networks, flow: timed })
    expect(times).toEqual([0, 0.25, 0.5, 0.75])
  })

  it('shows no seam where a network sees its neighbourhood', async () => {
    // Reaches 8 pixels, zeros outside, as convolutions do; the overlap allows twice that.
    const smooth = (input: Tensor): Tensor => {
      const [, channels, rows, columns] = input.shape
      const out = tensor(input.shape)
      for (let c = 0; c < channels; c++)
        for (let r = 0; r < rows; r++)
          for (let k = 0; k < columns; k++) {
            const at = (c * rows + r) * columns + k
            let sum = 0
            for (let u = -8; u <= 8; u++) if (k + u >= 0 && k + u < columns) sum += input.data[at + u] / 34
            for (let u = -8; u <= 8; u++) if (r + u >= 0 && r + u < rows) sum += input.data[at + u * columns] / 34
            out.data[at] = sum
          }
      return out
    }
    const local = {
      mean: { ...networks.mean, overlap: 32, run: async ({ y }: Readonly<Record<string, Tensor>>) => ({ x: smooth(y) }) },
      flow: {
        ...networks.flow,
        overlap: 32,
        run: async ({ z }: Readonly<Record<string, Tensor>>) => {
          const soft = smooth(z)
          return {
            v: tensor(
              z.shape,
              soft.data.map((value, i) => value - z.data[i]),
            ),
          }
        },
      },
    }
    const parts = await restore(damaged, { steps: 5, tile: 192 }, 1, local)
    const whole = await restore(damaged, { steps: 5, tile: 1024 }, 1, local)
    const apart = whole.realistic.data.reduce((most, value, i) => Math.max(most, Math.abs(value - parts.realistic.data[i])), 0)
    expect(apart).toBeLessThan(1e-4)
  })

  it('refuses a model that does not tell its noise, unless it is given', async () => {
    const silent = { ...networks, flow: { ...still, sigmaSource: null } }
    expect(() => pmrf.make(pmrf.params.parse({}), silent)).toThrow(/does not say which noise/)
    expect((await restore(drawPicture(16, 16, 1).damaged, { noise: 0.1, steps: 1 }, 1, silent)).realistic.shape).toEqual([3, 16, 16])
  })

  it('refuses what a model of other channels gives, and pixels that are not numbers', async () => {
    const grey = {
      ...networks,
      mean: { ...networks.mean, run: async ({ y }: Readonly<Record<string, Tensor>>) => ({ x: tensor([1, 1, y.shape[2], y.shape[3]]) }) },
    }
    await expect(restore(damaged, {}, 1, grey)).rejects.toMatchObject({ name: 'Refusal', what: expect.stringContaining('gaussian-mean') })
    const broken = {
      ...networks,
      flow: {
        ...still,
        run: async ({ z }: Readonly<Record<string, Tensor>>) => ({
          v: tensor(
            z.shape,
            z.data.map(() => Number.NaN),
          ),
        }),
      },
    }
    await expect(restore(damaged, { steps: 1 }, 1, broken)).rejects.toMatchObject({
      name: 'Refusal',
      why: expect.stringContaining('not numbers'),
    })
  })

  it('takes whole steps from 1 to 50 and noise up to 0.3', () => {
    for (const params of [{ steps: 0 }, { steps: 51 }, { steps: 2.5 }, { noise: 0.4 }, { noise: -0.1 }, { blend: 1.1 }])
      expect(pmrf.params.safeParse(params).success).toBe(false)
    expect(pmrf.params.parse({})).toEqual({ steps: 25, noise: null, blend: 1, tile: 512 })
  })
})
