import { accessed, type Glb, isPart, type Part, partsOf, readGlb } from './glb.ts'
import { harmonicCount } from './spherical-harmonics.ts'
import { expectCount, LARGEST_LOG_SCALE, logitOf, mendRotations, type SplatsRead, unreadable } from './splat-read.ts'

export const SPLATTING = 'KHR_gaussian_splatting'
/** A name in the extension's own space. */
export const attribute = (name: string) => `${SPLATTING}:${name}`
/** The coefficients of degree l, number n = m + l. */
export const harmonicAttribute = (l: number, n: number) => attribute(`SH_DEGREE_${l}_COEF_${n}`)

/** Least step between opacities just below 1 in float32. */
const STEP = 2 ** -24

const splattingOf = (primitive: Part): Part | null => {
  const found = isPart(primitive.extensions) ? primitive.extensions[SPLATTING] : null
  return isPart(found) ? found : null
}

/** @throws RangeError where a node would place the cloud anywhere but where its numbers say. */
function expectUnmoved({ nodes }: Part): void {
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
  const rest = { matrix: identity, translation: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [1, 1, 1] }
  for (const [i, node] of partsOf(nodes).entries())
    for (const [key, still] of Object.entries(rest)) {
      const value = node[key]
      if (value !== undefined && !(Array.isArray(value) && still.every((number, k) => value[k] === number)))
        throw unreadable(`Its node ${i} moves, turns or enlarges what it holds by ${key}.`)
    }
}

/** How the colours of a file are meant. */
export type SplatColours = 'srgb_rec709_display' | 'lin_rec709_display'

/**
 * Reads the one cloud of a .glb file with KHR_gaussian_splatting, in the axes of the file: y up.
 * @throws RangeError where there is none or are several, or a node moves it.
 */
export function readSplatGlb(bytes: Uint8Array): SplatsRead & { readonly colours: SplatColours } {
  const glb: Glb = readGlb(bytes)
  const clouds = partsOf(glb.description.meshes)
    .flatMap((mesh) => partsOf(mesh.primitives))
    .filter(splattingOf)
  if (clouds.length !== 1) throw unreadable(`It holds ${clouds.length} clouds of splats, not one.`)
  expectUnmoved(glb.description)
  const { kernel, colorSpace } = splattingOf(clouds[0]) ?? {}
  if (kernel !== 'ellipse') throw unreadable(`Its splats are of the kind ${String(kernel)}, not ellipses.`)
  if (colorSpace !== 'srgb_rec709_display' && colorSpace !== 'lin_rec709_display')
    throw unreadable(`Its colours are of the unknown kind ${String(colorSpace)}.`)
  const attributes = isPart(clouds[0].attributes) ? clouds[0].attributes : {}
  const get = (name: string, width: number) => accessed(glb, attributes[name], width, name)
  const position = get('POSITION', 3)
  const count = position.length / 3
  expectCount(count)
  const degree = [3, 2, 1].find((l) => attributes[harmonicAttribute(l, 0)] !== undefined) ?? 0
  if (attributes[harmonicAttribute(4, 0)] !== undefined) throw unreadable('Its view-dependent colour is of a degree above 3.')
  const terms = harmonicCount(degree)
  const harmonics = new Float32Array(3 * terms * count)
  const whole = (values: Float32Array, width: number, name: string): Float32Array => {
    if (values.length !== width * count) throw unreadable(`It has ${values.length / width} entries of ${name} for ${count} splats.`)
    return values
  }
  for (let l = 0; l <= degree; l++)
    for (let n = 0; n <= 2 * l; n++) {
      const name = harmonicAttribute(l, n)
      const values = whole(get(name, 3), 3, name)
      for (let i = 0; i < values.length; i++) harmonics[3 * (Math.floor(i / 3) * terms + l * l + n) + (i % 3)] = values[i]
    }
  const logScale = whole(get(attribute('SCALE'), 3), 3, 'SCALE').map(Math.log)
  const wrong = logScale.findIndex((value) => !(Math.abs(value) <= LARGEST_LOG_SCALE))
  if (wrong >= 0) throw unreadable(`Splat ${Math.floor(wrong / 3)} has no size.`)
  const turns = whole(get(attribute('ROTATION'), 4), 4, 'ROTATION')
  // x, y, z, w in the file.
  const rotation = turns.map((_, at) => turns[at - (at % 4) + ((at + 3) % 4)])
  return {
    ...{ count, degree, colours: colorSpace, position, logScale, rotation, harmonics, mended: mendRotations(rotation) },
    opacity: whole(get(attribute('OPACITY'), 1), 1, 'OPACITY').map((value) => logitOf(value, STEP)),
  }
}
