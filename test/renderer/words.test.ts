import { describe, expect, test } from 'vitest'
import { BlendMode } from '../../preload/contract/document.ts'
import { BLEND_GROUPS } from '../../renderer/panels/layers/blend-modes.ts'
import { bytes, duration, moment } from '../../renderer/words/amounts.ts'
import { words } from '../../renderer/words/en.ts'

/** Every sentence, with example amounts in those that take some. */
function sentences(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value('3', '4'))]]
  return Object.entries(value as object).flatMap(([key, part]) => sentences(part, `${path}.${key}`))
}

describe('the words', () => {
  test('are plain: no exclamation, no stray blanks, nothing left out', () => {
    const poor = sentences(words, 'words').filter(
      ([, said]) => /!|\bplease\b|undefined|\[object/i.test(said) || said !== said.trim() || said === '',
    )
    expect(poor).toEqual([])
  })

  test('every blend mode has its place in the list, once', () => {
    expect(BLEND_GROUPS.flat().toSorted()).toEqual([...BlendMode.options].toSorted())
  })

  test('amounts read as people say them', () => {
    expect([0.4, 12.4, 60, 125].map(duration)).toEqual(['under a second', '12 s', '1 min', '2 min 5 s'])
    expect([640, 12_345, 3_400_000, 999_900, 13_000_000_000].map(bytes)).toEqual(['640 B', '12 KB', '3.4 MB', '1.0 MB', '13 GB'])
    const now = new Date(2026, 10, 24, 12, 0).getTime()
    const at = (...parts: [number, number, number, number, number]) => moment(new Date(...parts).getTime(), now)
    expect(at(2026, 10, 24, 9, 14)).toBe('09:14')
    expect(at(2026, 10, 3, 9, 14)).toBe('3 Nov')
    expect(at(2025, 10, 3, 9, 14)).toBe('3 Nov 2025')
  })
})
