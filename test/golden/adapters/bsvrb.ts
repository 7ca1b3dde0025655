import type { CurvedBlock } from '../../../main/algorithms/bilevel.ts'
import { hypergradient } from '../../../main/algorithms/learning/implicit-differentiation.ts'
import { type BlockwiseRates, type BlockwiseState, blockwiseStep, track } from '../../../main/algorithms/learning/multi-block-bilevel.ts'
import { combine } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import { norm } from '../../../main/math/norms.ts'
import { answerOf, quadraticBlock, quadraticOf } from '../../kit/bilevel-quadratic.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const ratesOf = (version: BlockwiseRates['version'], p: Inputs, count: number): BlockwiseRates => ({
  ...{ version, tracking: p.alpha, correction: p.gamma, smoothing: p.beta, eta: p.eta, bound: p.v_bound },
  tau: new Array(count).fill(p.tau),
  floor: new Array(count).fill(p.mu),
})

function begin(blocks: readonly CurvedBlock[], x: Float64Array, version: BlockwiseRates['version'], scale: number): BlockwiseState {
  const tracked = blocks.map((block) => {
    const one = track(block, x, new Float64Array(block.size), version)
    const curvature = one.curvature && combine([scale, one.curvature])
    return { ...one, curvature, before: { ...one.before, curvature } }
  })
  return { x, at: x, xBefore: x, z: null, blocks: tracked, y: tracked.map(({ y }) => y) }
}

/** The same noise on the slope of the answer at both places; in the second version also on that of the adjoint. */
const noisy = (block: CurvedBlock, noise: Float64Array, version: BlockwiseRates['version']): CurvedBlock => ({
  ...block,
  lowerInY: (x, y) => mix([1, block.lowerInY(x, y)], [1, noise]),
  ...(version === 'vector' && { upperInY: (x: Float64Array, y: Float64Array) => mix([1, block.upperInY(x, y)], [-1, noise]) }),
})

/** Both versions step by step, and where all blocks without noise lead. */
export const bsvrbAdapter: FileAdapter = {
  name: 'bsvrb',
  recognises: ({ settings }) => Boolean(settings?.full_params && settings.schedule),
  async check({ settings, expected, tolerance }) {
    const { schedule, noise, params, full_params, x0 } = settings
    const quadratics = (settings.blocks as Inputs[]).map((block) => quadraticOf(block, block.rho))
    const blocks = quadratics.map(quadraticBlock)
    const course = (version: BlockwiseRates['version']) => {
      let state = begin(blocks, flat(x0), version, params.H0scale)
      const places: Inputs[] = [{}]
      for (const [t, batch] of (schedule as number[][]).entries()) {
        const seen = blocks.map((block, i) => noisy(block, flat(noise[t][i]), version))
        state = blockwiseStep(seen, state, batch, ratesOf(version, params, blocks.length))
        places.push({ x: state.x, y: state.y, z: state.z, v: state.blocks.map(({ v }) => v) })
      }
      return { ...places }
    }
    const slopeKey = Object.keys(expected).find((key) => key.startsWith('grad_norm_full_batch_v1_')) ?? ''
    let whole = begin(blocks, flat(x0), 'matrix', params.H0scale)
    const everyone = blocks.map((_, i) => i)
    for (let t = 0; t < Number(slopeKey.split('_').at(-1)); t++)
      whole = blockwiseStep(blocks, whole, everyone, ratesOf('matrix', full_params, blocks.length))
    const slope = blocks.reduce((sum, block, i) => {
      const { gradient } = hypergradient(block, whole.x, answerOf(quadratics[i], whole.x), { iterations: 100, tolerance: 1e-15 })
      return mix([1, sum], [1 / blocks.length, gradient])
    }, new Float64Array(whole.x.length) as Float64Array)
    const actual = {
      ...{ v1: course('matrix'), v2: course('vector') },
      ...{ x_star_full_batch: whole.x, [slopeKey]: norm(slope) },
    }
    return differences(actual, expected, () => tolerance)
  },
}
