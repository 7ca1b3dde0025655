import { harmonicCount } from './spherical-harmonics.ts'
import { expectCount, LARGEST_LOG_SCALE, logitOf, mendRotations, type SplatsRead, unreadable } from './splat-read.ts'
import type { Splats } from './splats.ts'

const ROW = 32
const Y0 = 0.28209479177387814
const byte = (value: number) => Math.min(255, Math.max(0, Math.round(value)))

/** Writes a .splat file: 32 bytes a splat, colours without a view of their own. Precision is lost: rotations to 1/128, colours to bytes. */
export function writeSplatFile({ count, degree, position, logScale, rotation: q, opacity, harmonics }: Splats): Uint8Array {
  const bytes = new Uint8Array(ROW * count)
  const view = new DataView(bytes.buffer)
  const width = 3 * harmonicCount(degree)
  for (let i = 0; i < count; i++) {
    const at = ROW * i
    const length = Math.hypot(q[4 * i], q[4 * i + 1], q[4 * i + 2], q[4 * i + 3])
    for (let k = 0; k < 3; k++) {
      view.setFloat32(at + 4 * k, position[3 * i + k], true)
      view.setFloat32(at + 12 + 4 * k, Math.exp(logScale[3 * i + k]), true)
      bytes[at + 24 + k] = byte(255 * (0.5 + Y0 * harmonics[width * i + k]))
    }
    bytes[at + 27] = byte(255 / (1 + Math.exp(-opacity[i])))
    for (let k = 0; k < 4; k++) bytes[at + 28 + k] = byte((128 * q[4 * i + k]) / length + 128)
  }
  return bytes
}

/** Reads a .splat file. @throws RangeError where it is none. */
export function readSplatFile(bytes: Uint8Array): SplatsRead {
  if (bytes.length % ROW !== 0) throw unreadable(`Its ${bytes.length} bytes are no whole number of splats of ${ROW}.`)
  const count = bytes.length / ROW
  expectCount(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [position, logScale, rotation] = [new Float32Array(3 * count), new Float32Array(3 * count), new Float32Array(4 * count)]
  const [opacity, harmonics] = [new Float32Array(count), new Float32Array(3 * count)]
  for (let i = 0; i < count; i++) {
    const at = ROW * i
    for (let k = 0; k < 3; k++) {
      position[3 * i + k] = view.getFloat32(at + 4 * k, true)
      if (!Number.isFinite(position[3 * i + k])) throw unreadable(`At byte ${at + 4 * k} there is no place.`)
      logScale[3 * i + k] = Math.log(view.getFloat32(at + 12 + 4 * k, true))
      if (!(Math.abs(logScale[3 * i + k]) <= LARGEST_LOG_SCALE)) throw unreadable(`At byte ${at + 12 + 4 * k} there is no size.`)
      harmonics[3 * i + k] = (bytes[at + 24 + k] / 255 - 0.5) / Y0
    }
    opacity[i] = logitOf(bytes[at + 27] / 255, 1 / 255)
    for (let k = 0; k < 4; k++) rotation[4 * i + k] = (bytes[at + 28 + k] - 128) / 128
  }
  return { ...{ count, degree: 0, position, logScale, rotation, opacity, harmonics }, mended: mendRotations(rotation) }
}
