import { quantileOf, sortedOf } from '../../../math/quantile.ts'

/** How bright each frame is beside the mean of all: the median over its pixels. @param sequence [frame, pixel] in 0..1. */
export function gainsOf(sequence: Float64Array, frames: number): Float64Array {
  const pixels = sequence.length / frames
  const mean = new Float64Array(pixels)
  for (let i = 0; i < sequence.length; i++) mean[i % pixels] += sequence[i] / frames
  return Float64Array.from({ length: frames }, (_, t) =>
    quantileOf(sortedOf(sequence.subarray(t * pixels, (t + 1) * pixels).map((value, n) => value / Math.max(mean[n], 0.05))), 0.5),
  )
}

/** The sequence with the flicker of its brightness taken out: gains are replaced by their mean over nine frames, held at the ends. */
export function steadied(sequence: Float64Array, frames: number): Float64Array {
  const pixels = sequence.length / frames
  const gains = gainsOf(sequence, frames)
  const smooth = gains.map((_, t) => {
    let sum = 0
    for (let k = -4; k <= 4; k++) sum += gains[Math.min(frames - 1, Math.max(0, t + k))]
    return sum / 9
  })
  return sequence.map((value, i) => {
    const t = Math.floor(i / pixels)
    return gains[t] > 0 ? (value * smooth[t]) / gains[t] : value
  })
}
