import { readFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readSpz } from '../../main/math/splat-spz.ts'
import { spzParts, writeSpz } from '../../main/math/splat-spz-write.ts'
import { randomCloud } from '../kit/splat-cloud.ts'
import { unpack } from '../kit/splat-unpack.ts'

const path = new URL('../golden/vectors/splat-formats.json', import.meta.url)
const { spz_base64, expected, settings } = JSON.parse(readFileSync(path, 'utf8'))
const bytes = new Uint8Array(Buffer.from(spz_base64, 'base64'))

it('a file made elsewhere is read as its makers mean it', () => {
  const { count, degree, position, logScale, rotation, opacity, harmonics } = readSpz(bytes, unpack)
  expect([count, degree]).toEqual([settings.n, settings.sh_degree])
  const wanted = expected.spz_decoded
  const near = (values: ArrayLike<number>, others: readonly number[]) => {
    expect(values.length).toBe(others.length)
    for (const [i, value] of others.entries()) expect(values[i]).toBeCloseTo(value, 5)
  }
  near(position, wanted.position)
  near(logScale, wanted.log_scale)
  near(
    Array.from(opacity, (logit) => 1 / (1 + Math.exp(-logit))),
    wanted.opacity,
  )
  near(
    Array.from(rotation, (_, at) => rotation[at - (at % 4) + ((at + 1) % 4)]),
    wanted.quat_xyzw,
  )
  const width = harmonics.length / count
  near(
    Array.from(harmonics).filter((_, at) => at % width < 3),
    wanted.f_dc,
  )
  near(
    Array.from(harmonics).filter((_, at) => at % width >= 3),
    wanted.sh_rest_coefficient_major,
  )
})

it.each<[string, (file: Uint8Array) => Uint8Array]>([
  ['another file', (file) => file.map((value, i) => (i === 0 ? 0 : value))],
  ['another version', (file) => file.map((value, i) => (i === 4 ? 9 : value))],
  ['one cut off', (file) => file.subarray(0, file.length - 20)],
  ['one with a spoilt part', (file) => file.map((value, i) => (i === 130 ? value ^ 255 : value))],
  ['a table of parts beyond its end', (file) => file.map((value, i) => (i === 18 ? 255 : value))],
  ['a part that says it is endless', (file) => file.map((value, i) => (i >= 36 && i < 40 ? 255 : value))],
  ['harmonics of degree 4', (file) => file.map((value, i) => (i === 12 ? 4 : value))],
  ['more splats than it holds', (file) => file.map((value, i) => (i === 8 ? 5 : value))],
])('%s is refused in words', (_what, spoil) => {
  expect(() => readSpz(spoil(bytes), unpack)).toThrow(/cannot be read/)
})

/** A file of one of the versions before Zstandard, from the arrays of the latest. */
function oldFile(version: 1 | 2 | 3, degree: number, parts: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(16)
  const view = new DataView(header.buffer)
  for (const [k, value] of [0x5053474e, version, parts[1].length].entries()) view.setUint32(4 * k, value, true)
  header.set([degree, 12], 12)
  return new Uint8Array(gzipSync(Buffer.concat([header, ...parts])))
}
const far = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), Math.abs(a.length - b.length))
const shares = (logits: ArrayLike<number>) => Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)))

