import { paced } from '../breathe.ts'

/**
 * For each pixel the squared distance to the nearest whose value is `goal`: exact up to `reach`, and (reach + 1)² beyond it.
 * Steps along columns, then for each row the lower envelope of the parabolas over what they found (Felzenszwalb and Huttenlocher,
 * "Distance transforms of sampled functions", 2012).
 */
export async function squaredDistances(
  values: Uint8Array,
  goal: number,
  reach: number,
  { width, height }: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Float32Array> {
  const rest = paced(signal)
  const far = reach + 1
  const along = new Uint16Array(values.length)
  for (let y = 0; y < height; y++) {
    for (let i = y * width; i < (y + 1) * width; i++)
      along[i] = values[i] === goal ? 0 : Math.min(far, y > 0 ? (along[i - width] as number) + 1 : far)
    await rest()
  }
  for (let y = height - 2; y >= 0; y--) {
    for (let i = y * width; i < (y + 1) * width; i++) along[i] = Math.min(along[i] as number, (along[i + width] as number) + 1)
    await rest()
  }
  const squares = new Float32Array(values.length)
  const envelope: Envelope = { centres: new Int32Array(width), starts: new Float64Array(width), count: 0 }
  for (let y = 0; y < height; y++) {
    const row = along.subarray(y * width, (y + 1) * width)
    envelopeInto(envelope, row, far)
    for (let x = 0, k = 0; x < width; x++) {
      while (k + 1 < envelope.count && (envelope.starts[k + 1] as number) <= x) k++
      const centre = envelope.centres[k] as number
      squares[y * width + x] = envelope.count === 0 ? far * far : Math.min(far * far, (x - centre) ** 2 + (row[centre] as number) ** 2)
    }
    await rest()
  }
  return squares
}

/** Which of the parabolas (x - c)² + row[c]² is the lowest, and from where on. */
interface Envelope {
  readonly centres: Int32Array
  readonly starts: Float64Array
  count: number
}

/** Of places as far as `far` there is nothing to say. */
function envelopeInto(envelope: Envelope, row: Uint16Array, far: number): void {
  const { centres, starts } = envelope
  let count = 0
  for (let x = 0; x < row.length; x++) {
    const height = row[x] as number
    if (height >= far) continue
    let start = Number.NEGATIVE_INFINITY
    while (count > 0) {
      const last = centres[count - 1] as number
      start = (height ** 2 + x * x - (row[last] as number) ** 2 - last * last) / (2 * (x - last))
      if (start > (starts[count - 1] as number)) break
      count--
      start = Number.NEGATIVE_INFINITY
    }
    centres[count] = x
    starts[count++] = start
  }
  envelope.count = count
}
