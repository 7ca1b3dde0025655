import { checkSameShape, type Picture } from '../picture.ts'

/** Mean of the squared differences over all pixels and channels. */
export function meanSquaredError(reference: Picture, result: Picture): number {
  checkSameShape(reference, result)
  let sum = 0
  for (let i = 0; i < reference.data.length; i++) sum += (reference.data[i] - result.data[i]) ** 2
  return sum / reference.data.length
}

/** Peak signal-to-noise ratio in dB for values in 0..1: 10 log10(1 / mean squared error). Infinity where the two are identical. */
export function psnr(reference: Picture, result: Picture): number {
  return -10 * Math.log10(meanSquaredError(reference, result))
}
