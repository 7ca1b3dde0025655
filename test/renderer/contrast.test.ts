import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, '../../renderer/design/tokens.css'), 'utf8')

/** The colours of a theme by their names; what it does not say it has from the dark one. */
function theme(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0]
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6})/g)].map(([, name, color]) => [name, color]))
}

const dark = theme(':root')
const themes = {
  dark,
  light: { ...dark, ...theme(':root[data-theme="light"]') },
  contrast: { ...dark, ...theme(':root[data-theme="contrast"]') },
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function ratio(one: string, other: string): number {
  const [light, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dim + 0.05)
}

/** Text on what it stands on. */
const TEXT = [
  ...['panel', 'raised', 'field', 'surround', 'hover', 'selected'].map((ground) => ['text', ground]),
  ...['panel', 'raised', 'field', 'surround', 'selected'].map((ground) => ['text-2', ground]),
  ...['panel', 'raised', 'surround'].map((ground) => ['text-3', ground]),
  ...['panel', 'raised', 'selected'].map((ground) => ['accent-text', ground]),
  ...['panel', 'raised'].flatMap((ground) => [
    ['good', ground],
    ['bad', ground],
  ]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
]

describe.each(Object.entries(themes))('the %s theme', (_name, colors) => {
  test.each(TEXT)('%s can be read on %s', (ink, ground) => {
    expect(ratio(colors[ink], colors[ground])).toBeGreaterThanOrEqual(4.5)
  })

  test.each([
    ['focus', 'panel'],
    ['focus', 'raised'],
    ['line-strong', 'panel'],
    ['thumb', 'panel'],
  ])('%s can be told from %s', (mark, ground) => {
    expect(ratio(colors[mark], colors[ground])).toBeGreaterThanOrEqual(3)
  })

  test('greys have no tint: colour is judged beside them', () => {
    for (const name of ['surround', 'panel', 'raised', 'field', 'line', 'text', 'text-2', 'text-3']) {
      const color = colors[name]
      expect([color.slice(1, 3), color.slice(3, 5)]).toEqual([color.slice(3, 5), color.slice(5, 7)])
    }
  })
})
