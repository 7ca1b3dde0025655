import type { Asked } from '../../main/algorithms/roles.ts'
import type { Node } from '../../main/math/gaussian-path.ts'
import { type Mixture, predictMixture } from './mixture.ts'

/** Data N(mean, c² I): the exact flow carries x = alpha m + sqrt(alpha² c² + sigma²) w along with w unchanged. */
export interface GaussianData {
  readonly mixture: Mixture
  /** Where the exact flow that begins with w stands at a node. */
  flow(w: Float64Array, node: Node): Float64Array
  /** What a perfect network says there. */
  asked(w: Float64Array, node: Node): Asked
}

export function gaussianData(mean: readonly number[], deviation: number): GaussianData {
  const mixture: Mixture = { weights: [1], means: [mean], stds: [deviation] }
  const flow = (w: Float64Array, { alpha, sigma }: Node) => {
    const spread = Math.sqrt((alpha * deviation) ** 2 + sigma * sigma)
    return w.map((value, i) => alpha * mean[i % mean.length] + spread * value)
  }
  return {
    mixture,
    flow,
    asked: (w, node) => {
      const x = flow(w, node)
      return { node, x, ...predictMixture(mixture, x, node) }
    },
  }
}
