import { join } from 'node:path'
import sharp from 'sharp'
import { type Tensor, tensor } from '../../../main/math/tensor.ts'
import { FOLDER } from './judge.ts'

/** A held-out sticker, straight-alpha bytes row by row. */
export interface Exhibit {
  readonly side: number
  readonly rgba: Uint8Array
}

/** @param side in pixels; the files have 64. */
export async function readExhibit(caption: string, side = 64): Promise<Exhibit> {
  const file = sharp(join(FOLDER, 'exhibits', `${caption.replaceAll(' ', '-')}.png`))
  const rgba = await file.resize(side, side, { kernel: 'cubic' }).ensureAlpha().raw().toBuffer()
  return { side, rgba: new Uint8Array(rgba) }
}

/** [3, row, column] in 0..1, on white. */
export function onWhite({ side, rgba }: Exhibit): Tensor {
  const picture = tensor([3, side, side])
  for (let i = 0; i < side * side; i++) {
    const alpha = rgba[4 * i + 3] / 255
    for (let c = 0; c < 3; c++) picture.data[c * side * side + i] = (rgba[4 * i + c] / 255) * alpha + 1 - alpha
  }
  return picture
}
