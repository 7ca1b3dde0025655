import { checkSameShape, lumaOf, type Picture } from '../picture.ts'

const C = 0.0026

/** Means of 2 × 2 pixels; an odd last row or column is dropped. */
function halve(plane: Float64Array, rows: number, columns: number) {
  const halfRows = Math.floor(rows / 2)
  const halfColumns = Math.floor(columns / 2)
  const data = new Float64Array(halfRows * halfColumns)
  for (let i = 0; i < halfRows; i++)
    for (let j = 0; j < halfColumns; j++) {
      const at = 2 * i * columns + 2 * j
      data[i * halfColumns + j] = (plane[at] + plane[at + 1] + plane[at + columns] + plane[at + columns + 1]) / 4
    }
  return { data, rows: halfRows, columns: halfColumns }
}

/** Length of the Prewitt gradient (thirds), the edge repeated past the border. */
function gradientOf({ data, rows, columns }: ReturnType<typeof halve>): Float64Array {
  const out = new Float64Array(data.length)
  for (let i = 0; i < rows; i++) {
    const lines = [Math.max(0, i - 1), i, Math.min(rows - 1, i + 1)].map((row) => row * columns)
    for (let j = 0; j < columns; j++) {
      const left = Math.max(0, j - 1)
      const right = Math.min(columns - 1, j + 1)
      let x = 0
      for (const line of lines) x += data[line + right] - data[line + left]
      let y = 0
      for (const column of [left, j, right]) y += data[lines[2] + column] - data[lines[0] + column]
      out[i * columns + j] = Math.sqrt(x * x + y * y) / 3
    }
  }
  return out
}

/**
 * Gradient magnitude similarity deviation of luma (Xue, Zhang, Mou and Bovik, 2014): 0 where the two are identical.
 * @throws RangeError where the shapes differ or a side is shorter than 2 pixels.
 */
export function gmsd(reference: Picture, result: Picture): number {
  checkSameShape(reference, result)
  const [, rows, columns] = reference.shape
  if (Math.min(rows, columns) < 2) throw new RangeError(`Gradient similarity needs sides of 2 pixels or more, not ${columns} × ${rows}.`)
  const a = gradientOf(halve(lumaOf(reference), rows, columns))
  const b = gradientOf(halve(lumaOf(result), rows, columns))
  const map = a.map((m, i) => (2 * m * b[i] + C) / (m * m + b[i] * b[i] + C))
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length
  return Math.sqrt(map.reduce((sum, value) => sum + (value - mean) ** 2, 0) / map.length)
}
