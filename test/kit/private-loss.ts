/** Slope of sigmoid(-y xᵀw) + 0.1 Σ w² / (1 + w²), of one x with its sign y. */
export function sigmoidSlope(x: ArrayLike<number>, y: number, w: Float64Array): Float64Array {
  const margin = w.reduce((sum, value, i) => sum + value * x[i], 0) * y
  const s = 1 / (1 + Math.exp(margin))
  return w.map((value, i) => -y * s * (1 - s) * x[i] + (0.2 * value) / (1 + value * value) ** 2)
}