it('any cloud comes back within the steps of the file, and is then written as it was', () => {
  fc.assert(
    fc.property(fc.nat(9), fc.nat(3), fc.nat(1000), (count, degree, seed) => {
      const cloud = randomCloud(count, degree, seed)
      const file = writeSpz(cloud, zstdCompressSync)
      const read = readSpz(file, unpack)
      expect([read.count, read.degree]).toEqual([count, degree])
      expect(far(read.position, cloud.position)).toBeLessThanOrEqual(2 ** -13 + 1e-6)
      expect(far(shares(read.opacity), shares(cloud.opacity))).toBeLessThanOrEqual(1 / 510 + 1e-6)
      expect(far(read.logScale, cloud.logScale)).toBeLessThanOrEqual(1 / 32 + 1e-6)
      const width = read.harmonics.length / count
      for (const [at, value] of read.harmonics.entries()) {
        const [k, wanted] = [Math.floor((at % width) / 3), cloud.harmonics[at]]
        // Beyond a byte colours are cut off: the test keeps to those within.
        if (k === 0 && Math.abs(wanted) < 3) expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1 / 76)
        if (k > 0 && Math.abs(wanted) < 0.85) expect(Math.abs(value - wanted)).toBeLessThanOrEqual((k < 4 ? 4.5 : 8.5) / 128)
      }
      for (let i = 0; i < count; i++) {
        const [q, r] = [cloud.rotation, read.rotation].map((all) => Array.from(all.subarray(4 * i, 4 * i + 4)))
        const dot = q.reduce((sum, value, k) => sum + value * r[k], 0)
        const scale = Math.sign(dot) / Math.hypot(...q)
        expect(
          far(
            r,
            q.map((value) => value * scale),
          ),
        ).toBeLessThanOrEqual(0.002)
      }
      // Of two parts of a turn that are nearly equal another may be the largest after rounding: all else is the same to the byte.
      const kept = (parts: readonly Uint8Array[]) => parts.filter((_, k) => k !== 4)
      expect(kept(spzParts(read))).toEqual(kept(spzParts(cloud)))
    }),
    { numRuns: 40 },
  )
})

it('all and nothing stay what they are', () => {
  const cloud = { ...randomCloud(2, 0, 1), opacity: Float64Array.of(-40, 40) }
  const read = readSpz(writeSpz(cloud, zstdCompressSync), unpack)
  expect([...spzParts(read)[1]]).toEqual([0, 255])
})

it('the versions before hold the same, turns and places in their own way', () => {
  const cloud = randomCloud(6, 2, 8)
  const parts = spzParts(cloud)
  const latest = readSpz(writeSpz(cloud, zstdCompressSync), unpack)
  expect(readSpz(oldFile(3, 2, parts), unpack)).toEqual(latest)
  const turns = Uint8Array.from({ length: 18 }, (_, at) => {
    const q = Array.from(latest.rotation.subarray(4 * Math.floor(at / 3), 4 * Math.floor(at / 3) + 4))
    return Math.round(((q[0] < 0 ? -1 : 1) * q[1 + (at % 3)] + 1) * 127.5)
  })
  const second = readSpz(oldFile(2, 2, [...parts.slice(0, 4), turns, parts[5]]), unpack)
  expect(second.position).toEqual(latest.position)
  for (let i = 0; i < 6; i++) {
    // What is left for w is coarse where it is small: the three that are written are compared.
    const [q, r] = [latest, second].map(({ rotation }) => Array.from(rotation.subarray(4 * i, 4 * i + 4)))
    for (const k of [1, 2, 3]) expect(Math.abs(r[k] - (q[0] < 0 ? -q[k] : q[k]))).toBeLessThanOrEqual(1 / 200)
  }
  // Half floats: 1, -2, 0.5, the least above nothing, and 65504.
  const halves = [0x3c00, 0xc000, 0x3800, 0x0001, 0x7bff, 0x8000]
  const places = Uint8Array.from({ length: 36 }, (_, at) => (halves[Math.floor(at / 2) % 6] >> (8 * (at % 2))) & 255)
  const first = readSpz(oldFile(1, 2, [places, ...parts.slice(1, 4), turns, parts[5]]), unpack)
  expect([...first.position.subarray(0, 6)]).toEqual([1, -2, 0.5, 2 ** -24, 65504, -0])
  expect(first.rotation).toEqual(second.rotation)
})

it.each<[string, (file: Uint8Array) => Uint8Array]>([
  ['cut off', (file) => file.subarray(0, file.length - 9)],
  ['nothing but the mark of its packing', (file) => file.subarray(0, 2)],
  ['one that says it is larger than it is', (file) => Uint8Array.from(file, (value, at) => (at >= file.length - 4 ? 255 : value))],
])('an old file that is %s is refused or read as it is, in bounded memory', (_what, spoil) => {
  expect(() => readSpz(spoil(oldFile(3, 1, spzParts(randomCloud(3, 1, 1)))), unpack)).toThrow(/cannot be read/)
})
