import type { Node } from '../../../math/gaussian-path.ts'
import { mix } from '../../../math/mix.ts'
import type { Measurement } from '../../measurement.ts'

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)
/** Euclidean. */
export const lengthOf = (a: Float64Array): number => Math.sqrt(dot(a, a))

/** What the surrogate loss is made of at one state. */
export interface Look {
  readonly z: Float64Array
  readonly at: Node
  readonly eps: Float64Array
  /** The clean picture that follows from the noise, and what of the measurement it does not explain, y - A z0. */
  readonly z0: Float64Array
  readonly residual: Float64Array
}

const cleanOf = (z: Float64Array, eps: Float64Array, { alpha, sigma }: Node) => mix([1 / alpha, z], [-sigma / alpha, eps])

/** One call of the network. */
export async function look(measured: Measurement, z: Float64Array, at: Node, signal: AbortSignal): Promise<Look> {
  const { eps } = await measured.denoise(z, at, signal)
  const z0 = cleanOf(z, eps, at)
  return { z, at, eps, z0, residual: mix([1, measured.y], [-1, measured.operator.apply(z0)]) }
}

/**
 * The transpose of the network's slope times v: as it is told, or, as the slope of a true score is symmetric, by the difference of two
 * calls along v.
 */
async function pulled(
  { pull, denoise }: Measurement,
  z: Float64Array,
  at: Node,
  v: Float64Array,
  h: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  if (pull) return pull(z, at, v, signal)
  const length = lengthOf(v)
  if (length === 0) return v
  const ahead = (await denoise(mix([1, z], [h / length, v]), at, signal)).eps
  const behind = (await denoise(mix([1, z], [-h / length, v]), at, signal)).eps
  return mix([length / (2 * h), ahead], [-length / (2 * h), behind])
}

/** Slope of lambda |y - A z0|², lambda held: -2 lambda Jᵀ Aᵀ r with J = (1 - sigma deps/dz) / alpha. */
export async function dataSlope(
  measured: Measurement,
  { z, at, z0, residual }: Look,
  lambda: number,
  h: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const asked = measured.operator.adjoint(residual, z0)
  const back = await pulled(measured, z, at, asked, h, signal)
  return mix([(-2 * lambda) / at.alpha, asked], [(2 * lambda * at.sigma) / at.alpha, back])
}

/**
 * Slope of (eta / d) uᵀ (s(z + u) - s(z)), the score s = -eps / sigma: one draw's guess of eta / d times the trace of the curvature of
 * log p. Going down it sharpens what the plain estimate leaves blurred.
 */
export async function traceSlope(
  measured: Measurement,
  { z, at }: Look,
  u: Float64Array,
  eta: number,
  h: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const there = await pulled(measured, mix([1, z], [1, u]), at, u, h, signal)
  const here = await pulled(measured, z, at, u, h, signal)
  const factor = eta / (u.length * at.sigma)
  return mix([-factor, there], [factor, here])
}

/** The surrogate loss itself; one call more. */
export async function surrogate(
  measured: Measurement,
  { z, at, eps, residual }: Look,
  u: Float64Array,
  lambda: number,
  eta: number,
  signal: AbortSignal,
): Promise<number> {
  const there = (await measured.denoise(mix([1, z], [1, u]), at, signal)).eps
  return lambda * dot(residual, residual) - (eta / (u.length * at.sigma)) * (dot(u, there) - dot(u, eps))
}
