/** A linear map with its transpose. */
export interface LinearMap {
  apply(x: Float64Array): Float64Array
  adjoint(y: Float64Array): Float64Array
}

/** One layer, z = softplus(W x + U z(before) + bias). The first has no U. */
export interface Layer {
  readonly fromInput: LinearMap
  /** Holds no negative weight: that keeps the whole convex. */
  readonly fromBefore: LinearMap | null
  readonly bias: Float64Array | null
}

/**
 * A convex function of a picture that is made of layers, psi(x) = ⟨out, z⟩ + ⟨straight, x⟩ + shift + alpha/2 |x|², and its gradient f.
 * As f is the gradient of a convex function, it is the proximal operator of a regulariser R, whatever the weights, and
 * R(f(y)) = ⟨y, f(y)⟩ - |f(y)|²/2 - psi(y).
 */
export interface ConvexNetwork {
  /** Sharpness of the softplus, ln(1 + exp(beta a)) / beta. */
  readonly beta: number
  readonly alpha: number
  readonly layers: readonly Layer[]
  readonly out: Float64Array
  readonly straight: Float64Array | null
  readonly shift: number
}

/** @throws RangeError where a weight that must not be negative is. */
export function expectProximal(what: string, weights: ArrayLike<number>): void {
  for (let i = 0; i < weights.length; i++)
    if (!(weights[i] >= 0)) throw new RangeError(`This is no proximal network: ${what} holds ${weights[i]} at place ${i}.`)
}

const softplus = (a: number, beta: number) => Math.max(0, a) + Math.log1p(Math.exp(-Math.abs(beta * a))) / beta
const sigmoid = (a: number) => (a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a)))

/** What every layer weighs before its softplus, and the last one's outcome. */
function forward(
  { beta, layers }: ConvexNetwork,
  x: Float64Array,
): { readonly weighed: readonly Float64Array[]; readonly z: Float64Array } {
  const weighed: Float64Array[] = []
  let z = new Float64Array(0)
  for (const { fromInput, fromBefore, bias } of layers) {
    const a = fromInput.apply(x).slice()
    const before = fromBefore?.apply(z)
    for (let i = 0; i < a.length; i++) a[i] += (before ? before[i] : 0) + (bias ? bias[i] : 0)
    weighed.push(a)
    z = a.map((value) => softplus(value, beta))
  }
  return { weighed, z }
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)

/** psi(x). */
export function potential(network: ConvexNetwork, x: Float64Array): number {
  const { out, straight, shift, alpha } = network
  return dot(out, forward(network, x).z) + (straight ? dot(straight, x) : 0) + shift + (alpha / 2) * dot(x, x)
}

/** f(x), the gradient of psi: the denoised picture. */
export function gradient(network: ConvexNetwork, x: Float64Array): Float64Array {
  const { layers, out, straight, alpha, beta } = network
  const { weighed } = forward(network, x)
  const f = x.map((value, i) => alpha * value + (straight ? straight[i] : 0))
  let owed = out
  for (let k = layers.length - 1; k >= 0; k--) {
    const share = owed.map((value, i) => value * sigmoid(beta * weighed[k][i]))
    const part = layers[k].fromInput.adjoint(share)
    for (let i = 0; i < f.length; i++) f[i] += part[i]
    owed = layers[k].fromBefore?.adjoint(share) ?? owed
  }
  return f
}

/** R(f(y)), the regulariser where the network leads y. */
export function priorAfter(network: ConvexNetwork, y: Float64Array): number {
  const f = gradient(network, y)
  return dot(y, f) - dot(f, f) / 2 - potential(network, y)
}

/**
 * R at a given picture: y with f(y) = x is looked for by y ← y + step (x - f(y)). `residual` is what is left of |x - f(y)| as a share of
 * |x|; above 0.05 the picture lies outside what the network was made for, and the value says nothing.
 * @param step below 2 over the largest slope of f, which is about 1 for a trained network.
 */
export function priorAt(
  network: ConvexNetwork,
  x: Float64Array,
  { steps = 100, step = 0.8 } = {},
): { readonly value: number; readonly residual: number } {
  let y = x
  let residual = Number.POSITIVE_INFINITY
  for (let i = 0; i <= steps; i++) {
    const f = gradient(network, y)
    const gap = x.map((value, k) => value - f[k])
    residual = Math.sqrt(dot(gap, gap) / Math.max(dot(x, x), Number.MIN_VALUE))
    if (residual < 1e-3 || i === steps) break
    y = y.map((value, k) => value + step * gap[k])
  }
  return { value: priorAfter(network, y), residual }
}
