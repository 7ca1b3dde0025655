import { harmonicCount } from './spherical-harmonics.ts'
import type { Splats } from './splats.ts'

const READERS: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  float: [4, (view, at) => view.getFloat32(at, true)],
  float32: [4, (view, at) => view.getFloat32(at, true)],
  double: [8, (view, at) => view.getFloat64(at, true)],
  float64: [8, (view, at) => view.getFloat64(at, true)],
  uchar: [1, (view, at) => view.getUint8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  int: [4, (view, at) => view.getInt32(at, true)],
  uint: [4, (view, at) => view.getUint32(at, true)],
  short: [2, (view, at) => view.getInt16(at, true)],
  ushort: [2, (view, at) => view.getUint16(at, true)],
}
const MOST = 5_000_000
const END = 'end_header'

const unreadable = (why: string) => new RangeError(`The splat file cannot be read. ${why}`)

interface Column {
  readonly at: number
  readonly read: (view: DataView, at: number) => number
}

function headerOf(bytes: Uint8Array): {
  readonly count: number
  readonly row: number
  readonly columns: Map<string, Column>
  readonly start: number
} {
  const text = String.fromCharCode(...bytes.subarray(0, 1 << 14))
  const end = text.indexOf(END)
  if (!text.startsWith('ply') || end < 0) throw unreadable('It has no header of a .ply file at byte 0.')
  const start = text.indexOf('\n', end) + 1
  const lines = text.slice(0, end).split(/\r?\n/)
  if (!lines.some((line) => line.startsWith('format binary_little_endian')))
    throw unreadable('It is not in the binary form that splats use.')
  const columns = new Map<string, Column>()
  let [row, count, isVertex] = [0, -1, false]
  for (const line of lines) {
    const [word, type, name] = line.trim().split(/\s+/)
    if (word === 'element') {
      isVertex = type === 'vertex'
      if (isVertex) count = Number(name)
      else if (count < 0 && Number(name) !== 0) throw unreadable(`Its splats stand behind ${name} entries of another kind, ${type}.`)
    }
    if (word !== 'property' || !isVertex) continue
    const reader = READERS[type]
    if (!reader) throw unreadable(`The property ${name} is of the unknown type ${type}.`)
    columns.set(name, { at: row, read: reader[1] })
    row += reader[0]
  }
  if (!(Number.isInteger(count) && count >= 0 && count <= MOST))
    throw unreadable(`It says that it holds ${count} splats; 5 million are the most.`)
  return { count, row, columns, start }
}

/** Reads a 3D Gaussian splatting .ply file, by the names of its properties. @throws RangeError where it is none. */
export function readPly(bytes: Uint8Array): Splats {
  const { count, row, columns, start } = headerOf(bytes)
  const rest = [...columns.keys()].filter((name) => name.startsWith('f_rest_')).length
  const degree = [0, 9, 24, 45].indexOf(rest)
  if (degree < 0) throw unreadable(`It holds ${rest} numbers of view-dependent colour a splat, and not 0, 9, 24 or 45.`)
  if (bytes.length < start + count * row) throw unreadable(`It ends at byte ${bytes.length} instead of ${start + count * row}.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const terms = harmonicCount(degree)
  const gather = (names: readonly string[]): Float32Array => {
    const found = names.map((name) => {
      const column = columns.get(name)
      if (!column) throw unreadable(`It lacks the property ${name}.`)
      return column
    })
    const out = new Float32Array(count * names.length)
    for (let i = 0; i < count; i++)
      for (const [k, { at, read }] of found.entries()) {
        const value = read(view, start + i * row + at)
        if (!Number.isFinite(value)) throw unreadable(`At byte ${start + i * row + at} there is no number.`)
        out[i * names.length + k] = value
      }
    return out
  }
  // Channel by channel in the file, harmonic by harmonic here.
  const colours = Array.from({ length: terms }, (_, k) =>
    [0, 1, 2].map((c) => (k === 0 ? `f_dc_${c}` : `f_rest_${c * (terms - 1) + k - 1}`)),
  ).flat()
  return {
    ...{ count, degree },
    position: gather(['x', 'y', 'z']),
    logScale: gather(['scale_0', 'scale_1', 'scale_2']),
    rotation: gather(['rot_0', 'rot_1', 'rot_2', 'rot_3']),
    opacity: gather(['opacity']),
    harmonics: gather(colours),
  }
}

/** Writes a 3D Gaussian splatting .ply file; nothing is lost of float32. */
export function writePly({ count, degree, position, logScale, rotation, opacity, harmonics }: Splats): Uint8Array {
  const terms = harmonicCount(degree)
  const rest = 3 * (terms - 1)
  const names = ['x', 'y', 'z', 'nx', 'ny', 'nz', 'f_dc_0', 'f_dc_1', 'f_dc_2', ...Array.from({ length: rest }, (_, k) => `f_rest_${k}`)]
  names.push('opacity', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3')
  const lines = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${count}`,
    ...names.map((name) => `property float ${name}`),
    END,
    '',
  ]
  const header = Uint8Array.from(lines.join('\n'), (letter) => letter.charCodeAt(0))
  const bytes = new Uint8Array(header.length + 4 * names.length * count)
  bytes.set(header)
  const view = new DataView(bytes.buffer)
  let at = header.length
  const put = (value: number) => {
    view.setFloat32(at, value, true)
    at += 4
  }
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) put(position[3 * i + k])
    for (let k = 0; k < 3; k++) put(0)
    for (let k = 0; k < 3; k++) put(harmonics[3 * i * terms + k])
    for (let c = 0; c < 3; c++) for (let k = 1; k < terms; k++) put(harmonics[3 * (i * terms + k) + c])
    put(opacity[i])
    for (let k = 0; k < 3; k++) put(logScale[3 * i + k])
    for (let k = 0; k < 4; k++) put(rotation[4 * i + k])
  }
  return bytes
}
