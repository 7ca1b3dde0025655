/** The sixteen modes of the W3C's Compositing and Blending Level 1, by their CSS names. */
export type BlendMode = SeparableMode | NonSeparableMode
type SeparableMode =
  | 'normal'
  | 'multiply'
  | 'screen'
  | 'overlay'
  | 'darken'
  | 'lighten'
  | 'color-dodge'
  | 'color-burn'
  | 'hard-light'
  | 'soft-light'
  | 'difference'
  | 'exclusion'
type NonSeparableMode = 'hue' | 'saturation' | 'color' | 'luminosity'

/** One channel: backdrop and source colour, 0..1, not premultiplied → blended colour. */
export type ChannelBlend = (backdrop: number, source: number) => number

const multiply: ChannelBlend = (b, s) => b * s
const screen: ChannelBlend = (b, s) => b + s - b * s
const hardLight: ChannelBlend = (b, s) => (s <= 0.5 ? multiply(b, 2 * s) : screen(b, 2 * s - 1))

function softLight(b: number, s: number): number {
  if (s <= 0.5) return b - (1 - 2 * s) * b * (1 - b)
  const d = b <= 0.25 ? ((16 * b - 12) * b + 4) * b : Math.sqrt(b)
  return b + (2 * s - 1) * (d - b)
}

/** The modes that treat each channel by itself. */
export const separable: Readonly<Record<SeparableMode, ChannelBlend>> = {
  normal: (_, s) => s,
  multiply,
  screen,
  overlay: (b, s) => hardLight(s, b),
  darken: Math.min,
  lighten: Math.max,
  'color-dodge': (b, s) => (b === 0 ? 0 : s >= 1 ? 1 : Math.min(1, b / (1 - s))),
  'color-burn': (b, s) => (b >= 1 ? 1 : s <= 0 ? 0 : 1 - Math.min(1, (1 - b) / s)),
  'hard-light': hardLight,
  'soft-light': softLight,
  difference: (b, s) => Math.abs(b - s),
  exclusion: (b, s) => b + s - 2 * b * s,
}

/** Three channels at once; `out` receives the blended colour. */
export type ColorBlend = (out: Color, backdrop: Color, source: Color) => void
export type Color = [red: number, green: number, blue: number]

const luminance = (c: Color): number => 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]
const saturation = (c: Color): number => Math.max(c[0], c[1], c[2]) - Math.min(c[0], c[1], c[2])

/** Brings a colour back into 0..1 along the line to its own grey. */
function clipInto(c: Color): void {
  const l = luminance(c)
  const lowest = Math.min(c[0], c[1], c[2])
  const highest = Math.max(c[0], c[1], c[2])
  if (lowest < 0) for (let i = 0; i < 3; i++) c[i] = l + ((c[i] - l) * l) / (l - lowest)
  if (highest > 1) for (let i = 0; i < 3; i++) c[i] = l + ((c[i] - l) * (1 - l)) / (highest - l)
}

function setLuminance(out: Color, c: Color, l: number): void {
  const d = l - luminance(c)
  for (let i = 0; i < 3; i++) out[i] = c[i] + d
  clipInto(out)
}

/** Stretches the channels so that the least is 0 and the greatest is `s`; a grey becomes black. */
function setSaturation(out: Color, c: Color, s: number): void {
  const lowest = Math.min(c[0], c[1], c[2])
  const span = Math.max(c[0], c[1], c[2]) - lowest
  for (let i = 0; i < 3; i++) out[i] = span > 0 ? ((c[i] - lowest) * s) / span : 0
}

const scratch: Color = [0, 0, 0]

/** The modes that mix hue, saturation and luminosity of the two colours. */
export const nonSeparable: Readonly<Record<NonSeparableMode, ColorBlend>> = {
  hue: (out, b, s) => {
    setSaturation(scratch, s, saturation(b))
    setLuminance(out, scratch, luminance(b))
  },
  saturation: (out, b, s) => {
    setSaturation(scratch, b, saturation(s))
    setLuminance(out, scratch, luminance(b))
  },
  color: (out, b, s) => setLuminance(out, s, luminance(b)),
  luminosity: (out, b, s) => setLuminance(out, b, luminance(s)),
}

export const blendModes: readonly BlendMode[] = [
  ...(Object.keys(separable) as SeparableMode[]),
  ...(Object.keys(nonSeparable) as NonSeparableMode[]),
]
