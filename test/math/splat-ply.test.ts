import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readPly, writePly } from '../../main/math/splat-ply.ts'
import { SPLAT_FIELDS } from '../../main/math/splats.ts'
import { randomCloud } from '../kit/splat-cloud.ts'

it.each([0, 1, 2, 3])('a cloud of degree %i is read as it was written, to the bit', (degree) => {
  const cloud = randomCloud(5, degree, 2)
  const read = readPly(writePly(cloud))
  expect([read.count, read.degree]).toEqual([5, degree])
  for (const field of SPLAT_FIELDS) expect(read[field]).toEqual(Float32Array.from(cloud[field]))
  expect(writePly(read)).toEqual(writePly(cloud))
})

it('properties are found by name, whatever stands beside them and however lines end', () => {
  const plain = writePly(randomCloud(1, 0, 3))
  const text = new TextDecoder('latin1').decode(plain)
  const end = text.indexOf('end_header\n')
  const header = `${text.slice(0, end).replace('element', 'comment by hand\nelement').replace('end_header', '')}property uchar extra\nend_header\n`
  const body = plain.subarray(end + 'end_header\n'.length)
  const bytes = Uint8Array.from([...new TextEncoder().encode(header.replaceAll('\n', '\r\n')), ...body, 7])
  expect(readPly(bytes)).toEqual(readPly(plain))
})

it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ['another file', () => new TextEncoder().encode('solid cube')],
  ['one cut off', (bytes) => bytes.subarray(0, bytes.length - 3)],
  [
    'one that begins with something else',
    (bytes) =>
      Buffer.from(Buffer.from(bytes).toString('latin1').replace('element', 'element chunk 2\nproperty float least\nelement'), 'latin1'),
  ],
  ['one with a hole', (bytes) => Uint8Array.from(bytes, (value, i) => (i >= bytes.length - 4 ? 255 : value))],
])('%s is refused in words', (_what, spoil) => {
  expect(() => readPly(spoil(writePly(randomCloud(2, 1, 4))))).toThrow(/cannot be read/)
})

it('a file made elsewhere is read as its makers mean it', () => {
  const path = new URL('../golden/vectors/splat-formats.json', import.meta.url)
  const { ply_base64, expected, settings } = JSON.parse(readFileSync(path, 'utf8'))
  const { count, degree, position, logScale, rotation, opacity, harmonics } = readPly(Buffer.from(ply_base64, 'base64'))
  expect([count, degree]).toEqual([settings.n, settings.sh_degree])
  const { parsed } = expected
  for (const [values, wanted] of [
    [position, parsed.position],
    [logScale, parsed.log_scale],
    [rotation, parsed.quat_wxyz],
    [opacity, parsed.opacity_logit],
    [harmonics, parsed.sh],
  ] as const)
    for (const [i, value] of wanted.entries()) expect(values[i]).toBeCloseTo(value, 6)
})

it('rotations of no length are taken for none and counted; sizes beyond all measure are refused', () => {
  const cloud = randomCloud(3, 0, 5)
  const still = readPly(writePly({ ...cloud, rotation: cloud.rotation.map((value, at) => (at < 4 ? 0 : value)) }))
  expect([still.mended, ...still.rotation.subarray(0, 4)]).toEqual([1, 1, 0, 0, 0])
  expect(() => readPly(writePly({ ...cloud, logScale: cloud.logScale.map(() => 21) }))).toThrow(/At byte \d+ the property scale_0 is 21/)
})
