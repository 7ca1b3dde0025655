/**
 * To the nearest whole number, exact halves to the even one, as numpy and Python round.
 * Lists of timesteps hit exact halves; `Math.round` would send them up and the list would be another one.
 */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest < 0.5) return below
  if (rest > 0.5) return below + 1
  return below % 2 === 0 ? below : below + 1
}
