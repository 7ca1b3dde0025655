import { plyOf, plyTable } from './ply-table.ts'
import { harmonicCount } from './spherical-harmonics.ts'
import { LARGEST_LOG_SCALE, mendRotations, type SplatsRead, unreadable } from './splat-read.ts'
import type { Splats } from './splats.ts'

const three = (name: string) => [0, 1, 2].map((k) => `${name}_${k}`)
const ROTATION = [...three('rot'), 'rot_3']

/**
 * Reads a 3D Gaussian splatting .ply file, by the names of its properties, whatever stands beside them.
 * @throws RangeError where it is none; a cloud of coloured points is one for `readPlyPoints`.
 */
export function readPly(bytes: Uint8Array): SplatsRead {
  const { count, columns, gather } = plyTable(bytes)
  if (columns.has('red') && !columns.has('f_dc_0')) throw unreadable('It is a cloud of coloured points, without size or turn.')
  const rest = [...columns.keys()].filter((name) => name.startsWith('f_rest_')).length
  const degree = [0, 9, 24, 45].indexOf(rest)
  if (degree < 0) throw unreadable(`It holds ${rest} numbers of view-dependent colour a splat, and not 0, 9, 24 or 45.`)
  const terms = harmonicCount(degree)
  // Channel by channel in the file, harmonic by harmonic here.
  const colours = Array.from({ length: terms }, (_, k) =>
    [0, 1, 2].map((c) => (k === 0 ? `f_dc_${c}` : `f_rest_${c * (terms - 1) + k - 1}`)),
  ).flat()
  const rotation = gather(ROTATION)
  const mended = mendRotations(rotation)
  return {
    ...{ count, degree, rotation, mended },
    position: gather(['x', 'y', 'z']),
    logScale: gather(three('scale'), LARGEST_LOG_SCALE),
    opacity: gather(['opacity']),
    harmonics: gather(colours),
  }
}

/** Writes a 3D Gaussian splatting .ply file; nothing is lost of float32, the lengths of rotations included. */
export function writePly({ count, degree, position, logScale, rotation, opacity, harmonics }: Splats): Uint8Array {
  const terms = harmonicCount(degree)
  const rest = 3 * (terms - 1)
  const names = [...['x', 'y', 'z', 'nx', 'ny', 'nz'], ...three('f_dc'), ...Array.from({ length: rest }, (_, k) => `f_rest_${k}`)]
  names.push('opacity', ...three('scale'), ...ROTATION)
  const rows = new Float32Array(names.length * count)
  let at = 0
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) rows[at++] = position[3 * i + k]
    at += 3 // No normals.
    for (let k = 0; k < 3; k++) rows[at++] = harmonics[3 * i * terms + k]
    for (let c = 0; c < 3; c++) for (let k = 1; k < terms; k++) rows[at++] = harmonics[3 * (i * terms + k) + c]
    rows[at++] = opacity[i]
    for (let k = 0; k < 3; k++) rows[at++] = logScale[3 * i + k]
    for (let k = 0; k < 4; k++) rows[at++] = rotation[4 * i + k]
  }
  return plyOf(names, rows)
}
