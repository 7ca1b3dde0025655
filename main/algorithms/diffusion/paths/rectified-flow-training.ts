/** Pairs to learn a flow from: noise (or one distribution) and where it shall go, with a time for each. */
export interface Pairs {
  readonly dimension: number
  readonly starts: Float64Array
  readonly ends: Float64Array
  /** One in 0..1 for each pair. */
  readonly times: Float64Array
}

/** A velocity field that can learn: its value, and what a change of each value means for its parameters. */
export interface Field<P> {
  /** @param x points one after another; @param times one for each. */
  forward(parameters: P, x: Float64Array, times: Float64Array): Float64Array
  /** Gradient in the parameters of a function whose slope in the values is `slope`. */
  backward(parameters: P, x: Float64Array, times: Float64Array, slope: Float64Array): P
}

/** Points on the straight lines between the pairs: t end + (1 - t) start. */
export function between({ dimension, starts, ends, times }: Pairs): Float64Array {
  return ends.map((end, i) => {
    const t = times[Math.floor(i / dimension)]
    return t * end + (1 - t) * starts[i]
  })
}

/**
 * The loss of rectified flow, and of every reflow: the mean over all values of (v(x_t, t) - (end - start))². Its optimum is the
 * mean direction of the lines through a point. @returns the loss and its gradient in the field's parameters.
 */
export function flowLoss<P>(field: Field<P>, parameters: P, pairs: Pairs): { readonly loss: number; readonly gradient: P } {
  const x = between(pairs)
  const values = field.forward(parameters, x, pairs.times)
  const apart = values.map((value, i) => value - (pairs.ends[i] - pairs.starts[i]))
  const loss = apart.reduce((sum, a) => sum + a * a, 0) / apart.length
  const slope = apart.map((a) => (2 * a) / apart.length)
  return { loss, gradient: field.backward(parameters, x, pairs.times, slope) }
}

/** Parameters of v(x, t) = A x + b t + c. A is row-major. */
export interface LinearParameters {
  readonly a: Float64Array
  readonly b: Float64Array
  readonly c: Float64Array
}

/** The simplest field that can learn: exact for flows between Gaussians at a fixed time, and a check on every other. */
export const linearField: Field<LinearParameters> = {
  forward({ a, b, c }, x, times) {
    const d = b.length
    return x.map((_, at) => {
      const [k, i] = [Math.floor(at / d), at % d]
      let sum = b[i] * times[k] + c[i]
      for (let j = 0; j < d; j++) sum += a[i * d + j] * x[k * d + j]
      return sum
    })
  },
  backward({ b }, x, times, slope) {
    const d = b.length
    const gradient = { a: new Float64Array(d * d), b: new Float64Array(d), c: new Float64Array(d) }
    for (let k = 0; k < times.length; k++)
      for (let i = 0; i < d; i++) {
        const g = slope[k * d + i]
        gradient.b[i] += g * times[k]
        gradient.c[i] += g
        for (let j = 0; j < d; j++) gradient.a[i * d + j] += g * x[k * d + j]
      }
    return gradient
  },
}
