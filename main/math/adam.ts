/** Adam's step: bias-corrected means of the gradient and of its square, epsilon outside the root. */
export interface Adam {
  readonly rate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

export interface Moments {
  readonly count: number
  readonly first: Float64Array
  readonly second: Float64Array
}

/** Before the first step of so many values. */
export const noMoments = (size: number): Moments => ({ count: 0, first: new Float64Array(size), second: new Float64Array(size) })

/** x a step down the gradient, and the moments after it. What is given stays as it is. */
export function adamStep(
  x: Float64Array,
  gradient: Float64Array,
  { count, first, second }: Moments,
  { rate, beta1, beta2, epsilon }: Adam,
): { readonly x: Float64Array; readonly moments: Moments } {
  const moments = {
    count: count + 1,
    first: first.map((value, i) => beta1 * value + (1 - beta1) * gradient[i]),
    second: second.map((value, i) => beta2 * value + (1 - beta2) * gradient[i] ** 2),
  }
  const [bias1, bias2] = [1 - beta1 ** moments.count, 1 - beta2 ** moments.count]
  return {
    x: x.map((value, i) => value - (rate * (moments.first[i] / bias1)) / (Math.sqrt(moments.second[i] / bias2) + epsilon)),
    moments,
  }
}
