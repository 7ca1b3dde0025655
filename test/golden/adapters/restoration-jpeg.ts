import {
  type JpegSettings,
  jpegCoefficients,
  jpegDecode,
  projectOntoCell,
  quantisationTables,
} from '../../../main/algorithms/restoration/operators/jpeg.ts'
import { type Adapter, assume } from '../adapter.ts'
import { pictureOf } from '../picture-of.ts'

export const restorationJpeg: Adapter = {
  name: 'restoration-jpeg',
  recognises: ({ cases }) => cases?.[0]?.operator === 'jpeg_ideal',
  compute({ operator, settings = {}, inputs = {} }) {
    assume({ operator }, { operator: 'jpeg_ideal' })
    const jpeg: JpegSettings = {
      quality: settings.quality,
      chroma: settings.chroma,
      rounding: settings.inner_rounding ? '8-bit' : 'ideal',
    }
    const x = pictureOf(inputs.x)
    const coefficients = jpegCoefficients(x, jpeg)
    const tables = quantisationTables(jpeg.quality)
    return {
      coefs: coefficients.map((plane) => plane.data),
      decoded: jpegDecode(coefficients, jpeg, x.shape[1], x.shape[2]).data,
      projected: projectOntoCell(pictureOf(inputs.z), coefficients, jpeg).data,
      luma_table_first_row: tables.luma.slice(0, 8),
      chroma_table_first_row: tables.chroma.slice(0, 8),
    }
  },
  tolerance: (path, { tolerance }) => tolerance[path] ?? 0,
}
