import { privateStationary, spiderBoost, treeSpider } from '../../../main/algorithms/learning/private-stationary.ts'
import { noiseFor, rhoOf } from '../../../main/math/private-budget.ts'
import { sigmoidSlope } from '../../kit/private-loss.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, listedDraw } from './diffusion-world.ts'

const lossOf = ({ X, y }: Inputs) => ({
  count: y.length as number,
  slope: (w: Float64Array, one: number) => sigmoidSlope(X[one], y[one], w),
})

/** Private descents with the listed noise, and what they cost. */
export const dpStationaryAdapter: FileAdapter = {
  name: 'dp-stationary',
  recognises: ({ settings, expected }) => Boolean(settings?.sig_mult && expected?.gd_equiv),
  async check({ settings, expected, tolerance }) {
    const { w0, T, q, eta, L0, L1, sig_mult, noise, tree } = settings
    const base = privateStationary.params.parse({ steps: T, phase: q, steepest: L0, curvature: L1 })
    const trace = [...spiderBoost(flat(w0), lossOf(settings), { ...base, rate: eta, noise: sig_mult }, listedDraw(noise))]
    const open = { ...base, steepest: 1e12, curvature: 1e12, rate: eta, noise: 0 }
    const plain = [...spiderBoost(flat(w0), lossOf(settings), open, listedDraw(noise))]
    const { slope } = lossOf(tree)
    const { leaves, used } = treeSpider(
      flat(tree.w0 ?? w0),
      slope,
      {
        depth: tree.D,
        rounds: tree.rounds,
        batch: tree.b,
        beta: tree.beta,
        curvature: tree.L1,
        still: tree.alpha_tilde,
        rootDeviation: tree.sigma_root,
        nodeDeviation: tree.sigma_node,
      },
      listedDraw(tree.noise),
    )
    const actual = {
      trace: trace.map(({ w, slope: est, deviation: std }) => ({ w, est, std })),
      gd_equiv: plain[plain.length - 1].w,
      accounting: (expected.accounting as Inputs[]).map(({ eps, delta, rho: _, ...multiples }) => {
        const rho = rhoOf(eps, delta)
        const steps = Object.keys(multiples).map((key) => Number(/^sig_mult_T(\d+)$/.exec(key)?.[1]))
        return { eps, delta, rho, ...Object.fromEntries(steps.map((count) => [`sig_mult_T${count}`, noiseFor(rho, count)])) }
      }),
      tree: { leaves, rows_used: used },
    }
    return differences(actual, expected, () => tolerance)
  },
}
