import { type BlendMode, type Color, nonSeparable, separable } from './blend.ts'

/** How a source lies on its backdrop. */
export interface CompositeOptions {
  readonly blend: BlendMode
  /** 0..1. */
  readonly opacity: number
  /** One byte a pixel, 255 reveals; null where there is no mask or no tile of it. */
  readonly mask: Uint8Array | Uint8ClampedArray | null
  /** What a mask holds where it is null. */
  readonly rest?: number
}

type Bytes = Uint8Array | Uint8ClampedArray
/** Straight-alpha RGBA, 0..255: bytes, or floats where bytes would round too early. */
type Levels = Bytes | Float32Array

/**
 * Lays a source on a backdrop of premultiplied RGBA floats, 0..1, in place: what many layers are gathered in, rounded once.
 *
 * Source-over with blending, as in the W3C's Compositing and Blending Level 1: with straight colours C and alphas a,
 * Cs' = (1 - ab) Cs + ab B(Cb, Cs); co = as Cs' + (1 - as) ab Cb; ao = as + ab (1 - as).
 * @param backdrop 4 floats a pixel. @param source 4 values a pixel, 0..255, straight alpha.
 */
export function gatherInto(backdrop: Float32Array, source: Levels, options: CompositeOptions): void {
  const { blend, opacity, mask, rest = 255 } = options
  const most = (opacity * (mask ? 1 : rest / 255)) / 255
  if (most <= 0) return
  if (blend === 'hue' || blend === 'saturation' || blend === 'color' || blend === 'luminosity') {
    gatherColors(backdrop, source, blend, mask, most)
    return
  }
  const channel = separable[blend]
  const isNormal = blend === 'normal'
  const pixels = backdrop.length / 4
  for (let i = 0; i < pixels; i++) {
    const o = 4 * i
    let as = source[o + 3] * most
    if (mask) as *= mask[i] / 255
    if (as === 0) continue
    const ab = backdrop[o + 3]
    const keep = 1 - as
    if (isNormal || ab === 0) {
      const scale = as / 255
      backdrop[o] = source[o] * scale + keep * backdrop[o]
      backdrop[o + 1] = source[o + 1] * scale + keep * backdrop[o + 1]
      backdrop[o + 2] = source[o + 2] * scale + keep * backdrop[o + 2]
    } else {
      const bare = as * (1 - ab)
      const both = as * ab
      for (let c = o; c < o + 3; c++) {
        const cs = source[c] / 255
        const cb = Math.min(1, backdrop[c] / ab)
        backdrop[c] = bare * cs + both * channel(cb, cs) + keep * backdrop[c]
      }
    }
    backdrop[o + 3] = as + ab * keep
  }
}

function gatherColors(backdrop: Float32Array, source: Levels, blend: keyof typeof nonSeparable, mask: Bytes | null, most: number): void {
  const mix = nonSeparable[blend]
  const cb: Color = [0, 0, 0]
  const cs: Color = [0, 0, 0]
  const mixed: Color = [0, 0, 0]
  const pixels = backdrop.length / 4
  for (let i = 0; i < pixels; i++) {
    const o = 4 * i
    let as = source[o + 3] * most
    if (mask) as *= mask[i] / 255
    if (as === 0) continue
    const ab = backdrop[o + 3]
    for (let c = 0; c < 3; c++) {
      cs[c] = source[o + c] / 255
      cb[c] = ab > 0 ? Math.min(1, backdrop[o + c] / ab) : 0
    }
    mix(mixed, cb, cs)
    for (let c = 0; c < 3; c++) backdrop[o + c] = as * ((1 - ab) * cs[c] + ab * mixed[c]) + (1 - as) * backdrop[o + c]
    backdrop[o + 3] = as + ab * (1 - as)
  }
}

/** Straight-alpha bytes → premultiplied floats, 0..1. Both hold 4 values a pixel. */
export function premultiplyInto(target: Float32Array, source: Bytes): void {
  for (let o = 0; o < target.length; o += 4) {
    const a = source[o + 3] / 255
    target[o] = (source[o] / 255) * a
    target[o + 1] = (source[o + 1] / 255) * a
    target[o + 2] = (source[o + 2] / 255) * a
    target[o + 3] = a
  }
}

/** Premultiplied floats → straight-alpha bytes, rounded; a pixel whose alpha rounds to 0 becomes 0, 0, 0, 0. */
export function unpremultiplyInto(target: Bytes, source: Float32Array): void {
  for (let o = 0; o < target.length; o += 4) {
    const a = source[o + 3]
    const alpha = Math.floor(255 * a + 0.5)
    if (alpha === 0) {
      target[o] = target[o + 1] = target[o + 2] = target[o + 3] = 0
      continue
    }
    const scale = 255 / a
    target[o] = Math.min(255, Math.floor(source[o] * scale + 0.5))
    target[o + 1] = Math.min(255, Math.floor(source[o + 1] * scale + 0.5))
    target[o + 2] = Math.min(255, Math.floor(source[o + 2] * scale + 0.5))
    target[o + 3] = alpha
  }
}

/**
 * Lays one tile on another, in place. Straight-alpha RGBA bytes, any number of pixels, the same in both.
 * For more than one source gather them in floats (`gatherInto`), so that rounding happens once.
 */
export function compositeInto(backdrop: Bytes, source: Bytes, options: CompositeOptions): void {
  const gathered = new Float32Array(backdrop.length)
  premultiplyInto(gathered, backdrop)
  gatherInto(gathered, source, options)
  unpremultiplyInto(backdrop, gathered)
}
