import type { Block, CurvedBlock } from '../../../main/algorithms/bilevel.ts'
import { hypergradient } from '../../../main/algorithms/learning/implicit-differentiation.ts'
import {
  type Chase,
  chased,
  chaseFrom,
  penaltyAt,
  penaltyBilevel,
  type Samples,
} from '../../../main/algorithms/learning/penalty-bilevel.ts'
import { applyMatrix, fromRows, inverse, symmetricEigen, transpose } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import { answerOf, quadraticBlock, quadraticOf } from '../../kit/bilevel-quadratic.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const precise = { iterations: 500, tolerance: 1e-15 }

const noisy = (block: Block, noise: unknown): Block => ({ ...block, lowerInY: (x, y) => mix([1, block.lowerInY(x, y)], [1, flat(noise)]) })

/** The places after each step that the file lists. */
function course(block: Block, loop: 'double' | 'single', settings: Inputs, noise: readonly unknown[][] | null): Inputs {
  const { K, T = 1, sigma, alpha: rate, beta: follow, gamma, rho: reach, eta: renew = 1 } = settings[`${loop}_loop`]
  const chosen = penaltyBilevel.params.parse({ loop, rate, inner: T, sigma, last: sigma, follow, gamma, reach, renew })
  let x = flat(settings.x0)
  let chase: Chase = { ...chaseFrom(flat(settings.y0)), z: flat(settings.z0), u: flat(settings.z0) }
  const places: Inputs[] = [{}]
  for (let k = 0; k < K; k++) {
    const samples: Samples | undefined = noise ? { penalised: noisy(block, noise[k][0]), plain: noisy(block, noise[k][1]) } : undefined
    const moved = chased(block, chase, x, sigma, chosen, samples)
    chase = moved.chase
    x = mix([1, x], [-rate, moved.slope])
    places.push({ x, y: chase.y, z: chase.z })
  }
  return { ...places }
}

/** Lower problem ½ (a·y - c·x)², with a whole plane of answers. */
function flatBlock({ a, c, t }: Inputs): Block {
  const off = (x: Float64Array, y: Float64Array) =>
    y.reduce((sum, value, i) => sum + a[i] * value, 0) - x.reduce((sum, value, i) => sum + c[i] * value, 0)
  return {
    size: a.length,
    upper: (_, y) => 0.5 * y.reduce((sum, value, i) => sum + (value - t[i]) ** 2, 0),
    upperInX: (x) => new Float64Array(x.length),
    upperInY: (_, y) => mix([1, y], [-1, flat(t)]),
    lower: (x, y) => 0.5 * off(x, y) ** 2,
    lowerInX: (x, y) => mix([-off(x, y), flat(c)]),
    lowerInY: (x, y) => mix([off(x, y), flat(a)]),
  }
}

/** Where a sequence at falling sigmas leads, by Neville's polynomial. */
function limitOf(at: (sigma: number) => Float64Array): Float64Array {
  const sigmas = [0.02, 0.01, 0.005, 0.0025]
  const table = sigmas.map(at)
  for (let order = 1; order < sigmas.length; order++)
    for (let i = 0; i < sigmas.length - order; i++) {
      const [near, far] = [sigmas[i + order], sigmas[i]]
      table[i] = mix([far / (far - near), table[i + 1]], [-near / (far - near), table[i]])
    }
  return table[0]
}

/** Where the true slope is nothing: it is affine, so that a few places tell all of it. */
function leastOf(block: CurvedBlock, answer: (x: Float64Array) => Float64Array, size: number): Float64Array {
  const slope = (x: Float64Array) => hypergradient(block, x, answer(x), precise).gradient
  const base = slope(new Float64Array(size))
  const curvature = Array.from({ length: size }, (_, k) => [
    ...mix([1, slope(Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0)))], [-1, base]),
  ])
  return applyMatrix(inverse(transpose(fromRows(curvature))), mix([-1, base]))
}

/** The penalised objective, its slope and its limit, and both loops. */
export const penaltyBilevelAdapter: FileAdapter = {
  name: 'penalty-bilevel',
  recognises: ({ expected }) => Boolean(expected?.psi && expected.double_loop),
  async check({ settings, expected, tolerance }) {
    const quadratic = quadraticOf(settings, settings.rho_f)
    const block = quadraticBlock(quadratic)
    const x0 = flat(settings.x0)
    const y0 = answerOf(quadratic, x0)
    const search = { step: 1 / (1 + Math.max(...symmetricEigen(quadratic.Q).values)), tolerance: 1e-13 }
    const several = flatBlock(settings.multi)
    const gentle = { ...search, step: 1 / (1 + flat(settings.multi.a).reduce((sum, value) => sum + value * value, 0)) }
    const at = flat(settings.multi.x)
    const actual: Inputs = {
      phi: block.upper(x0, y0),
      grad_phi: hypergradient(block, x0, y0, precise).gradient,
      x_star: leastOf(block, (x) => answerOf(quadratic, x), x0.length),
      psi: expected.psi.map(({ sigma }: Inputs) => {
        const { value, gradient } = penaltyAt(block, x0, sigma, search)
        return { sigma, psi: value, grad_psi: gradient }
      }),
      double_loop: course(block, 'double', settings, null),
      single_loop: course(block, 'single', settings, settings.noise),
      multi: {
        y_star: limitOf((sigma) => penaltyAt(several, at, sigma, gentle).y),
        grad_phi: limitOf((sigma) => penaltyAt(several, at, sigma, gentle).gradient),
        penalty: expected.multi.penalty.map(({ sigma }: Inputs) => ({
          sigma,
          grad_psi: penaltyAt(several, at, sigma, gentle).gradient,
        })),
      },
    }
    return differences(actual, expected, () => tolerance)
  },
}
