/**
 * How far samplers end from where a long, exact run ends: the mean over starts of the root mean square distance. Needs neither
 * pictures nor a judge; it is a distance in the model's own space and nothing else.
 */
export function trajectoryScore(ends: readonly Float64Array[], references: readonly Float64Array[]): number {
  if (ends.length === 0 || ends.length !== references.length)
    throw new RangeError(`${ends.length} ends and ${references.length} references do not pair.`)
  let sum = 0
  for (const [k, end] of ends.entries()) {
    let square = 0
    for (let i = 0; i < end.length; i++) square += (end[i] - references[k][i]) ** 2
    sum += Math.sqrt(square / end.length)
  }
  return sum / ends.length
}
