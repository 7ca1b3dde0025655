import { lambdaOf, type Node, nodeAt, type Path } from '../../math/gaussian-path.ts'
import { type Denoise, decode, guide, type Prediction, type PredictionKind, rows, withClean } from '../../math/prediction.ts'
import { type Shape, sizeOf, type Tensor, tensor } from '../../math/tensor.ts'
import { Refusal } from '../define.ts'

/** How a network is told the time. */
export type Clock = 'levels' | 'time' | 'log-sigma' | 'thousandths'

/** A network as its card describes it, with its prompt already in hand. */
export interface NetworkCard {
  /** The path it was trained on. */
  readonly path: Path
  readonly kind: PredictionKind
  readonly clock: Clock
  /** One latent, batch first. */
  readonly shape: Shape
  run(x: Tensor, time: number, signal: AbortSignal): Promise<Tensor>
}

/** What a network is told at a node. */
const clocks: Readonly<Record<Clock, (node: Node, path: Path) => number>> = {
  // Fractional between levels; rounding must not turn level 2 into 2.0000000000000004.
  levels: ({ t, label }, { table }) => label ?? Math.round((table ? t * table.abar.length - 1 : 1000 * t) * 1e9) / 1e9,
  time: ({ t }) => t,
  'log-sigma': (node) => -lambdaOf(node) / 4,
  // The family of SD3 and FLUX counts from the picture, in thousandths.
  thousandths: ({ t }) => 1000 * (1 - t),
}

/** The raw network of Karras et al. is fed a state of unit deviation; all others the state itself. */
const inputScale = (kind: PredictionKind, { sigma }: Node): number => (kind === 'edm' ? 1 / Math.sqrt(sigma * sigma + 0.25) : 1)

/**
 * A network as solvers ask it: state in float64, cast for the network alone, whatever it predicts and however it counts time.
 * @throws Refusal where the kind says nothing at a node; RangeError where the shape does not fit the state.
 */
export function denoiserOf({ path, kind, clock, shape, run }: NetworkCard): Denoise {
  return async (x, node, signal) => {
    if (x.length !== sizeOf(shape)) throw new RangeError(`A state of ${x.length} values does not fill the shape [${shape.join(', ')}].`)
    const scale = inputScale(kind, node)
    const input = tensor(shape)
    // A plain loop: `from` with a function costs twenty times as much.
    for (let i = 0; i < x.length; i++) input.data[i] = x[i] * scale
    const output = await run(input, clocks[clock](node, path), signal)
    if (output.data.length !== x.length) throw new RangeError(`The network answered ${output.data.length} values instead of ${x.length}.`)
    const row = rows[kind](node, path)
    if (!(Math.abs(node.alpha * row[1] - node.sigma * row[0]) >= 1e-12))
      throw new Refusal(
        'The model cannot begin here.',
        'It predicts what cannot be told apart from the state where there is nothing but noise, or no noise at all.',
        'Start a little later on the path, or choose a model that predicts the velocity.',
      )
    return decode(x, new Float64Array(output.data), row, node)
  }
}

/**
 * Classifier-free guidance: without + weight (with - without). At weight 1 the network without a prompt is not asked at all.
 * @param rescale share of the result whose noise is brought back to the deviation it has with the prompt alone: less glare.
 */
export function guided(withPrompt: Denoise, without: Denoise, weight: number, rescale = 0): Denoise {
  if (weight === 1) return withPrompt
  return async (x, node, signal) => {
    // In one breath, so that a network that can takes both at once.
    const [plain, prompted] = await Promise.all([without(x, node, signal), withPrompt(x, node, signal)])
    const both = guide(plain, prompted, weight)
    if (rescale === 0 || !(node.alpha > 0)) return both
    const factor = 1 - rescale + (rescale * deviation(prompted.eps)) / deviation(both.eps)
    const eps = both.eps.map((value) => value * factor)
    return { x0: x.map((value, i) => (value - node.sigma * eps[i]) / node.alpha), eps }
  }
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** Changes the clean picture on the way (clamps it, holds what is known in it); the noise follows. */
export const withPicture = (denoise: Denoise, change: (x0: Float64Array, at: Node) => Float64Array): Denoise => {
  return async (x, node, signal): Promise<Prediction> => withClean(x, change((await denoise(x, node, signal)).x0, node), node)
}

/**
 * Does a network answer as its card says? At the middle of its path pure noise of the right spread must decode to noise of about
 * unit deviation. @returns the root mean square of the noise it tells. Outside 0.5..1.5 the card is wrong; inside it may still be.
 */
export async function probeKind(card: NetworkCard, noise: Float64Array, signal: AbortSignal): Promise<number> {
  const node = nodeAt(card.path, (card.path.tNoise + card.path.tData) / 2)
  const spread = Math.sqrt(node.alpha * node.alpha + node.sigma * node.sigma)
  const { eps } = await denoiserOf(card)(
    noise.map((value) => value * spread),
    node,
    signal,
  )
  return Math.sqrt(eps.reduce((sum, value) => sum + value * value, 0) / eps.length)
}
