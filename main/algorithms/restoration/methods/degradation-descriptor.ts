import type { Picture } from '../../../math/picture.ts'
import { blockiness, quantiserTraces } from './degradation-blocks.ts'
import { type Luma, noiseTraces, ringPowers, rowTraces } from './degradation-texture.ts'

export const DESCRIPTOR_LENGTH = 45
const LEAST_SIDE = 64

/**
 * Forty-five numbers that tell blur, noise, enlarging and JPEG from each other and hardly what a picture shows: power by ring of
 * frequency (16 relative to the coarsest, 3 absolute), traces of noise (4), borders of blocks (4), traces of a quantiser (14), how
 * pixels of a row fall apart (4).
 * @param picture [3, row, column] in 0..1. @throws RangeError below 64 pixels a side.
 */
export function descriptorOf(picture: Picture): Float64Array {
  const [channels, rows, columns] = picture.shape
  if (channels !== 3) throw new RangeError(`The picture has ${channels} channels; three are needed.`)
  if (rows < LEAST_SIDE || columns < LEAST_SIDE)
    throw new RangeError(`The picture has ${columns} × ${rows} pixels; each side needs ${LEAST_SIDE} to be looked at.`)
  const size = rows * columns
  const { data } = picture
  const bright = Float64Array.from(
    { length: size },
    (_, i) => 255 * (0.299 * data[i] + 0.587 * data[size + i] + 0.114 * data[2 * size + i]),
  )
  const luma: Luma = { rows, columns, data: bright }
  const powers = ringPowers(luma)
  const coarse = (powers[0] + powers[1] + powers[2]) / 3
  return Float64Array.of(
    ...powers.map((value) => value - coarse),
    ...powers.subarray(13),
    ...noiseTraces(luma),
    ...blockiness(luma),
    ...quantiserTraces(luma),
    ...rowTraces(luma),
  )
}
