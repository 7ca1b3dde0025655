import { zstdCompressSync } from 'node:zlib'
import { readGlb } from '../../../main/math/glb.ts'
import { writeSplatFile } from '../../../main/math/splat-file.ts'
import { readSplatGlb, SPLATTING } from '../../../main/math/splat-glb.ts'
import { splatAttributes, writeSplatGlb } from '../../../main/math/splat-glb-write.ts'
import { readPly, writePly } from '../../../main/math/splat-ply.ts'
import { readSpz } from '../../../main/math/splat-spz.ts'
import { spzParts, writeSpz } from '../../../main/math/splat-spz-write.ts'
import { ABOUT_Z, turned } from '../../../main/math/splat-turn.ts'
import type { Splats } from '../../../main/math/splats.ts'
import { unpack } from '../../kit/splat-unpack.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit))
const FIRST = 3

/** Coefficients of each splat without, or with nothing but, the constant one. */
const harmonicsOf = ({ count, harmonics }: Splats, constant: boolean) => {
  const width = harmonics.length / count
  return Array.from(harmonics).filter((_, at) => at % width < FIRST === constant)
}

/**
 * .splat: places exactly, bytes to one step. Sizes may differ by one unit in the last place: the file's come from logarithms in
 * float64, of which the .ply keeps float32.
 */
function splatNotes(cloud: Splats, base64: string): string[] {
  const [ours, theirs] = [writeSplatFile(cloud), new Uint8Array(Buffer.from(base64, 'base64'))]
  if (ours.length !== theirs.length) return [`splat: ${ours.length} bytes instead of ${theirs.length}`]
  const [floats, others] = [new DataView(ours.buffer), new DataView(theirs.buffer)]
  const step = (at: number) => Math.abs(floats.getInt32(at, true) - others.getInt32(at, true))
  const wrong = ours.findIndex((value, at) => {
    const within = at % 32
    if (within >= 24) return Math.abs(value - theirs[at]) > 1
    return at % 4 === 0 && step(at) > (within < 12 ? 0 : 1)
  })
  return wrong < 0 ? [] : [`splat: what stands at byte ${wrong} is another number`]
}

/** .spz: what is read, and that the same arrays are written. */
function spzNotes(cloud: Splats, base64: string, expected: Inputs, limit: number): string[] {
  const file = new Uint8Array(Buffer.from(base64, 'base64'))
  const read = readSpz(file, unpack)
  const actual = {
    ...{ position: read.position, log_scale: read.logScale, opacity: read.opacity.map(sigmoid) },
    f_dc: harmonicsOf(read, true),
    quat_xyzw: read.rotation.map((_, at) => read.rotation[at - (at % 4) + ((at + 1) % 4)]),
    sh_rest_coefficient_major: harmonicsOf(read, false),
  }
  const again = spzParts(readSpz(writeSpz(cloud, zstdCompressSync), unpack))
  return [
    ...differences(actual, expected, () => limit, 'spz'),
    ...differences(spzParts(cloud), spzParts(read), () => 0, 'spz arrays'),
    ...differences(again, spzParts(read), () => 0, 'spz written'),
  ]
}

/** A cloud in the four kinds of file. */
export const splatFormatsAdapter: FileAdapter = {
  name: 'splat-formats',
  recognises: ({ ply_base64 }) => typeof ply_base64 === 'string',
  async check({ settings, ply_base64, spz_base64, expected, tolerance }) {
    const file = Buffer.from(ply_base64, 'base64')
    const cloud = readPly(file)
    assume(settings, { n: cloud.count, sh_degree: cloud.degree, sh_layout: 'coefficient-major, rgb fastest' })
    assume(tolerance, { splat_bytes: 'exact except +-1 in the 8 quantised bytes' })
    const parsed = {
      ...{ position: cloud.position, log_scale: cloud.logScale, quat_wxyz: cloud.rotation },
      ...{ opacity_logit: cloud.opacity, sh: cloud.harmonics },
    }
    const upright = turned(cloud, ABOUT_Z)
    const glb = writeSplatGlb(upright, 'display')
    const { description } = readGlb(glb)
    const attributes = Object.entries(splatAttributes(readSplatGlb(glb), 'display')).map(([name, { values }]) => [name, values])
    const [mesh] = description.meshes as { primitives: { extensions: Inputs }[] }[]
    const glbLimit = (path: string) => (path.endsWith('COLOR_0') ? 0 : tolerance.glb)
    return [
      ...(writePly(cloud).every((value, at) => value === file[at]) ? [] : ['ply: what is written differs from what was read']),
      ...differences(parsed, expected.parsed, () => tolerance.parsed, 'parsed'),
      ...differences(Object.fromEntries(attributes), expected.glb_attributes, glbLimit, 'glb'),
      ...differences({ [SPLATTING]: mesh.primitives[0].extensions[SPLATTING] }, expected.glb_extension, () => 0, 'glb extension'),
      ...spzNotes(cloud, spz_base64, expected.spz_decoded, tolerance.spz_decoded),
      ...splatNotes(cloud, expected.splat_base64),
    ]
  },
}
