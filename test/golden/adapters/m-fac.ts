import { type CurvedDescent, mFac, prune, stepCurved } from '../../../main/algorithms/learning/m-fac.ts'
import { emptyWindow, inverseFisher, pushed, windowApply } from '../../../main/math/inverse-fisher.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { relativeDifferences } from '../relative.ts'
import { flat } from './diffusion-world.ts'

/** Products with the inverse Fisher, pruning by it, and the optimiser that steps by it. */
export const mFacAdapter: FileAdapter = {
  name: 'm-fac',
  recognises: ({ expected }) => Boolean(expected?.blocked_ihvp),
  async check({ settings, G, x, w, window_gradients, optimizer_gradients, expected, tolerance }) {
    const { lambda_damp: damping, blocksize, window: size, ndrop, optimizer } = settings
    const gradients = (G as number[][]).map(flat)
    assume(settings, { m: gradients.length, d: w.length })
    const [inverse, blocked] = [inverseFisher(gradients, damping), inverseFisher(gradients, damping, blocksize)]
    const pruned = prune(flat(w), inverse, ndrop)
    let window = emptyWindow(size)
    const each: Float64Array[] = []
    for (const gradient of (window_gradients as number[][]).map(flat)) {
      window = pushed(window, gradient)
      each.push(windowApply(window, damping, gradient))
    }
    const { lr: rate, momentum, weight_decay: decay } = optimizer
    const fit = mFac.params.parse({ rate, momentum, decay, damping, window: size })
    let state: CurvedDescent = { values: flat(w), count: 0, window: emptyWindow(size), velocity: new Float64Array(w.length) }
    const weights: Float64Array[] = []
    for (const gradient of (optimizer_gradients as number[][]).map(flat)) {
      state = stepCurved(state, gradient, fit)
      weights.push(state.values)
    }
    const elements = Object.keys(expected).flatMap((key) => {
      const [, row, column] = /^element_(\d+)_(\d+)$/.exec(key) ?? []
      return row ? [[key, inverse.element(Number(row), Number(column))]] : []
    })
    const actual: Inputs = {
      ...{ ihvp: inverse.apply(flat(x)), diag: inverse.diagonal(), ...Object.fromEntries(elements) },
      ...{ blocked_ihvp: blocked.apply(flat(x)), blocked_diag: blocked.diagonal() },
      ...{ saliency: pruned.saliency, pruned_indices: pruned.dropped, ndrop: pruned.dropped.length, w_after_prune: pruned.weights },
      ...{ window_ihvp_of_each_new_gradient: each, window_ihvp_of_x: windowApply(window, damping, flat(x)), optimizer_params: weights },
    }
    return relativeDifferences(actual, expected, tolerance.rel_to_max)
  },
}
