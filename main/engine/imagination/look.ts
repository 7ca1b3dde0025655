import type { Rect } from '../../math/rect.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import { breathe, paced } from '../breathe.ts'
import { bleedInto } from '../pictures/bleed.ts'
import type { Crop } from './crop.ts'
import { scaled } from './scale.ts'

/**
 * The straight-alpha bytes of a crop as a model looks at them: [3, row, column] in 0..1, of that size. What is to be shrunk a lot is
 * averaged in squares first. Where nothing shows it sees the colours of the surroundings, and middle grey where nothing shows at all.
 * @param onWhite for models that paint on white: they see it on white.
 */
export async function lookAt(rgba: Uint8Array, { rect, size, shrink }: Crop, onWhite: boolean, signal: AbortSignal): Promise<Tensor> {
  const { planes, opacity } = await averaged(rgba, rect, shrink, signal)
  if (onWhite) layOnWhite(planes, opacity)
  else if (opacity.some((value) => value > 0))
    bleedInto(
      planes,
      Uint8Array.from(opacity, (value) => (value > 0 ? 1 : 0)),
    )
  else planes.data.fill(0.5)
  await breathe(signal)
  const picture = scaled(planes, size.width, size.height)
  return tensor(
    picture.shape,
    picture.data.map((value) => Math.min(1, Math.max(0, value))),
  )
}

/** The colours of squares of pixels, each weighted by its opacity, and how opaque the squares are, 0..1. */
async function averaged(rgba: Uint8Array, { width, height }: Rect, shrink: number, signal: AbortSignal) {
  const rest = paced(signal)
  const [columns, rows] = [Math.ceil(width / shrink), Math.ceil(height / shrink)]
  const size = rows * columns
  const sums = new Float32Array(3 * size)
  const opacity = new Float32Array(size)
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / shrink) * columns
    for (let x = 0, at = 4 * y * width; x < width; x++, at += 4) {
      const alpha = rgba[at + 3] as number
      if (alpha === 0) continue
      const to = row + Math.floor(x / shrink)
      opacity[to] = (opacity[to] as number) + alpha
      for (let c = 0; c < 3; c++) sums[c * size + to] = (sums[c * size + to] as number) + (alpha * (rgba[at + c] as number)) / 255
    }
    await rest()
  }
  for (let i = 0; i < size; i++) {
    const sum = opacity[i] as number
    if (sum === 0) continue
    for (let c = 0; c < 3; c++) sums[c * size + i] = (sums[c * size + i] as number) / sum
    opacity[i] = sum / (255 * shrink * shrink)
  }
  return { planes: tensor([3, rows, columns], sums), opacity }
}

function layOnWhite({ data }: Tensor, opacity: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const alpha = opacity[i % opacity.length] as number
    data[i] = (data[i] as number) * alpha + 1 - alpha
  }
}
