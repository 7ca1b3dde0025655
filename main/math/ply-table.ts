import { expectCount, unreadable } from './splat-read.ts'

type Reader = readonly [bytes: number, read: (view: DataView, at: number) => number]
const READERS: Readonly<Record<string, Reader>> = (() => {
  const float: Reader = [4, (view, at) => view.getFloat32(at, true)]
  const double: Reader = [8, (view, at) => view.getFloat64(at, true)]
  const char: Reader = [1, (view, at) => view.getInt8(at)]
  const uchar: Reader = [1, (view, at) => view.getUint8(at)]
  const short: Reader = [2, (view, at) => view.getInt16(at, true)]
  const ushort: Reader = [2, (view, at) => view.getUint16(at, true)]
  const int: Reader = [4, (view, at) => view.getInt32(at, true)]
  const uint: Reader = [4, (view, at) => view.getUint32(at, true)]
  return {
    ...{ float, double, char, uchar, short, ushort, int, uint },
    ...{ float32: float, float64: double, int8: char, uint8: uchar, int16: short, uint16: ushort, int32: int, uint32: uint },
  }
})()

const END = 'end_header'
const LONGEST_HEADER = 1 << 14

interface Column {
  readonly at: number
  readonly type: string
  readonly read: (view: DataView, at: number) => number
}

/** The vertices of a binary .ply file, columns by name. */
export interface PlyTable {
  readonly count: number
  readonly columns: ReadonlyMap<string, Column>
  /**
   * Columns side by side, [row, name].
   * @param limit greatest magnitude allowed. @throws RangeError naming the byte where there is no such number.
   */
  gather(names: readonly string[], limit?: number): Float32Array
}

interface Header {
  readonly count: number
  readonly width: number
  readonly columns: Map<string, Column>
  readonly start: number
}

function headerOf(bytes: Uint8Array): Header {
  const text = String.fromCharCode(...bytes.subarray(0, LONGEST_HEADER))
  const end = text.search(/^end_header\r?\n/m)
  if (!/^ply\r?\n/.test(text) || end < 0) throw unreadable('It has no header of a .ply file at byte 0.')
  const start = text.indexOf('\n', end) + 1
  const lines = text.slice(0, end).split(/\r?\n/)
  if (!lines.some((line) => line.startsWith('format binary_little_endian')))
    throw unreadable('It is not in the binary form that splats use.')
  const columns = new Map<string, Column>()
  let [width, count, isVertex] = [0, -1, false]
  for (const line of lines) {
    const [word, type, name] = line.trim().split(/\s+/)
    if (word === 'element') {
      isVertex = type === 'vertex'
      if (isVertex) count = Number(name)
      else if (count < 0 && Number(name) !== 0) throw unreadable(`Its splats stand behind ${name} entries of another kind, ${type}.`)
    }
    if (word !== 'property' || !isVertex) continue
    const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined
    if (!reader) throw unreadable(`The property ${name} is of the unknown type ${type}.`)
    columns.set(name, { at: width, type, read: reader[1] })
    width += reader[0]
  }
  expectCount(count)
  return { count, width, columns, start }
}

/** The vertices of a binary little-endian .ply file. @throws RangeError where it is none, or is cut off. */
export function plyTable(bytes: Uint8Array): PlyTable {
  const { count, width, columns, start } = headerOf(bytes)
  if (bytes.length < start + count * width) throw unreadable(`It ends at byte ${bytes.length} instead of ${start + count * width}.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    count,
    columns,
    gather(names, limit = Number.MAX_VALUE) {
      const found = names.map((name) => {
        const column = columns.get(name)
        if (!column) throw unreadable(`It lacks the property ${name}.`)
        return column
      })
      const out = new Float32Array(count * names.length)
      for (let i = 0; i < count; i++)
        for (const [k, { at, read }] of found.entries()) {
          const place = i * names.length + k
          out[place] = read(view, start + i * width + at)
          if (Math.abs(out[place]) <= limit) continue
          throw unreadable(`At byte ${start + i * width + at} the property ${names[k]} is ${out[place]}.`)
        }
      return out
    },
  }
}

/** A binary .ply file of one element, `vertex`, whose rows hold so many float32 each. */
export function plyOf(names: readonly string[], rows: Float32Array): Uint8Array {
  const lines = [
    ...['ply', 'format binary_little_endian 1.0', `element vertex ${rows.length / names.length}`],
    ...names.map((name) => `property float ${name}`),
    ...[END, ''],
  ]
  const header = Uint8Array.from(lines.join('\n'), (letter) => letter.charCodeAt(0))
  const bytes = new Uint8Array(header.length + 4 * rows.length)
  bytes.set(header)
  const view = new DataView(bytes.buffer, header.length)
  for (let i = 0; i < rows.length; i++) view.setFloat32(4 * i, rows[i], true)
  return bytes
}
