import { mix } from '../../../math/mix.ts'

/** A place of a flow: time, state and velocity, several samples of one dimension after another. */
export interface Passed {
  readonly t: number
  readonly x: Float64Array
  readonly velocity: Float64Array
}

const squares = (values: Float64Array, dimension: number): Float64Array =>
  Float64Array.from({ length: values.length / dimension }, (_, k) =>
    values.subarray(k * dimension, (k + 1) * dimension).reduce((sum, value) => sum + value * value, 0),
  )

/**
 * How far a flow is from straight, for each sample: the integral over time of |velocity - (end - start)|², by trapezoids. 0 where
 * one Euler step is exact. @param way from start to end.
 */
export function straightness(way: readonly Passed[], dimension: number): Float64Array {
  const chord = mix([1, way[way.length - 1].x], [-1, way[0].x])
  const bends = way.map(({ velocity }) => squares(mix([1, velocity], [-1, chord]), dimension))
  const total = new Float64Array(bends[0].length)
  for (let i = 1; i < way.length; i++)
    for (let k = 0; k < total.length; k++) total[k] += ((bends[i][k] + bends[i - 1][k]) / 2) * (way[i].t - way[i - 1].t)
  return total
}

/** What a coupling costs, for each sample: |end - start|². */
export const transportCost = (starts: Float64Array, ends: Float64Array, dimension: number): Float64Array =>
  squares(mix([1, ends], [-1, starts]), dimension)
