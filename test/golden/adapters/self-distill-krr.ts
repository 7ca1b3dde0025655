import { distilling, tuned } from '../../../main/algorithms/learning/self-distillation.ts'
import { fromRows, type Matrix, matrix } from '../../../main/math/matrix.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

const column = (values: unknown): Matrix => matrix(flat(values).length, 1, flat(values))
const meanSquare = (a: Matrix, b: Matrix) => a.data.reduce((sum, value, k) => sum + (value - b.data[k]) ** 2, 0) / a.data.length

async function toyOf({ X, Y, gamma, lam: ridge }: Inputs, wanted: Inputs): Promise<Inputs> {
  const fit = distilling(column(X), column(Y), { gamma, ridge })
  const grid = column(Array.from({ length: 101 }, (_, i) => i / 100))
  const truth = { ...grid, data: grid.data.map((x) => Math.sin(2 * Math.PI * x)) }
  const lossOf = async (weights: Matrix) => meanSquare(await fit.at(grid, weights, signal), truth)
  const said: Record<string, Inputs> = {}
  for (const [key, { loss }] of Object.entries(wanted)) {
    const alpha = Number(key.replace('alpha', ''))
    const losses: number[] = []
    for (let step = 1; step <= loss.length; step++) losses.push(await lossOf(fit.weights(new Array(step).fill(alpha))))
    said[key] = { loss: losses, limit_loss: await lossOf(fit.limit(alpha)) }
  }
  return said
}

/** Ridge regression taught by itself: its steps, their limit, and the trust that suits what was held back. */
export const selfDistillKrrAdapter: FileAdapter = {
  name: 'self-distill-krr',
  recognises: ({ expected }) => Boolean(expected?.opt_alpha && expected.fitted),
  async check({ settings, expected, tolerance }) {
    const { gamma, lam: ridge, alphas } = settings
    const [places, others, wanted] = [settings.X, settings.Xtest, settings.Yval].map(fromRows)
    const fit = distilling(places, fromRows(settings.Y), { gamma, ridge })
    const upTo = (alphas as number[]).map((_, i) => alphas.slice(0, i + 1))
    const said = (trusts: readonly number[]) => fit.at(others, fit.weights(trusts), signal)
    const { alphas: chosen, shares } = await tuned(fit, { places: others, values: wanted }, expected.val_mse.length, signal)
    const limits: Record<string, Float64Array> = {}
    for (const key of Object.keys(expected)) {
      const [, digits] = /^limit_alpha_(\d+_\d+)$/.exec(key) ?? []
      if (digits) limits[key] = (await fit.at(others, fit.limit(Number(digits.replace('_', '.'))), signal)).data
    }
    const actual = {
      toy: await toyOf(settings.toy, expected.toy),
      pred: await Promise.all(upTo.map(async (trusts) => (await said(trusts)).data)),
      fitted: upTo.map((trusts) => fit.fitted(trusts).data),
      B: fit.factors(alphas),
      eigenvalues: fit.eigenvalues,
      ...limits,
      opt_alpha: shares,
      val_mse: await Promise.all(chosen.map(async (_, i) => meanSquare(await said(chosen.slice(0, i + 1)), wanted))),
    }
    return differences(actual, expected, () => tolerance)
  },
}
