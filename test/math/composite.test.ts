import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blendModes, separable } from '../../main/math/blend.ts'
import { compositeInto, gatherInto, premultiplyInto, unpremultiplyInto } from '../../main/math/composite.ts'

const byte = fc.integer({ min: 0, max: 255 })
const pixel = fc.tuple(byte, byte, byte, byte)
const lay = (backdrop: readonly number[], source: readonly number[], options: Parameters<typeof compositeInto>[2]) => {
  const result = Uint8Array.from(backdrop)
  compositeInto(result, Uint8Array.from(source), options)
  return [...result]
}
const plain = { blend: 'normal', opacity: 1, mask: null } as const
const canonical = (p: readonly number[]) => (p[3] === 0 ? [0, 0, 0, 0] : [...p])

describe('compositing', () => {
  it('knows the sixteen modes', () => expect(new Set(blendModes).size).toBe(16))

  it('leaves the source where the backdrop is empty, and the backdrop where the source is', () => {
    fc.assert(
      fc.property(pixel, fc.constantFrom(...blendModes), (p, blend) => {
        expect(lay([0, 0, 0, 0], p, { ...plain, blend })).toEqual(canonical(p))
        expect(lay(p, [9, 9, 9, 0], { ...plain, blend })).toEqual(canonical(p))
        expect(lay(p, [9, 9, 9, 255], { ...plain, blend, opacity: 0 })).toEqual(canonical(p))
        expect(lay(p, [9, 9, 9, 255], { ...plain, blend, rest: 0 })).toEqual(canonical(p))
      }),
    )
  })

  it('has the values of the specification at its corners', () => {
    const at = (blend: (typeof blendModes)[number], b: number, s: number) => lay([b, b, b, 255], [s, s, s, 255], { ...plain, blend })[0]
    expect(at('multiply', 128, 128)).toBe(64)
    expect(at('screen', 128, 128)).toBe(192)
    expect(at('color-dodge', 0, 255)).toBe(0)
    expect(at('color-dodge', 1, 255)).toBe(255)
    expect(at('color-burn', 255, 0)).toBe(255)
    expect(at('color-burn', 254, 0)).toBe(0)
    expect(at('difference', 30, 200)).toBe(170)
    expect(at('exclusion', 255, 255)).toBe(0)
    expect(at('overlay', 64, 128)).toBe(64)
    expect(at('hard-light', 128, 64)).toBe(64)
    expect(separable['soft-light'](0.16, 1)).toBeCloseTo(((16 * 0.16 - 12) * 0.16 + 4) * 0.16, 12)
    expect(separable['soft-light'](0.64, 1)).toBeCloseTo(0.8, 12)
  })

  it('keeps what the non-separable modes promise: the luminosity of one side', () => {
    const luminance = (p: readonly number[]) => 0.3 * p[0] + 0.59 * p[1] + 0.11 * p[2]
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte), fc.tuple(byte, byte, byte), (b, s) => {
        for (const blend of ['hue', 'saturation', 'color'] as const)
          expect(Math.abs(luminance(lay([...b, 255], [...s, 255], { ...plain, blend })) - luminance(b))).toBeLessThan(0.6)
        expect(Math.abs(luminance(lay([...b, 255], [...s, 255], { ...plain, blend: 'luminosity' })) - luminance(s))).toBeLessThan(0.6)
      }),
    )
  })

  it('takes a mask as so much less alpha', () => {
    fc.assert(
      fc.property(pixel, pixel, byte, fc.constantFrom(...blendModes), (b, s, m, blend) => {
        const masked = lay(b, s, { blend, opacity: 1, mask: Uint8Array.of(m) })
        expect(masked).toEqual(lay(b, s, { blend, opacity: m / 255, mask: null }))
      }),
    )
  })

  it('gathers many layers with one rounding', () => {
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 1, maxLength: 12 }), (layers) => {
        const gathered = new Float32Array(4)
        let exact = [0, 0, 0, 0]
        for (const [r, g, b, a] of layers) {
          gatherInto(gathered, Uint8Array.of(r, g, b, a), { blend: 'normal', opacity: 0.7, mask: null })
          const as = (a / 255) * 0.7
          exact = [r, g, b, 255].map((v, c) => (v / 255) * as + exact[c] * (1 - as))
        }
        const result = new Uint8Array(4)
        unpremultiplyInto(result, gathered)
        expect(Math.abs(result[3] - 255 * exact[3])).toBeLessThan(0.501)
        if (result[3] > 0) for (let c = 0; c < 3; c++) expect(Math.abs(result[c] - (255 * exact[c]) / exact[3])).toBeLessThan(0.51)
      }),
    )
  })

  it('goes to premultiplied floats and back without loss', () => {
    fc.assert(
      fc.property(pixel, (p) => {
        const floats = new Float32Array(4)
        premultiplyInto(floats, Uint8Array.from(p))
        const back = new Uint8Array(4)
        unpremultiplyInto(back, floats)
        expect([...back]).toEqual(canonical(p))
      }),
    )
  })
})
