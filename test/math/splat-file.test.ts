import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readSplatFile, writeSplatFile } from '../../main/math/splat-file.ts'
import { readPly } from '../../main/math/splat-ply.ts'
import { randomCloud } from '../kit/splat-cloud.ts'

it('a cloud comes back as near as bytes tell', () => {
  const cloud = randomCloud(20, 0, 2)
  const read = readSplatFile(writeSplatFile(cloud))
  expect(read.position).toEqual(Float32Array.from(cloud.position))
  for (let i = 0; i < 60; i++) expect(read.logScale[i]).toBeCloseTo(cloud.logScale[i], 5)
  for (let i = 0; i < 20; i++) {
    const q = cloud.rotation.subarray(4 * i, 4 * i + 4)
    const length = Math.hypot(q[0], q[1], q[2], q[3])
    for (let k = 0; k < 4; k++) expect(Math.abs(read.rotation[4 * i + k] - q[k] / length)).toBeLessThanOrEqual(1 / 128)
    expect(1 / (1 + Math.exp(-read.opacity[i]))).toBeCloseTo(1 / (1 + Math.exp(-cloud.opacity[i])), 2)
  }
})

it('a file is written as others write it, but for the last step of a byte', () => {
  const path = new URL('../golden/vectors/splat-formats.json', import.meta.url)
  const { ply_base64, expected } = JSON.parse(readFileSync(path, 'utf8'))
  const [bytes, wanted] = [writeSplatFile(readPly(Buffer.from(ply_base64, 'base64'))), Buffer.from(expected.splat_base64, 'base64')]
  expect(bytes.length).toBe(wanted.length)
  const [ours, theirs] = [bytes, wanted].map((all) => new DataView(all.buffer, all.byteOffset, all.byteLength))
  for (let at = 0; at < bytes.length; at += 32) {
    for (let k = 0; k < 24; k += 4) expect(ours.getFloat32(at + k, true)).toBeCloseTo(theirs.getFloat32(at + k, true), 6)
    for (let k = 24; k < 32; k++) expect(Math.abs(bytes[at + k] - wanted[at + k])).toBeLessThanOrEqual(1)
  }
})

it('refuses what is no whole number of splats, or holds no numbers', () => {
  expect(() => readSplatFile(new Uint8Array(33))).toThrow(/33 bytes/)
  expect(() => readSplatFile(new Uint8Array(32))).toThrow(/At byte 12 there is no size/)
})
