import { norm } from './norms.ts'

/** Zero-concentrated privacy that stays within (epsilon, delta). */
export const rhoOf = (epsilon: number, delta: number): number => {
  const rest = Math.log(1 / delta)
  return (Math.sqrt(rest + epsilon) - Math.sqrt(rest)) ** 2
}

/** The epsilon that so much zero-concentrated privacy comes to. */
export const epsilonOf = (rho: number, delta: number): number => rho + 2 * Math.sqrt(rho * Math.log(1 / delta))

/** Deviation of the noise over the sensitivity, for so many steps within rho: each costs 1 / (2 m²). */
export const noiseFor = (rho: number, steps: number): number => Math.sqrt(steps / (2 * rho))

/** v, or as much of it as is c long; what is not finite becomes nothing. */
export function clipped(v: Float64Array, c: number): Float64Array {
  const length = norm(v)
  if (!Number.isFinite(length)) return new Float64Array(v.length)
  return length > c ? v.map((value) => (value * c) / length) : v
}
