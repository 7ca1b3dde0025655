import { type Node, nodeAt, type Path, retime } from './gaussian-path.ts'

/** What a network's answer is about: output = p x0 + q eps at a node. Every kind of prediction is such a row. */
export type Row = (node: Node, path: Path) => readonly [p: number, q: number]

/** What solvers consume: the clean picture and the noise, with x = alpha x0 + sigma eps. */
export interface Prediction {
  readonly x0: Float64Array
  readonly eps: Float64Array
}

/** Asks for the prediction at x, which lies at `at`. */
export type Denoise = (x: Float64Array, at: Node, signal: AbortSignal) => Promise<Prediction>

/** The kinds of prediction that networks are trained for. */
export type PredictionKind = 'eps' | 'x0' | 'v' | 'score' | 'velocity' | 'edm' | 'flow'

/** The raw network of Karras et al., for data of that deviation. */
export const edmRow =
  (deviation: number): Row =>
  ({ sigma }) => {
    const variance = sigma * sigma + deviation * deviation
    const skip = (deviation * deviation) / variance
    const out = (sigma * deviation) / Math.sqrt(variance)
    return [(1 - skip) / out, (-skip * sigma) / out]
  }

/** Rows by kind. `edm` is the raw network of Karras et al. for data of deviation 0.5; `flow` is eps - x0, as SD3 and FLUX have it. */
export const rows: Readonly<Record<PredictionKind, Row>> = {
  eps: () => [0, 1],
  x0: () => [1, 0],
  v: ({ alpha, sigma }) => [-sigma, alpha],
  score: ({ sigma }) => [0, -1 / sigma],
  velocity: ({ t }, path) => [path.dAlpha(t), path.dSigma(t)],
  edm: edmRow(0.5),
  flow: () => [-1, 1],
}

/** A determinant smaller than this says that the output does not tell noise and signal apart. */
const SINGULAR = 1e-12

/**
 * From a network's output to the prediction: one 2 × 2 solve for every kind.
 * @throws RangeError where the kind says nothing at this node (noise where there is no signal, signal where there is no noise).
 */
export function decode(x: Float64Array, output: Float64Array, [p, q]: readonly [number, number], node: Node): Prediction {
  const { alpha, sigma } = node
  const determinant = alpha * q - sigma * p
  if (!(Math.abs(determinant) >= SINGULAR))
    throw new RangeError(`This kind of prediction cannot be read at alpha ${alpha}, sigma ${sigma}: the determinant is ${determinant}.`)
  const x0 = new Float64Array(x.length)
  const eps = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    x0[i] = (q * x[i] - sigma * output[i]) / determinant
    eps[i] = (alpha * output[i] - p * x[i]) / determinant
  }
  return { x0, eps }
}

/** The output that a network of this row would give: what `decode` undoes. */
export function encode({ x0, eps }: Prediction, [p, q]: readonly [number, number]): Float64Array {
  const output = new Float64Array(x0.length)
  for (let i = 0; i < x0.length; i++) output[i] = p * x0[i] + q * eps[i]
  return output
}

/** The prediction of a clean picture that was changed on the way (clamped, projected, inpainted): the noise follows. */
export function withClean(x: Float64Array, x0: Float64Array, node: Node): Prediction {
  if (!(node.sigma > 0)) throw new RangeError('Without noise the noise cannot be told.')
  const eps = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) eps[i] = (x[i] - node.alpha * x0[i]) / node.sigma
  return { x0, eps }
}

/** Classifier-free guidance: without + weight (with - without). Holds for any kind, since all are affine in the output. */
export function guide(without: Prediction, withPrompt: Prediction, weight: number): Prediction {
  const between = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + weight * (b[i] - value))
  return { x0: between(without.x0, withPrompt.x0), eps: between(without.eps, withPrompt.eps) }
}

/**
 * A network trained on one path, asked at nodes of any other: the clean picture and the noise are the same, the state is rescaled
 * and the time is that of equal lambda. @throws RangeError at nodes outside what it was trained on.
 */
export function retimed(denoise: Denoise, trained: Path): Denoise {
  return (x, at, signal) => {
    const { tau, k } = retime(trained, at)
    const node = nodeAt(trained, tau)
    const scaled = x.map((value) => value / k)
    return denoise(scaled, at.label === undefined ? node : { ...node, label: at.label }, signal)
  }
}
