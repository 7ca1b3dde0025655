import { shortestPath } from '../../../main/algorithms/diffusion/paths/shortest-path.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { relativeDifferences } from '../relative.ts'
import { flat } from './diffusion-world.ts'

/** Corruption by frequency, and the ways back. */
export const shortestPathAdapter: FileAdapter = {
  name: 'shortest-path',
  async check({ settings, x0, noise, noise2, eps, expected, tolerance }) {
    const { size, T, c1, c2, m } = settings
    const pathOf = (steps: number) => shortestPath.make(shortestPath.params.parse({ rows: size, columns: size, steps, c1, c2, m }), {})
    const path = pathOf(T)
    const notes: string[] = []
    for (const { k, ...wanted } of expected.steps as Inputs[]) {
      const x = path.forward(flat(x0), flat(noise), k)
      const actual = {
        alpha_bar_row0: path.abar(k).subarray(0, size),
        beta_row0: path.beta(k).subarray(0, size),
        x_t: x,
        ancestral: path.ancestral(x, flat(eps), k, flat(noise2)),
        ddim: path.ddim(x, flat(eps), k),
      }
      notes.push(...relativeDifferences(actual, wanted, tolerance.float64, `step ${k}`, 1))
    }
    const { T: steps, ...chain } = expected.gaussian_chain
    const short = pathOf(steps)
    let x = flat(noise[0])
    for (let k = steps - 1; k >= 0; k--) x = short.ddim(x, short.gaussianNoise(x, k), k)
    notes.push(...relativeDifferences({ x_0: x }, chain, tolerance.float64, 'gaussian_chain', 1))
    return notes
  },
}
