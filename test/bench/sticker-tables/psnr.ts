import type { Tensor } from '../../../main/math/tensor.ts'

/** dB of the mean square error over pairs of pictures in 0..1; over the pixels that `counts` tells, where not all do. Infinite where equal. */
export function psnr(pictures: readonly Tensor[], references: readonly Tensor[], counts?: readonly ArrayLike<number>[]): number {
  let [sum, size] = [0, 0]
  for (const [k, { data }] of pictures.entries()) {
    const inside = counts?.[k]
    for (let i = 0; i < data.length; i++) {
      if (inside && !inside[i % inside.length]) continue
      sum += (data[i] - references[k].data[i]) ** 2
      size++
    }
  }
  return -10 * Math.log10(sum / size)
}
