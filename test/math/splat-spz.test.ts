import { readFileSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readSpz } from '../../main/math/splat-spz.ts'

const unpack = (packed: Uint8Array, most: number) => zstdDecompressSync(packed, { maxOutputLength: most })
const path = new URL('../golden/splat-formats.json', import.meta.url)
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
  ['more splats than it holds', (file) => file.map((value, i) => (i === 8 ? 5 : value))],
])('%s is refused in words', (_what, spoil) => {
  expect(() => readSpz(spoil(bytes), unpack)).toThrow(/cannot be read/)
})
