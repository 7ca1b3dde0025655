import { directionSteps } from '../../../main/algorithms/linear/deep-conjugate-direction.ts'
import type { Direction } from '../../../main/algorithms/poisson.ts'
import { conjugateGradients, dotOf } from '../../../main/math/conjugate-gradient.ts'
import { directionLoss } from '../../../main/math/direction-loss.ts'
import { applyPoisson, type PoissonGrid, poissonGrid } from '../../../main/math/poisson-grid.ts'
import { twoLayers } from '../../kit/two-layers.ts'
import type { FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

/** So many residuals of conjugate gradients are held to a share of themselves, later ones to the same as a number. */
const FIRST = 10
const RESIDUALS = 1e-6

/** Residuals after each iteration, as shares of the first, and where it ends. */
export async function historyOf(grid: PoissonGrid, b: Float64Array, direction: Direction, iterations: number, tolerance: number) {
  const zero = new Float64Array(b.length)
  const first = Math.sqrt(dotOf(b, b))
  const residuals = [1]
  let value: Float64Array = zero
  for await (const step of directionSteps((u) => applyPoisson(grid, u), b, zero, direction, { iterations, tolerance }, signal)) {
    residuals.push(step.residual / first)
    value = step.value
  }
  return { residuals, value }
}

const residualNotes = (actual: readonly number[], wanted: readonly number[], name: string): string[] =>
  wanted.flatMap((value, i) => differences(actual[i], value, () => RESIDUALS * (i < FIRST ? value : 1), `${name}.${i}`))

/** Conjugate directions with no network and with the smallest, and what such are trained by. */
export const deepConjugateDirectionAdapter: FileAdapter = {
  name: 'deep-conjugate-direction',
  recognises: ({ expected, W1, W2 }) => Boolean(W1 && W2 && expected?.identity_relative_residuals),
  async check({ mask, b: rows, W1, W2, settings, expected, tolerance }) {
    const [width, height] = [mask[0].length, mask.length]
    const grid = poissonGrid(width, height, Uint8Array.from(flat(mask)), 'zero')
    const b = flat(rows)
    const network = twoLayers(W1, W2, flat(mask), width)
    const { iterations } = settings
    const identity = await historyOf(grid, b, async (r) => r, iterations, 0)
    const led = await historyOf(grid, b, async (r) => network.direction(r), iterations, 0)
    const length = Math.sqrt(dotOf(b, b))
    const apply = (u: Float64Array) => applyPoisson(grid, u)
    const plain = [...conjugateGradients(apply, b, new Float64Array(b.length), { iterations, tolerance: 0 })]
    const cg = [1, ...plain.map(({ residual }) => residual / length)]
    const notes = [
      ...residualNotes(identity.residuals, expected.identity_relative_residuals, 'identity'),
      ...residualNotes(cg, expected.cg_relative_residuals, 'cg'),
      ...residualNotes(led.residuals, expected.network_relative_residuals, 'network'),
      ...differences(led.value, expected.network_solution, () => tolerance.solution, 'solution'),
    ]
    const unit = b.map((value) => value / length)
    for (const [name, alphaOf] of [
      ['galerkin', 'galerkin'],
      ['min_residual', 'least'],
    ] as const) {
      const { loss, slope } = directionLoss(apply, unit, network.direction(unit), alphaOf)
      const { first, second } = network.slopes(unit, slope)
      const actual = { loss, grad_W1: first, grad_W2: second }
      const limit = (path: string) => (path.endsWith('loss') ? tolerance.loss : tolerance.grad)
      notes.push(...differences(actual, expected.loss[name], limit, name))
    }
    return notes
  },
}
