/** The standard normal's distribution function, by the series of its integral: exact to rounding for |x| < 6. */
export function normalShare(x: number): number {
  let term = x
  let sum = x
  for (let k = 1; k < 200; k++) {
    term *= (x * x) / (2 * k + 1)
    sum += term
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}

/** Its inverse, by bisection. */
export function normalQuantile(share: number): number {
  let [low, high] = [-6, 6]
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
