/** How a cloud of particles draws together. */
export interface Contraction {
  /** Length of a step, and the pull towards the centre: each step takes away the share `pull · dt` of the distance. */
  readonly dt: number
  readonly pull: number
  /** Strength of the noise. */
  readonly sigma: number
  /** Anisotropic noise moves each coordinate in proportion to its own distance, isotropic noise in proportion to the whole. */
  readonly noise: 'anisotropic' | 'isotropic'
}

/** Weights exp(-alpha (E - least)); with `isRelative` the values are first spread over 0..1. What is not finite weighs nothing. */
function weightsOf(values: ArrayLike<number>, alpha: number, isRelative: boolean): Float64Array {
  const finite = Array.from(values).filter(Number.isFinite)
  if (finite.length === 0) throw new RangeError('None of the values is finite.')
  const least = finite.reduce((a, b) => Math.min(a, b))
  const width = isRelative ? finite.reduce((a, b) => Math.max(a, b)) - least || 1 : 1
  return Float64Array.from(values, (value) => (Number.isFinite(value) ? Math.exp((-alpha * (value - least)) / width) : 0))
}

/**
 * The particles' mean, each weighted by how low its value is: exp(-alpha E). The higher alpha, the nearer to the best of them.
 * @throws RangeError where no value is finite.
 */
export function consensusOf(
  particles: readonly Float64Array[],
  values: ArrayLike<number>,
  alpha: number,
  isRelative = false,
): Float64Array {
  const weights = weightsOf(values, alpha, isRelative)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const centre = new Float64Array(particles[0].length)
  for (const [i, particle] of particles.entries())
    if (weights[i] > 0) for (let k = 0; k < centre.length; k++) centre[k] += (weights[i] / total) * particle[k]
  return centre
}

/** One step of every particle: first towards the centre, then about, by the distance that is left. `xi` holds normal numbers for each. */
export function contract(
  particles: readonly Float64Array[],
  centre: Float64Array,
  { dt, pull, sigma, noise }: Contraction,
  xi: readonly Float64Array[],
): Float64Array[] {
  return particles.map((particle, i) => {
    const rest = particle.map((value, k) => (1 - pull * dt) * (value - centre[k]))
    const whole = Math.hypot(...rest)
    return rest.map((left, k) => centre[k] + left + sigma * Math.sqrt(dt) * (noise === 'anisotropic' ? Math.abs(left) : whole) * xi[i][k])
  })
}

/** Fresh particles around the centre: what contraction becomes where a step takes away all of the distance and the width is fixed. */
export const hop = (centre: Float64Array, width: number, xi: readonly Float64Array[]): Float64Array[] =>
  xi.map((numbers) => numbers.map((number, k) => centre[k] + width * number))
