import type { Unknown } from './data-separation.ts'
import type { Path } from './gaussian-path.ts'

/** Angles at which the curve is laid out, both ends included. */
const NODES = 4001
/** Keeps the angle moving where the data costs nothing: for Gaussian data every path is free. */
const LEAST = 1e-6

/** The kinetic-optimal path of some data, and what it costs. */
export interface KineticPath {
  readonly path: Path
  /** Angle of the sector that the path is a straight line in. */
  readonly sector: number
  /** Parameter of the path, and its kinetic energy an entry: the least there is. */
  readonly energy: number
  /** tan of it is signal over noise at t. */
  theta(t: number): number
}

/**
 * In polar coordinates, alpha = r sin theta and sigma = r cos theta, the kinetic energy is that of a flat sector with angle
 * phi(theta) = integral of sqrt(gamma), gamma = 1 - unknown / cos² theta. The best path is a straight line in it: closed form, no
 * equation to solve. sqrt(gamma) is taken as linear between the nodes, so that phi, its inverse and both slopes fit each other.
 */
export function kineticPath(unknown: Unknown): KineticPath {
  const step = Math.PI / 2 / (NODES - 1)
  const roots = Float64Array.from({ length: NODES }, (_, i) => {
    if (i === NODES - 1) return LEAST
    const cosine = Math.cos(i * step)
    return Math.sqrt(Math.max(LEAST * LEAST, 1 - unknown(i * step) / (cosine * cosine)))
  })
  // Isolated points keep gamma at 1 to the very end, data with a density lets it run to 0.
  if (roots[NODES - 2] > 0.5) roots[NODES - 1] = roots[NODES - 2]
  const phis = new Float64Array(NODES)
  for (let i = 1; i < NODES; i++) phis[i] = phis[i - 1] + (step * (roots[i] + roots[i - 1])) / 2
  const sector = phis[NODES - 1]
  const [sine, cosine] = [Math.sin(sector), Math.cos(sector)]
  const energy = 2 * (1 - cosine)

  const root = (theta: number) => {
    const i = Math.min(NODES - 2, Math.floor(theta / step))
    return roots[i] + ((roots[i + 1] - roots[i]) * (theta - i * step)) / step
  }
  const phiOf = (theta: number) => {
    const i = Math.min(NODES - 2, Math.floor(theta / step))
    const u = theta - i * step
    return phis[i] + u * roots[i] + ((roots[i + 1] - roots[i]) * u * u) / (2 * step)
  }
  const theta = (t: number): number => {
    if (t <= 0) return 0
    if (t >= 1) return Math.PI / 2
    const phi = Math.atan2(t * sine, 1 - t + t * cosine)
    let low = 0
    let high = NODES - 2
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (phis[middle] <= phi) low = middle
      else high = middle - 1
    }
    const rest = phi - phis[low]
    const bend = (roots[low + 1] - roots[low]) / step
    return low * step + (2 * rest) / (roots[low] + Math.sqrt(Math.max(0, roots[low] ** 2 + 2 * bend * rest)))
  }
  const radius = (t: number) => Math.sqrt(1 - energy * t + energy * t * t)
  const slopes = (t: number) => {
    const r = radius(t)
    const angle = theta(t)
    const dPhi = sine / (r * r)
    return { r, angle, dr: (2 * energy * t - energy) / (2 * r), dAngle: dPhi / root(angle) }
  }
  const alpha = (t: number) => (t >= 1 ? 1 : radius(t) * Math.sin(theta(t)))
  const sigma = (t: number) => (t >= 1 ? 0 : radius(t) * Math.cos(theta(t)))
  return {
    sector,
    energy,
    theta,
    path: {
      tNoise: 0,
      tData: 1,
      table: null,
      alpha,
      sigma,
      dAlpha: (t) => {
        const { r, angle, dr, dAngle } = slopes(t)
        return dr * Math.sin(angle) + r * Math.cos(angle) * dAngle
      },
      dSigma: (t) => {
        const { r, angle, dr, dAngle } = slopes(t)
        return dr * Math.cos(angle) - r * Math.sin(angle) * dAngle
      },
      tOfLambda: (lambda) => {
        if (Number.isNaN(lambda)) throw new RangeError('lambda is no number.')
        const tangent = Math.tan(Math.min(sector, phiOf(Math.atan(Math.exp(lambda)))))
        return tangent / (sine + tangent * (1 - cosine))
      },
    },
  }
}

/** Kinetic energy an entry of a path for such data: the integral of r'² + r² theta'² gamma, by midpoints. */
export function kineticEnergy({ alpha, sigma, dAlpha, dSigma }: Path, unknown: Unknown, steps = 4000): number {
  let sum = 0
  for (let i = 0; i < steps; i++) {
    const t = (i + 0.5) / steps
    const [a, m, da, dm] = [alpha(t), sigma(t), dAlpha(t), dSigma(t)]
    const r2 = a * a + m * m
    const dr = (a * da + m * dm) / Math.sqrt(r2)
    const turn = (da * m - a * dm) / r2
    const gamma = Math.max(0, 1 - (unknown(Math.atan2(a, m)) * r2) / (m * m))
    sum += (dr * dr + r2 * turn * turn * gamma) / steps
  }
  return sum
}
