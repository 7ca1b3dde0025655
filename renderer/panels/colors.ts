import type { Color } from '../studio/view.ts'

/** `#rrggbb`, as the platform's colour chooser wants it. */
export const hexOf = (color: Color): string => `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`

/** The colour of a `#rrggbb`. */
export function colorOf(hex: string): Color {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}
