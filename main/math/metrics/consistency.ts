import { checkSameShape, type Picture } from '../picture.ts'

/** Side of the cells that are averaged, in pixels: what noise, a small blur, JPEG and a 2x downscale leave alone. */
const CELL = 16
/** Identical pictures would be infinitely true; nothing is truer than this. */
const MOST = 100

/**
 * How true a result is to the picture it was made from, in dB, at most 100: the PSNR between the two after averaging cells
 * of 16 × 16 pixels.
 *
 * What damaged the picture is not known, so that it cannot be applied again to the result. But the common damages leave the
 * coarse content as it was: a faithful result has the same colours and large shapes. 40 dB and more is true to the input;
 * below 30 dB areas were made lighter, darker or other than they were. Fine detail is not judged: that is what was lost.
 */
export function consistency(input: Picture, result: Picture): number {
  checkSameShape(input, result)
  const [channels, rows, columns] = input.shape
  const { data: before } = input
  const { data: after } = result
  let sum = 0
  for (let plane = 0; plane < channels; plane++)
    for (let top = 0; top < rows; top += CELL)
      for (let left = 0; left < columns; left += CELL) {
        const bottom = Math.min(rows, top + CELL)
        const right = Math.min(columns, left + CELL)
        let difference = 0
        for (let i = top; i < bottom; i++) {
          const line = (plane * rows + i) * columns
          for (let k = line + left; k < line + right; k++) difference += after[k] - before[k]
        }
        // The square of the mean, counted once for each pixel of the cell.
        sum += (difference * difference) / ((bottom - top) * (right - left))
      }
  return Math.min(MOST, -10 * Math.log10(sum / before.length))
}
