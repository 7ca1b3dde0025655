import type { Tensor } from '../../math/tensor.ts'

/**
 * Gives the pixels that do not show the colours of those around them, so that a network sees no black where a cut-out ends.
 * Halves the picture until no hole is left and takes what is missing from there: near the rim the nearest colours, further in
 * ever wider means.
 * @param planes [channel, row, column], changed in place. @param shown 1 where a pixel shows, row by row; at least one does.
 */
export function bleedInto({ shape, data }: Tensor, shown: Uint8Array): void {
  const [channels = 0, height = 0, width = 0] = shape
  if (!shown.includes(0)) return
  const columns = Math.ceil(width / 2)
  const rows = Math.ceil(height / 2)
  const half = { shape: [channels, rows, columns], data: new Float32Array(channels * rows * columns) }
  const counts = new Uint8Array(rows * columns)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (shown[i] === 0) continue
      const to = (y >> 1) * columns + (x >> 1)
      counts[to] = (counts[to] as number) + 1
      for (let c = 0; c < channels; c++) {
        const at = c * rows * columns + to
        half.data[at] = (half.data[at] as number) + (data[c * width * height + i] as number)
      }
    }
  for (let c = 0; c < channels; c++)
    for (let to = 0; to < counts.length; to++) {
      const at = c * counts.length + to
      if (counts[to] !== 0) half.data[at] = (half.data[at] as number) / (counts[to] as number)
    }
  bleedInto(
    half,
    counts.map((count) => Math.min(1, count)),
  )
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (shown[i] !== 0) continue
      const from = (y >> 1) * columns + (x >> 1)
      for (let c = 0; c < channels; c++) data[c * width * height + i] = half.data[c * rows * columns + from] as number
    }
}
