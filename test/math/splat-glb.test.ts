import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readGlb, writeGlb } from '../../main/math/glb.ts'
import { readSplatGlb } from '../../main/math/splat-glb.ts'
import { writeSplatGlb } from '../../main/math/splat-glb-write.ts'
import { SPLAT_FIELDS } from '../../main/math/splats.ts'
import { randomCloud } from '../kit/splat-cloud.ts'

it('any cloud comes back to float32, rotations as long as 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(3), fc.nat(1000), (count, degree, seed) => {
      const cloud = randomCloud(count, degree, seed)
      const read = readSplatGlb(writeSplatGlb(cloud))
      expect([read.count, read.degree, read.colours, read.mended]).toEqual([count, degree, 'srgb_rec709_display', 0])
      for (const field of SPLAT_FIELDS)
        for (const [at, value] of read[field].entries()) {
          const from = at - (at % 4)
          const length = field === 'rotation' ? Math.hypot(...cloud.rotation.subarray(from, from + 4)) : 1
          expect(Math.abs(value - cloud[field][at] / length)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)))
        }
    }),
    { numRuns: 30 },
  )
})

const file = writeSplatGlb(randomCloud(3, 1, 5))
type Described = { [key: string]: Described } & Described[]

/** The file with another description. */
function redescribed(change: (description: Described) => void): Uint8Array {
  const { description, binary } = readGlb(file)
  const copy = structuredClone(description) as unknown as Described
  change(copy)
  return writeGlb({ description: copy, binary })
}

it.each<[string, Uint8Array]>([
  ['another file', file.map((value, i) => (i === 0 ? 0 : value))],
  ['one cut off', file.subarray(0, file.length - 8)],
  ['one that is no JSON', file.map((value, i) => (i === 20 ? 0 : value))],
  ['one whose part is longer than it', file.map((value, i) => (i === 15 ? 120 : value))],
  ['one without splats', redescribed((d) => void delete (d.meshes[0].primitives[0] as Partial<Described>).extensions)],
  ['one with several clouds', redescribed((d) => void d.meshes.push(d.meshes[0]))],
  ['one that is moved', redescribed((d) => void Object.assign(d.nodes[0], { translation: [1, 0, 0] }))],
  [
    'another kernel',
    redescribed((d) => void Object.assign(d.meshes[0].primitives[0].extensions.KHR_gaussian_splatting, { kernel: 'box' })),
  ],
  ['numbers beyond the end', redescribed((d) => void Object.assign(d.accessors[0], { count: 1e9 }))],
  ['numbers of half an entry', redescribed((d) => void Object.assign(d.accessors[0], { count: 1.5 }))],
  ['fewer opacities than places', redescribed((d) => void Object.assign(d.accessors[4], { count: 2 }))],
  ['no numbers at all', redescribed((d) => void Object.assign(d, { accessors: 7 }))],
])('%s is refused in words', (_what, bytes) => {
  expect(() => readSplatGlb(bytes)).toThrow(/cannot be read/)
})

it('whatever bytes are spoilt, it is read or refused in words', () => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(255), (at, value) => {
      const bytes = file.slice()
      bytes[at] = value
      try {
        readSplatGlb(bytes)
      } catch (error) {
        expect(String(error)).toContain('cannot be read')
      }
    }),
    { numRuns: 300 },
  )
})

it('whole numbers of a normalised accessor are read as shares', () => {
  const small = writeSplatGlb({ ...randomCloud(1, 0, 6), rotation: Float64Array.of(0, 1, 0, 0), opacity: Float64Array.of(0) })
  const { description, binary } = readGlb(small)
  const place = (description as unknown as Described).bufferViews[2].byteOffset as unknown as number
  const bytes = binary.slice()
  bytes.set([127, 0, 0, 0], place)
  const copy = structuredClone(description) as unknown as Described
  Object.assign(copy.accessors[2], { componentType: 5120, normalized: true })
  expect([...readSplatGlb(writeGlb({ description: copy, binary: bytes })).rotation]).toEqual([0, 1, 0, 0])
})
