/**
 * The loss of proximal matching: the mean over samples of 1 - exp(-|out - target|² / gamma²), the distance over the whole sample. As
 * gamma falls to 0 its minimiser is the most probable picture, so that the network becomes the proximal operator of the log-prior;
 * squares would give the mean, absolute values the median.
 */
export function proximalMatchingLoss(out: readonly Float64Array[], target: readonly Float64Array[], gamma: number): number {
  if (!(gamma > 0)) throw new RangeError(`gamma is ${gamma}; it must lie above 0.`)
  if (out.length === 0 || out.length !== target.length) throw new RangeError(`${out.length} and ${target.length} samples do not pair.`)
  const each = out.map((row, k) => -Math.expm1(-row.reduce((sum, value, i) => sum + (value - target[k][i]) ** 2, 0) / gamma ** 2))
  return each.reduce((a, b) => a + b, 0) / each.length
}

/** gamma of each stage: halved from one to the next, down to 0.08 sqrt(values of a sample). */
export const gammaStages = (values: number, stages: number): readonly number[] =>
  Array.from({ length: stages }, (_, i) => 0.08 * Math.sqrt(values) * 2 ** (stages - 1 - i))
