import { agreed, nearest } from '../../../main/algorithms/restoration/methods/degradation-database.ts'
import { descriptorOf } from '../../../main/algorithms/restoration/methods/degradation-descriptor.ts'
import { assume, type FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

/** The description of a picture, and queries in a small database. */
export const degradationQueryAdapter: FileAdapter = {
  name: 'degradation-query',
  recognises: (file) => Boolean(file.descriptor_case && file.query_case),
  async check({ descriptor_case: one, query_case: queries, tolerance }) {
    assume(tolerance, { neighbours: 'exact' })
    const pixels = one.inputs.rgb_uint8_HWC
    const [rows, columns] = [pixels.length, pixels[0].length]
    const data = Float64Array.from({ length: 3 * rows * columns }, (_, i) => {
      const at = i % (rows * columns)
      return pixels[Math.floor(at / columns)][at % columns][Math.floor(i / (rows * columns))] / 255
    })
    const described = [...descriptorOf({ shape: [3, rows, columns], data })]
    const notes = differences({ descriptor: described }, one.expected, () => tolerance.descriptor_abs)

    const z = queries.inputs.database_z.map(flat)
    const damages = queries.inputs.database_params.map(([blur, scale, noise, quality]: number[]) => ({ blur, scale, noise, quality }))
    for (const [i, { descriptor, neighbours, sq_distances, estimate }] of queries.expected.entries()) {
      const { places, distances } = nearest(z, flat(descriptor), queries.settings.k)
      notes.push(...differences(places, neighbours, () => 0, `query ${i}, neighbours`))
      notes.push(...differences(distances, sq_distances, () => tolerance.estimate, `query ${i}, distances`))
      const found = agreed(
        places.map((place) => damages[place]),
        distances,
      )
      notes.push(...differences(found, estimate, () => tolerance.estimate, `query ${i}`))
    }
    return notes
  },
}
