/** What matters of an ICC profile here. */
export interface Profile {
  /** Four letters, e.g. `RGB `, `CMYK`, `GRAY`. */
  readonly space: string
  /** The profile's own name, e.g. `Display P3`; empty where it cannot be read. */
  readonly name: string
  /** Is it sRGB under whatever name? Then pixels need no conversion, and lose nothing by one. */
  readonly isSrgb: boolean
}

/** X, Y, Z of sRGB's primaries, adapted to D50, as ICC profiles hold them. */
const SRGB_PRIMARIES: Readonly<Record<string, readonly [number, number, number]>> = {
  rXYZ: [0.4361, 0.2225, 0.0139],
  gXYZ: [0.3851, 0.7169, 0.0971],
  bXYZ: [0.1431, 0.0606, 0.7141],
}
const CLOSE = 0.003

/** Reads an ICC profile; null where the bytes are not one. */
export function readProfile(bytes: Uint8Array): Profile | null {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (ascii(bytes, 36, 4) !== 'acsp') return null
    const tags = new Map<string, number>()
    for (let i = 0, count = Math.min(view.getUint32(128), 200); i < count; i++)
      tags.set(ascii(bytes, 132 + 12 * i, 4), view.getUint32(136 + 12 * i))
    const name = nameOf(bytes, view, tags.get('desc'))
    const primaries = Object.entries(SRGB_PRIMARIES).every(([tag, want]) => {
      const at = tags.get(tag)
      return at !== undefined && want.every((value, i) => Math.abs(view.getInt32(at + 8 + 4 * i) / 65536 - value) < CLOSE)
    })
    return { space: ascii(bytes, 16, 4), name, isSrgb: primaries && /srgb/i.test(name) && !/linear|scrgb/i.test(name) }
  } catch (thrown) {
    if (thrown instanceof RangeError) return null
    throw thrown
  }
}

/** The description: one line of ASCII in version 2, several translations in UTF-16 in version 4, of which the first is taken. */
function nameOf(bytes: Uint8Array, view: DataView, at: number | undefined): string {
  if (at === undefined) return ''
  if (ascii(bytes, at, 4) === 'desc') return ascii(bytes, at + 12, Math.max(0, view.getUint32(at + 8) - 1))
  if (ascii(bytes, at, 4) !== 'mluc') return ''
  const start = at + view.getUint32(at + 24)
  let name = ''
  for (let i = 0; i < view.getUint32(at + 20); i += 2) name += String.fromCharCode(view.getUint16(start + i))
  return name
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + Math.min(length, 200)))
}
