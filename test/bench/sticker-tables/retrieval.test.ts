import { describe, expect, test } from 'vitest'
import { kernelDistance } from '../../../main/math/metrics/distribution.ts'
import { pairedKid } from './kid.ts'
import { ahead, candidatesOf, found, scoreOfCaption } from './retrieval.ts'

const candidates = candidatesOf([
  ['flat apple', 0, 1],
  ['flat pear', 0, 2],
  ['3d pear', 3, 2],
])

describe('the judge chooses a caption', () => {
  test('by the sum of the logits of its words', () => {
    const logits = [1, -2, 4, 0.5]
    expect(['flat apple', 'flat pear', '3d pear'].map((caption) => scoreOfCaption(logits, caption, candidates))).toEqual([-1, 5, 4.5])
    expect(['flat apple', 'flat pear', '3d pear'].map((caption) => ahead(logits, caption, candidates))).toEqual([2, 0, 1])
  })

  test('of equals none is ahead', () => {
    expect(ahead([0, 0, 0, 0], '3d pear', candidates)).toBe(0)
  })

  test('and a caption it cannot choose is refused by name', () => {
    expect(() => ahead([0, 0, 0, 0], 'flat plum', candidates)).toThrow('"flat plum"')
  })
})

test('ranks become per cents: first, and among five', () => {
  expect(found([0, 0, 4, 5])).toEqual([50, 75])
})

test('the kernel distance is the unbiased one, and may fall below 0', () => {
  // (xy + 1)³: within {1, -1} 0, within {0, 1} 1, between them (1 + 8 + 1 + 0) / 4.
  expect(kernelDistance([[1], [-1]], [[0], [1]])).toBe(0 + 1 - 2 * 2.5)
})

test('what is made for a caption is not compared with what was drawn for it', () => {
  // Within as above; between 1 and 1: 8, and between -1 and 0: 1.
  expect(pairedKid([[1], [-1]], [[0], [1]])).toBe(0 + 1 - (8 + 1))
  expect(() => pairedKid([[1], [-1]], [[0]])).toThrow('do not pair')
})
