/** Below this the recursion of the phi functions loses digits that their series keeps. */
const SERIES_BELOW = 0.5

/**
 * The phi functions of exponential integrators, k = 0 … last: phi_0 = e^z, phi_(k+1) = (phi_k - 1 / k!) / z, phi_k(0) = 1 / k!.
 * phi_k(z) = sum over j of z^j / (j + k)!.
 */
export function phis(z: number, last: number): number[] {
  if (Math.abs(z) >= SERIES_BELOW * Math.max(1, last)) {
    const values = [Math.exp(z), Math.expm1(z) / z]
    let factorial = 1
    for (let k = 1; k < last; k++) {
      factorial *= k
      values.push((values[k] - 1 / factorial) / z)
    }
    return values.slice(0, last + 1)
  }
  const values: number[] = []
  let inverseFactorial = 1
  for (let k = 0; k <= last; k++) {
    if (k > 0) inverseFactorial /= k
    let term = inverseFactorial
    let sum = 0
    for (let j = 1; j < 40; j++) {
      sum += term
      term *= z / (k + j)
    }
    values.push(sum)
  }
  return values
}

/** n!, for whole n from 0. */
export function factorial(n: number): number {
  let product = 1
  for (let i = 2; i <= n; i++) product *= i
  return product
}
