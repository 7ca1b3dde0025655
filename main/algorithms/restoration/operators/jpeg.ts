import { BLOCK, blockDctInto, blockInverseDctInto } from '../../../math/dct.ts'
import type { Picture } from '../../../math/picture.ts'

/**
 * JPEG as an operator: Y, Cb, Cr; chroma halved at 4:2:0; 8 × 8 DCT; division by a table; rounding. Not linear.
 * A picture fits a JPEG file if its coefficients lie within half a step of the file's; `projectOntoCell` puts it there.
 * The standard is ITU-T T.81 (Wallace, "The JPEG still picture compression standard", 1991), tables of its Annex K.
 */
export interface JpegSettings {
  /** 1..100. */
  readonly quality: number
  readonly chroma: '420' | '444'
  /** `ideal` rounds coefficients only; `8-bit` also planes and pixels, as a file does. */
  readonly rounding: 'ideal' | '8-bit'
}

/** A plane of quantised coefficients, blocks in place; its sides are multiples of 8. */
export interface JpegPlane {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

const LUMA_BASE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,
  37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const CHROMA_CORNER = [
  [17, 18, 24, 47],
  [18, 21, 26, 66],
  [24, 26, 56, 99],
  [47, 66, 99, 99],
]
const CHROMA_BASE = LUMA_BASE.map((_, i) => CHROMA_CORNER[Math.floor(i / BLOCK)]?.[i % BLOCK] ?? 99)

const round = (value: number): number => Math.floor(value + 0.5)

/** The quantisation tables of a quality, 64 steps each, row by row. */
export function quantisationTables(quality: number): { readonly luma: Float64Array; readonly chroma: Float64Array } {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality
  const scaled = (base: readonly number[]) =>
    Float64Array.from(base, (step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))))
  return { luma: scaled(LUMA_BASE), chroma: scaled(CHROMA_BASE) }
}

/** Y, Cb, Cr of a picture in 0..255, shifted by -128, the border repeated up to whole blocks, chroma halved at 4:2:0. */
function planesOf(picture: Picture, { chroma, rounding }: JpegSettings): JpegPlane[] {
  const [, rows, columns] = picture.shape
  const unit = chroma === '420' ? 2 * BLOCK : BLOCK
  const padded = { rows: Math.ceil(rows / unit) * unit, columns: Math.ceil(columns / unit) * unit }
  const planes = [0, 1, 2].map(() => new Float64Array(padded.rows * padded.columns))
  const { data } = picture
  const size = rows * columns
  for (let i = 0; i < padded.rows; i++)
    for (let j = 0; j < padded.columns; j++) {
      const from = Math.min(i, rows - 1) * columns + Math.min(j, columns - 1)
      const r = 255 * data[from]
      const g = 255 * data[from + size]
      const b = 255 * data[from + 2 * size]
      const to = i * padded.columns + j
      planes[0][to] = 0.299 * r + 0.587 * g + 0.114 * b - 128
      planes[1][to] = -0.168735892 * r - 0.331264108 * g + 0.5 * b
      planes[2][to] = 0.5 * r - 0.418687589 * g - 0.081312411 * b
    }
  return planes.map((plane, p) => {
    const { data, ...sides } = p > 0 && chroma === '420' ? halve(plane, padded.rows, padded.columns) : { ...padded, data: plane }
    return { ...sides, data: rounding === '8-bit' ? data.map((value) => Math.min(127, Math.max(-128, round(value)))) : data }
  })
}

/** Means of 2 × 2. */
function halve(plane: Float64Array, rows: number, columns: number): JpegPlane {
  const half = { rows: rows / 2, columns: columns / 2 }
  const data = new Float64Array(half.rows * half.columns)
  for (let i = 0; i < half.rows; i++)
    for (let j = 0; j < half.columns; j++) {
      const at = 2 * i * columns + 2 * j
      data[i * half.columns + j] = (plane[at] + plane[at + 1] + plane[at + columns] + plane[at + columns + 1]) / 4
    }
  return { ...half, data }
}

