import { fault } from '../../../preload/contract/fault.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import { breathe } from '../breathe.ts'
import type { FileLease, Sessions } from '../sessions/sessions.ts'
import { type Autoencoder, encoderOf } from './autoencoder.ts'
import { tilesAlong, weightAt } from './latent-tiles.ts'

/** A latent as the U-Net knows it, in float64: [channels, rows, columns]. */
export interface Latent {
  readonly channels: number
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

/** A decoded picture: [3, row, column] in 0..1, and its opacity [1, row, column] where the model tells it. */
export interface Decoded {
  readonly picture: Tensor
  readonly alpha: Tensor | null
}

/** Cells along one side of a latent that are decoded in one piece, and by how many neighbouring pieces overlap in larger ones. */
export interface Tiling {
  readonly whole: number
  readonly tile: number
  readonly overlap: number
}

/** The limit is fixed, and not what memory happens to be free: the same seed must give the same bytes tomorrow. */
const TILING: Tiling = { whole: 128, tile: 64, overlap: 16 }

/**
 * The latent of a picture: the mean of what the encoder tells, without chance.
 * @param picture [3, row, column] in 0..1, sides multiples of the factor. @throws FaultError `unsupported`, `engine`.
 */
export async function encodeLatent(
  autoencoder: Autoencoder,
  picture: Tensor,
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): Promise<Latent> {
  const { part, output } = encoderOf(autoencoder)
  const { channels, factor, scale, mean, deviation } = autoencoder
  const [, height = 0, width = 0] = picture.shape
  using lease = await sessions.leaseFile(part.file, signal)
  const sample = tensor(
    [1, 3, height, width],
    picture.data.map((value) => 2 * value - 1),
  )
  const raw = (await lease.run({ sample }, signal))[output]
  const [rows, columns] = [height / factor, width / factor]
  const size = rows * columns
  if (!raw || raw.data.length < channels * size)
    throw fault(
      'engine',
      'The picture could not be encoded.',
      'The encoder answers another size than its configuration tells.',
      'Choose another export of the model.',
    )
  const data = Float64Array.from({ length: channels * size }, (_, i) => {
    const c = Math.floor(i / size)
    return (scale * ((raw.data[i] as number) - (mean[c] as number))) / (deviation[c] as number)
  })
  return { channels, rows, columns, data }
}

/** The picture of a latent. Large ones are decoded in overlapping pieces, blended linearly. @throws FaultError `engine`. */
export async function decodeLatent(
  autoencoder: Autoencoder,
  latent: Latent,
  lease: FileLease,
  signal: AbortSignal,
  { whole, tile, overlap }: Tiling = TILING,
): Promise<Decoded> {
  const { rows, columns } = latent
  const { factor, hasAlpha } = autoencoder
  if (Math.max(rows, columns) <= whole) return decodePiece(autoencoder, latent, lease, signal)
  const [height, width] = [rows * factor, columns * factor]
  const picture = tensor([3, height, width])
  const alpha = hasAlpha ? tensor([1, height, width]) : null
  for (const down of tilesAlong(rows, tile, overlap))
    for (const across of tilesAlong(columns, tile, overlap)) {
      const piece = await decodePiece(autoencoder, cut(latent, down.from, across.from, down.length, across.length), lease, signal)
      const [pieceHeight, pieceWidth] = [down.length * factor, across.length * factor]
      const add = (target: Tensor, source: Tensor) => {
        for (let c = 0; c < (source.shape[0] as number); c++)
          for (let y = 0; y < pieceHeight; y++) {
            const weight = weightAt(y, down, factor)
            const to = (c * height + down.from * factor + y) * width + across.from * factor
            const from = (c * pieceHeight + y) * pieceWidth
            for (let x = 0; x < pieceWidth; x++)
              target.data[to + x] =
                (target.data[to + x] as number) + weight * weightAt(x, across, factor) * (source.data[from + x] as number)
          }
      }
      add(picture, piece.picture)
      if (alpha && piece.alpha) add(alpha, piece.alpha)
      await breathe(signal)
    }
  return { picture, alpha }
}

async function decodePiece(autoencoder: Autoencoder, latent: Latent, lease: FileLease, signal: AbortSignal): Promise<Decoded> {
  const { scale, mean, deviation } = autoencoder
  const { channels, rows, columns, data } = latent
  const size = rows * columns
  const raw = Float32Array.from(data, (value, i) => {
    const c = Math.floor(i / size)
    return (value * (deviation[c] as number)) / scale + (mean[c] as number)
  })
  const { sample, alpha } = await lease.run({ latent_sample: tensor([1, channels, rows, columns], raw) }, signal)
  if (!sample?.data.every(Number.isFinite))
    throw fault(
      'engine',
      'The picture could not be decoded.',
      'The decoder answers something other than numbers; in 16 bits some decoders overflow.',
      'Fetch the decoder in 32 bits, or the one mended for 16.',
    )
  const unit = (value: number) => Math.min(1, Math.max(0, value))
  return {
    picture: tensor(
      sample.shape.slice(1),
      sample.data.map((value) => unit(value / 2 + 0.5)),
    ),
    alpha: alpha ? tensor(alpha.shape.slice(1), alpha.data.map(unit)) : null,
  }
}

function cut({ channels, rows, columns, data }: Latent, top: number, left: number, height: number, width: number): Latent {
  const part = new Float64Array(channels * height * width)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) {
      const from = (c * rows + top + y) * columns + left
      part.set(data.subarray(from, from + width), (c * height + y) * width)
    }
  return { channels, rows: height, columns: width, data: part }
}
