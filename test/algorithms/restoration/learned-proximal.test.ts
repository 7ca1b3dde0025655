import { describe, expect, it } from 'vitest'
import { learnedProximal } from '../../../main/algorithms/restoration/methods/learned-proximal.ts'
import { convolutional, type Weights } from '../../../main/algorithms/restoration/methods/learned-proximal-convolutional.ts'
import { convolution, halving } from '../../../main/algorithms/restoration/methods/learned-proximal-layers.ts'
import { gradient, potential, priorAfter, priorAt } from '../../../main/algorithms/restoration/methods/learned-proximal-network.ts'
import { proximalMatchingLoss } from '../../../main/algorithms/restoration/methods/learned-proximal-training.ts'
import { proximalSteps } from '../../../main/algorithms/restoration/methods/proximal-steps.ts'
import { dotOf } from '../../../main/math/conjugate-gradient.ts'
import { mix } from '../../../main/math/mix.ts'
import { normals, signal } from '../../kit/generate.ts'
import { denseOperator } from '../../kit/measurements.ts'

const kernel = (out: number, from: number, seed: number) => normals(out * from * 9, seed).map((value) => 0.3 * value)
const positive = (values: Float64Array) => values.map(Math.abs)
const PICTURE = { channels: 2, rows: 6, columns: 8 }
const SIZE = 96
const weights: Weights = {
  fromInput: [
    { kernel: kernel(3, 2, 1), bias: normals(3, 2) },
    { kernel: kernel(4, 2, 3), bias: normals(4, 4) },
    { kernel: kernel(4, 2, 5), bias: normals(4, 6) },
  ],
  fromBefore: [positive(kernel(4, 3, 7)), positive(kernel(4, 4, 8))],
  strides: [1, 2, 1],
  out: positive(normals(4, 9)),
  beta: 10,
  alpha: 0.5,
}
const network = convolutional(weights, PICTURE)
const f = (x: Float64Array) => gradient(network, x)
const [a, b, u, v] = [11, 12, 13, 14].map((seed) => normals(SIZE, seed))

describe('a learned proximal network', () => {
  it('is the gradient of its potential', () => {
    const h = 1e-5
    const slope = (potential(network, mix([1, a], [h, u])) - potential(network, mix([1, a], [-h, u]))) / (2 * h)
    expect(Math.abs(slope / dotOf(f(a), u) - 1)).toBeLessThan(1e-7)
  })

  it('is monotone, and its slopes are symmetric: so it is a proximal operator, whatever its weights', () => {
    for (let seed = 20; seed < 30; seed++) {
      const other = normals(SIZE, seed)
      expect(dotOf(mix([1, f(a)], [-1, f(other)]), mix([1, a], [-1, other]))).toBeGreaterThan(0)
      expect(potential(network, mix([0.5, a], [0.5, other]))).toBeLessThan((potential(network, a) + potential(network, other)) / 2)
    }
    const h = 1e-5
    const along = (direction: Float64Array) =>
      mix([1 / (2 * h), f(mix([1, b], [h, direction]))], [-1 / (2 * h), f(mix([1, b], [-h, direction]))])
    expect(dotOf(u, along(v))).toBeCloseTo(dotOf(v, along(u)), 6)
  })

  it('minimises its regulariser plus half the squared distance', () => {
    // R at f(y) is known for every y, so the minimum can be checked against other values of the network.
    const objective = (y: Float64Array) => priorAfter(network, y) + dotOf(mix([1, f(y)], [-1, a]), mix([1, f(y)], [-1, a])) / 2
    for (let seed = 30; seed < 40; seed++) expect(objective(a)).toBeLessThan(objective(mix([1, a], [0.3, normals(SIZE, seed)])))
  })

  it('tells the regulariser of a picture that it can lead to, and where it cannot says so', () => {
    const largest = 40
    const { value, residual } = priorAt(network, f(a), { steps: 3000, step: 1 / largest })
    expect(residual).toBeLessThan(2e-3)
    expect(Math.abs(value / priorAfter(network, a) - 1)).toBeLessThan(0.01)
    expect(priorAt(network, f(a), { steps: 1, step: 1 / largest }).residual).toBeGreaterThan(0.05)
  })

  it('refuses weights that would make it something else', () => {
    const broken = weights.fromBefore[1].slice()
    broken[5] = -1e-9
    expect(() => convolutional({ ...weights, fromBefore: [weights.fromBefore[0], broken] }, PICTURE)).toThrow(/layer 2 .* place 5/)
    expect(() => convolutional({ ...weights, out: weights.out.map((value) => -value) }, PICTURE)).toThrow(/no proximal network/)
  })

  it.each([1, 2])('has maps with their exact transposes, going by %i', (stride) => {
    const map = convolution(kernel(3, 2, 1), PICTURE, 3, stride)
    const y = normals(map.apply(a).length, 3)
    expect(dotOf(map.apply(a), y)).toBeCloseTo(dotOf(a, map.adjoint(y)), 10)
    const half = halving(PICTURE)
    const z = normals(half.apply(a).length, 4)
    expect(dotOf(half.apply(a), z)).toBeCloseTo(dotOf(a, half.adjoint(z)), 10)
  })
})

describe('proximal matching', () => {
  it('wants the most probable value where squares would want the mean', () => {
    // Three in five samples lie at 0, the others at 1.
    const samples = [0, 0, 0, 1, 1].map((value) => Float64Array.of(value))
    const best = (gamma: number) => {
      const loss = (guess: number) =>
        proximalMatchingLoss(
          samples.map(() => Float64Array.of(guess)),
          samples,
          gamma,
        )
      return Array.from({ length: 101 }, (_, i) => i / 100).reduce((least, guess) => (loss(guess) < loss(least) ? guess : least))
    }
    expect(best(0.1)).toBe(0)
    expect(best(20)).toBeCloseTo(0.4, 2)
  })
})

describe('plug and play with a proximal network', () => {
  it('comes down all the way in what it minimises, and comes to rest', async () => {
    const operator = denseOperator(Array.from({ length: 4 }, (_, i) => [...normals(6, 50 + i)].map((value) => 0.4 * value)))
    const y = operator.apply(normals(6, 60))
    const threshold = { prox: async (x: Float64Array) => x.map((value) => Math.sign(value) * Math.max(0, Math.abs(value) - 0.02)) }
    const settings = learnedProximal.params.parse({ iterations: 400, step: 0.4, clip: false })
    const objectives: number[] = []
    let rest = Number.POSITIVE_INFINITY
    for await (const { state } of proximalSteps({ operator, y, deviation: 0 }, threshold, settings, signal)) {
      const misfit = mix([1, operator.apply(state.estimate)], [-1, y])
      objectives.push(dotOf(misfit, misfit) / 2 + (0.02 / 0.4) * state.estimate.reduce((sum, value) => sum + Math.abs(value), 0))
      rest = state.change
    }
    for (const [i, objective] of objectives.entries()) if (i > 0) expect(objective).toBeLessThan(objectives[i - 1] + 1e-14)
    expect(rest).toBeLessThan(1e-6)
  })
})
