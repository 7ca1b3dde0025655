import type { NoiseTable } from './noise-table.ts'

/**
 * A Gaussian path from noise to data: x(t) = alpha(t) x0 + sigma(t) eps, with x0 the data and eps ~ N(0, I).
 * Generation goes from tNoise to tData; t may fall or rise on the way. lambda = ln(alpha / sigma) rises.
 */
export interface Path {
  readonly tNoise: number
  readonly tData: number
  alpha(t: number): number
  sigma(t: number): number
  /** Derivatives in t. */
  dAlpha(t: number): number
  dSigma(t: number): number
  /** Inverse of lambda(t). @throws RangeError outside the path's range. */
  tOfLambda(lambda: number): number
  /** The discrete levels it was made from; null where it never had any. */
  readonly table: NoiseTable | null
}

/** A place on a path. */
export interface Node {
  readonly t: number
  readonly alpha: number
  /** 0 only where generation lands. */
  readonly sigma: number
  /** The discrete timestep told to a network; where it is absent, the network's own clock reads `t`. */
  readonly label?: number
}

/** One step of a course. The next leg may start elsewhere than this one landed: some schedules have such seams. */
export interface Leg {
  readonly from: Node
  readonly to: Node
}

/** The level of a path at a time. */
export const nodeAt = (path: Path, t: number): Node => ({ t, alpha: path.alpha(t), sigma: path.sigma(t) })

/** Half the logarithm of the signal-to-noise ratio; infinite where there is no noise. */
export const lambdaOf = (node: Node): number => Math.log(node.alpha / node.sigma)

/** Steps from each node to the next. */
export const legsOf = (nodes: readonly Node[]): readonly Leg[] => nodes.slice(1).map((to, i) => ({ from: nodes[i], to }))

/** The signal without noise, where generation may end. */
export const CLEAN: Node = { t: 0, alpha: 1, sigma: 0 }

/**
 * Is a node without noise, on a path that never gets there? No velocity leads to it and no network can be asked there: a step onto it
 * is the clean picture as it is told at its start.
 */
export const isBeyond = ({ sigma, tData }: Path, node: Node): boolean => !(node.sigma > 0) && sigma(tData) > 0

/**
 * Where a node of one path lies on another: the time of equal lambda, and the factor between their states,
 * x = k x'. A network trained on `trained` so serves every path: its noise and clean predictions at (x / k, tau) hold at x.
 */
export function retime(trained: Path, node: Node): { readonly tau: number; readonly k: number } {
  const tau = trained.tOfLambda(lambdaOf(node))
  return { tau, k: node.alpha / trained.alpha(tau) }
}

/**
 * The root of a rising function by bisection, to the last bit that matters.
 * @throws RangeError where `target` lies outside f(low)..f(high).
 */
export function bisect(f: (x: number) => number, low: number, high: number, target: number): number {
  let a = low
  let b = high
  const slack = 1e-12 * Math.max(1, Math.abs(target))
  if (target < f(a) - slack || target > f(b) + slack) throw new RangeError(`${target} lies outside ${f(a)}..${f(b)}.`)
  for (let i = 0; i < 200; i++) {
    const middle = (a + b) / 2
    if (middle === a || middle === b) break
    if (f(middle) < target) a = middle
    else b = middle
  }
  return (a + b) / 2
}
