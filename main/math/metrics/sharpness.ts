import { checkSameShape, lumaOf, type Picture } from '../picture.ts'

/** Sum of the squared five-point Laplacian of luma, inner pixels only. */
function laplacianEnergy(picture: Picture): number {
  const [, rows, columns] = picture.shape
  const luma = lumaOf(picture)
  let sum = 0
  for (let i = 1; i < rows - 1; i++)
    for (let k = i * columns + 1; k < (i + 1) * columns - 1; k++)
      sum += (luma[k - 1] + luma[k + 1] + luma[k - columns] + luma[k + columns] - 4 * luma[k]) ** 2
  return sum
}

/** Laplacian energy of the result over the reference's: 1 as sharp, below soft, above noisy or over-sharpened. */
export function sharpness(reference: Picture, result: Picture): number {
  checkSameShape(reference, result)
  return laplacianEnergy(result) / laplacianEnergy(reference)
}
