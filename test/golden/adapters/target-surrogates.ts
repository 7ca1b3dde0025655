import { adamp } from '../../../main/algorithms/learning/adamp.ts'
import { fitTargets, reachAt, targetRound, targetSurrogate } from '../../../main/algorithms/learning/target-surrogate.ts'
import type { Descent, Optimizer } from '../../../main/algorithms/optimizer.ts'
import type { View } from '../../../main/algorithms/target-fit.ts'
import { applyMatrix, fromRows, inverse, type Matrix, multiply, transpose } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

/** Mean of log(1 + exp(-y z)), z = X θ. */
function logistic(X: Matrix, y: Float64Array) {
  const view: View = {
    render: (theta) => applyMatrix(X, theta),
    pull: (_, slope) => applyMatrix(transpose(X), slope),
    opinion: async (z) => z.map((value, i) => -y[i] / (1 + Math.exp(y[i] * value)) / y.length),
  }
  const loss = (theta: Float64Array) =>
    applyMatrix(X, theta).reduce((sum, value, i) => sum + Math.log1p(Math.exp(-y[i] * value)) / y.length, 0)
  return { view, loss }
}

/** f(θ) = sigmoid(M θ), a few of its rows at a time. */
function sigmoids(M: readonly number[][], target: readonly number[], cubic: number, rows: readonly number[]): View {
  const part = fromRows(rows.map((i) => M[i]))
  const wanted = Float64Array.from(rows, (i) => target[i])
  const render = (theta: Float64Array) => applyMatrix(part, theta).map((value) => 1 / (1 + Math.exp(-value)))
  return {
    render,
    pull: (theta, slope) => {
      const z = render(theta)
      return applyMatrix(
        transpose(part),
        slope.map((value, i) => value * z[i] * (1 - z[i])),
      )
    },
    opinion: async (z) => mix([1, z], [-1, wanted]).map((off) => off + cubic * off ** 3),
  }
}

/** A step that ends at the least of the surrogate of a linear model. */
const exactly = (X: Matrix, reach: number): Optimizer => {
  const solve = inverse(multiply(transpose(X), X))
  return {
    start: ({ values }) => ({ values, count: 0 }),
    step: ({ values, count }, gradient) => ({ values: mix([1, values], [-reach, applyMatrix(solve, gradient)]), count: count + 1 }),
  }
}

async function rounds<S extends Descent>(start: S, optimizer: Optimizer<S>, view: View, count: number, options: Inputs) {
  const fit = fitTargets(targetSurrogate.params.parse({ rounds: count, guarded: false, ...options }))
  const places: Float64Array[] = []
  for await (const { state } of fit.fit(start, optimizer, () => view, signal)) places.push(state.parameters)
  return places
}

/** The least of the surrogate, descent on it, and batches with Adam. */
export const targetSurrogatesAdapter: FileAdapter = {
  name: 'target-surrogates',
  recognises: ({ expected }) => Boolean(expected?.A_exact_surrogate_minimiser),
  async check({ settings, X, y, theta0, M, target, expected, tolerance }) {
    const { eta: reach, alpha: rate, m: updates, C } = settings
    const rows = fromRows(X)
    assume(settings, { n: rows.rows, d: rows.columns })
    const { view, loss } = logistic(rows, flat(y))
    const told = (places: readonly Float64Array[]) => places.map((theta) => ({ theta, loss: loss(theta) }))
    const parameter = { values: flat(theta0), shape: [theta0.length] }
    const exact = exactly(rows, reach)
    const plain = adamp.make(adamp.params.parse({ base: 'sgd', rate }), {})
    const [wantedA, wantedB] = [expected.A_exact_surrogate_minimiser, expected.B_inner_gradient_steps]
    const { eta0, cubic, lr, betas, eps, inner_steps } = C.numbers
    const adam = adamp.make(adamp.params.parse({ rate: lr, beta1: betas[0], beta2: betas[1], epsilon: eps }), {})
    let state = adam.start(parameter)
    const batches: Inputs[] = []
    for (const [round, { indices }] of expected.C_minibatch_adam.entries()) {
      const fading = reachAt(round, { reach: eta0, fading: 'root', rounds: 1 })
      const seen = sigmoids(M, target, cubic, indices)
      state = (await targetRound(state, adam, seen, fading, { updates: inner_steps, guarded: false }, signal)).state
      batches.push({ indices, theta: state.values })
    }
    const actual = {
      initial_loss: loss(parameter.values),
      A_exact_surrogate_minimiser: told(await rounds(exact.start(parameter), exact, view, wantedA.length, { reach, updates: 1 })),
      B_inner_gradient_steps: told(await rounds(plain.start(parameter), plain, view, wantedB.length, { reach, updates })),
      B_m1_is_gradient_descent: (await rounds(plain.start(parameter), plain, view, 1, { reach, updates: 1 }))[0],
      C_minibatch_adam: batches,
    }
    return differences(actual, expected, () => tolerance.float64)
  },
}
