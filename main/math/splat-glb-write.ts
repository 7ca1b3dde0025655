import { writeGlb } from './glb.ts'
import { harmonicCount } from './spherical-harmonics.ts'
import { attribute, harmonicAttribute, SPLATTING } from './splat-glb.ts'
import { expectSplats, type Splats } from './splats.ts'

const Y0 = 0.28209479177387814
const FLOAT = 5126
const BYTE = 5121
const WIDTHS = { SCALAR: 1, VEC3: 3, VEC4: 4 } as const

/** One attribute of all splats. */
export interface SplatAttribute {
  readonly type: keyof typeof WIDTHS
  readonly values: Float32Array | Uint8Array
}

/** What viewers without splats show: the extension asks for linear light; display values are what other writers put there. */
export type Fallback = 'linear' | 'display'

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** Colours from the front and opacities as bytes, four a splat. */
function fallbackColours({ count, degree, opacity, harmonics }: Splats, fallback: Fallback): Uint8Array {
  const width = 3 * harmonicCount(degree)
  return Uint8Array.from({ length: 4 * count }, (_, at) => {
    const [i, channel] = [Math.floor(at / 4), at % 4]
    if (channel === 3) return Math.round(255 / (1 + Math.exp(-opacity[i])))
    const shown = Math.min(1, Math.max(0, 0.5 + Y0 * harmonics[width * i + channel]))
    return Math.round(255 * (fallback === 'linear' ? linear(shown) : shown))
  })
}

/** The attributes of KHR_gaussian_splatting by name: rotations x, y, z, w as long as 1, sizes and opacities as they are. */
export function splatAttributes(splats: Splats, fallback: Fallback): Readonly<Record<string, SplatAttribute>> {
  const { count, degree, position, logScale, rotation: q, opacity, harmonics } = splats
  const terms = harmonicCount(degree)
  const lengthOf = (i: number) => Math.hypot(q[4 * i], q[4 * i + 1], q[4 * i + 2], q[4 * i + 3])
  const list: Record<string, SplatAttribute> = {
    POSITION: { type: 'VEC3', values: Float32Array.from(position) },
    COLOR_0: { type: 'VEC4', values: fallbackColours(splats, fallback) },
    [attribute('ROTATION')]: {
      type: 'VEC4',
      values: Float32Array.from(q, (_, at) => q[at - (at % 4) + ((at + 1) % 4)] / lengthOf(Math.floor(at / 4))),
    },
    [attribute('SCALE')]: { type: 'VEC3', values: Float32Array.from(logScale, Math.exp) },
    [attribute('OPACITY')]: { type: 'SCALAR', values: Float32Array.from(opacity, (logit) => 1 / (1 + Math.exp(-logit))) },
  }
  for (let l = 0; l <= degree; l++)
    for (let n = 0; n <= 2 * l; n++) {
      const values = Float32Array.from({ length: 3 * count }, (_, i) => harmonics[3 * (Math.floor(i / 3) * terms + l * l + n) + (i % 3)])
      list[harmonicAttribute(l, n)] = { type: 'VEC3', values }
    }
  return list
}

/** Least and greatest of each coordinate, as glTF wants of places. */
function bounds(values: ArrayLike<number>): { readonly min: number[]; readonly max: number[] } {
  const [min, max] = [[0, 1, 2].map((k) => values[k] ?? 0), [0, 1, 2].map((k) => values[k] ?? 0)]
  for (let i = 0; i < values.length; i++) {
    min[i % 3] = Math.min(min[i % 3], values[i])
    max[i % 3] = Math.max(max[i % 3], values[i])
  }
  return { min, max }
}

/** The extension's words: ellipses, display colours, sorted by distance, in perspective. */
export const SPLATTING_WORDS = {
  kernel: 'ellipse',
  colorSpace: 'srgb_rec709_display',
  sortingMethod: 'cameraDistance',
  projection: 'perspective',
} as const

/**
 * Writes a .glb file with KHR_gaussian_splatting. Its axes are y up: turn the cloud first (`ABOUT_Z` as others do for a .ply).
 * @throws RangeError naming the field and the splat that is wrong.
 */
export function writeSplatGlb(splats: Splats, fallback: Fallback = 'linear'): Uint8Array {
  expectSplats(splats)
  if (splats.count === 0) throw new RangeError('A cloud without splats has no place in a .glb file.')
  const list = Object.entries(splatAttributes(splats, fallback))
  const places: { readonly buffer: 0; readonly byteOffset: number; readonly byteLength: number }[] = []
  let end = 0
  for (const [, { values }] of list) {
    places.push({ buffer: 0, byteOffset: end, byteLength: values.byteLength })
    end += values.byteLength
  }
  const binary = new Uint8Array(end)
  for (const [k, [, { values }]] of list.entries())
    binary.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), places[k].byteOffset)
  const accessors = list.map(([name, { type, values }], bufferView) => ({
    ...{ bufferView, type, count: values.length / WIDTHS[type] },
    ...(values instanceof Uint8Array ? { componentType: BYTE, normalized: true } : { componentType: FLOAT }),
    ...(name === 'POSITION' ? bounds(values) : {}),
  }))
  const primitive = {
    mode: 0,
    attributes: Object.fromEntries(list.map(([name], k) => [name, k])),
    extensions: { [SPLATTING]: SPLATTING_WORDS },
  }
  const description = {
    asset: { version: '2.0', generator: 'Palimpsest' },
    extensionsUsed: [SPLATTING],
    ...{ scene: 0, scenes: [{ nodes: [0] }], nodes: [{ mesh: 0 }], meshes: [{ primitives: [primitive] }] },
    ...{ accessors, bufferViews: places, buffers: [{ byteLength: end }] },
  }
  return writeGlb({ description, binary })
}
