const PREFIX = [0x45, 0x78, 0x69, 0x66, 0, 0] // "Exif", as it stands before the block in JPEG
const ORIENTATION = 0x0112
const UPRIGHT = 1

/**
 * An EXIF block without its JPEG prefix and with its orientation reset, since the pixels were turned already.
 * A block that cannot be read comes back as it is: it is the artist's, and nobody else's to judge.
 */
export function uprightExif(block: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(PREFIX.every((value, i) => block[i] === value) ? block.subarray(PREFIX.length) : block)
  const view = new DataView(bytes.buffer)
  try {
    const little = view.getUint16(0) === 0x4949
    const first = view.getUint32(4, little)
    const count = view.getUint16(first, little)
    for (let i = 0; i < count; i++) {
      const entry = first + 2 + 12 * i
      if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, UPRIGHT, little)
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
  }
  return bytes
}
