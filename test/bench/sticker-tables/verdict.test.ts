import { expect, test } from 'vitest'
import { verdict } from './verdict.ts'

const rows = [
  ['found', 1, 2, 5, null],
  ['even', 2, 2, 4, 1],
] as const

test('what is nearer where is told in a sentence, and what was not measured is left out', () => {
  expect(verdict(rows, 'found', 'even', [4, 6, 10, 20])).toBe('found against even: nearer at 4, as near at 6, farther at 10.')
  expect(verdict([rows[1], ['none', null, null, null, null]], 'none', 'even', [4, 6, 10, 20])).toBe('none and even were not compared.')
  expect(() => verdict(rows, 'found', 'odd', [4])).toThrow('"odd"')
})
