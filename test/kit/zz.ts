import { locallyRegularized, stepPenalty } from '../../main/algorithms/learning/locally-regularized.ts'
import { accuracy, follow, spirals, trainSpirals } from './spiral-flow.ts'

const tolerance = 1e-4
const settings = locallyRegularized.params.parse({ absolute: tolerance, relative: tolerance })
const test = spirals(200, 5000)
for (const seed of [1, 2])
  for (const w of [0, 0.03, 0.1, 0.3]) {
    const t0 = performance.now()
    const f = trainSpirals(
      300,
      seed * 100000,
      w === 0 ? null : (field, u, t) => stepPenalty(field, { u, t, end: 1, dt: Math.min(0.1, 1 - t) }, settings).gradient.map((v) => w * v),
    )
    const r = [1e-3, 1e-5].map((tol) => {
      const { end, calls } = follow(f, test.states, tol)
      return [calls, accuracy(end, test)]
    })
    console.log(seed, w, JSON.stringify(r), (performance.now() - t0).toFixed(0))
  }
