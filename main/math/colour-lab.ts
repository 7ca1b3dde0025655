import type { Pieces } from './pause.ts'

/** sRGB byte to linear light, 0..1. */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

const KNEE = (6 / 29) ** 3
const root = (t: number): number => (t > KNEE ? Math.cbrt(t) : t * ((29 / 6) ** 2 / 3) + 4 / 29)

/** CIE L*a*b* (D65) of three sRGB bytes into `out[at, at + 3)`: L is 0..100, a and b some -110..110; a step of 2 can just be seen. */
export function labInto(out: Float32Array | Float64Array, at: number, red: number, green: number, blue: number): void {
  const r = LINEAR[red]
  const g = LINEAR[green]
  const b = LINEAR[blue]
  // Rows of the sRGB matrix over the white point of D65.
  const x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = root(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = root((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  out[at] = 116 * y - 16
  out[at + 1] = 500 * (x - y)
  out[at + 2] = 200 * (y - z)
}

/** CIE L*a*b* of so many pixels of rgba8: three numbers a pixel, alpha left out. */
export function* labOf(data: Uint8Array, pixels: number): Pieces<Float32Array> {
  const lab = new Float32Array(pixels * 3)
  const chunk = 1 << 15
  for (let from = 0; from < pixels; from += chunk) {
    const to = Math.min(pixels, from + chunk)
    for (let i = from; i < to; i++) labInto(lab, 3 * i, data[4 * i], data[4 * i + 1], data[4 * i + 2])
    yield
  }
  return lab
}