/** Runs `change` over each block's 64 coefficients and puts what it makes of them where the block was. */
function overBlocks(plane: JpegPlane, transform: 'there' | 'back', change: (coefficients: Float64Array, at: number) => void): JpegPlane {
  const { rows, columns } = plane
  const out = new Float64Array(plane.data.length)
  const block = new Float64Array(BLOCK * BLOCK)
  for (let top = 0; top < rows; top += BLOCK)
    for (let left = 0; left < columns; left += BLOCK) {
      const at = top * columns + left
      if (transform === 'there') blockDctInto(block, plane.data, at, columns)
      else for (let k = 0; k < block.length; k++) block[k] = plane.data[at + Math.floor(k / BLOCK) * columns + (k % BLOCK)]
      change(block, at)
      if (transform === 'back') blockInverseDctInto(out, at, columns, block)
      else for (let k = 0; k < block.length; k++) out[at + Math.floor(k / BLOCK) * columns + (k % BLOCK)] = block[k]
    }
  return { rows, columns, data: out }
}

const tablesOf = (settings: JpegSettings): Float64Array[] => {
  const { luma, chroma } = quantisationTables(settings.quality)
  return [luma, chroma, chroma]
}

/** The quantised coefficients of Y, Cb and Cr that a JPEG file of the picture [3, row, column] in 0..1 would hold. */
export function jpegCoefficients(picture: Picture, settings: JpegSettings): readonly JpegPlane[] {
  const tables = tablesOf(settings)
  return planesOf(picture, settings).map((plane, p) =>
    overBlocks(plane, 'there', (block) => {
      for (let k = 0; k < block.length; k++) block[k] = round(block[k] / tables[p][k])
    }),
  )
}

/** Planes of Y, Cb and Cr (no shift) into pixels [3, row, column] of a size; chroma by replication. Linear. */
function pixelsOf(planes: readonly JpegPlane[], rows: number, columns: number): Float64Array {
  const out = new Float64Array(3 * rows * columns)
  const size = rows * columns
  const factor = planes[0].rows / planes[1].rows
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const y = planes[0].data[i * planes[0].columns + j]
      const at = Math.floor(i / factor) * planes[1].columns + Math.floor(j / factor)
      const cb = planes[1].data[at]
      const cr = planes[2].data[at]
      const to = i * columns + j
      out[to] = y + 1.402 * cr
      out[to + size] = y - 0.344136286 * cb - 0.714136286 * cr
      out[to + 2 * size] = y + 1.772 * cb
    }
  return out
}

/** The picture [3, rows, columns] in 0..1 that coefficients stand for. `ideal` values may leave 0..1: clip when the picture is stored. */
export function jpegDecode(coefficients: readonly JpegPlane[], settings: JpegSettings, rows: number, columns: number): Picture {
  const tables = tablesOf(settings)
  const isRounded = settings.rounding === '8-bit'
  const planes = coefficients.map((plane, p) => {
    const decoded = overBlocks(plane, 'back', (block) => {
      for (let k = 0; k < block.length; k++) block[k] *= tables[p][k]
    })
    return isRounded ? { ...decoded, data: decoded.data.map((value) => Math.min(127, Math.max(-128, round(value)))) } : decoded
  })
  const data = pixelsOf(planes, rows, columns).map((value) =>
    isRounded ? Math.min(255, Math.max(0, round(value + 128))) / 255 : (value + 128) / 255,
  )
  return { shape: [3, rows, columns], data }
}

/** What a picture becomes by being saved as a JPEG and opened again. */
export function jpegRoundTrip(picture: Picture, settings: JpegSettings): Picture {
  return jpegDecode(jpegCoefficients(picture, settings), settings, picture.shape[1], picture.shape[2])
}

/**
 * The picture nearest to z, block by block, that would give these coefficients: each of z's is clamped to half a step around
 * the quantised one, and only the change goes back into z, so that chroma detail survives at 4:2:0. Nothing is clipped.
 */
export function projectOntoCell(z: Picture, coefficients: readonly JpegPlane[], settings: JpegSettings): Picture {
  const tables = tablesOf(settings)
  const changes = planesOf(z, { ...settings, rounding: 'ideal' }).map((plane, p) => {
    const moved = overBlocks(plane, 'there', (block, at) => {
      for (let k = 0; k < block.length; k++) {
        const wanted = coefficients[p].data[at + Math.floor(k / BLOCK) * plane.columns + (k % BLOCK)]
        const here = block[k] / tables[p][k]
        block[k] = (Math.min(wanted + 0.5, Math.max(wanted - 0.5, here)) - here) * tables[p][k]
      }
    })
    return overBlocks(moved, 'back', () => {})
  })
  const [, rows, columns] = z.shape
  const change = pixelsOf(changes, rows, columns)
  return { shape: z.shape, data: change.map((value, i) => z.data[i] + value / 255) }
}
