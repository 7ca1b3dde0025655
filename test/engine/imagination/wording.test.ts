import { expect, test } from 'vitest'
import { objectWords, wordsOf } from '../../../main/engine/imagination/wording.ts'
import { FaultError } from '../../../preload/contract/fault.ts'
import { box } from './studio.ts'

const places = (...words: readonly string[]) => words.map((becomes) => box({ x: 0, y: 0, width: 1, height: 1 }, becomes))

test('an object that says what it was is replaced in the words of the picture; one that does not stands for itself', () => {
  expect(objectWords(' A bowl of Dumplings and chopsticks ', places('dumplings -> fried rice', 'chopsticks→a knife'))).toEqual({
    source: 'A bowl of Dumplings and chopsticks',
    edits: ['A bowl of fried rice and chopsticks', 'A bowl of Dumplings and a knife'],
    whole: 'A bowl of fried rice and a knife',
    phrases: ['fried rice', 'a knife'],
    texts: [
      'A bowl of Dumplings and chopsticks',
      'A bowl of fried rice and a knife',
      'A bowl of fried rice and chopsticks',
      'A bowl of Dumplings and a knife',
      'fried rice',
      'a knife',
    ],
  })
  expect(objectWords('a sofa', places('a fox', 'cat -> a dog'))).toMatchObject({ edits: ['a fox', 'a dog'], whole: 'a sofa, a fox, a dog' })
  expect(objectWords('', places('a fox'))).toMatchObject({ source: '', whole: 'a fox', texts: ['', 'a fox'] })
})

test('no object, or one without words, is a fault', () => {
  expect(() => objectWords('a sofa', [])).toThrow(FaultError)
  expect(() => objectWords('a sofa', places('a fox', ' '))).toThrow(/object 2/)
})

test('the words of the method go before those of the regions', () => {
  expect(wordsOf(' a cat ', places('a dog'))).toBe('a cat')
  expect(wordsOf(' ', places('a dog', '', 'a fox'))).toBe('a dog, a fox')
  expect(wordsOf('', places('dog -> fox'), 'a dog on a sofa')).toBe('a fox on a sofa')
  expect(wordsOf('', places('cat -> fox'), 'a dog on a sofa')).toBe('fox')
  expect(wordsOf('', places(''), 'a dog')).toBe('')
})
