import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenizerOf, type Vocabulary } from '../../../main/engine/diffusion/tokenizer.ts'
import { FaultError } from '../../../preload/contract/fault.ts'

/** Stand-ins for all bytes, alone and at a word's end, then two pairs, then the marks. */
const LETTERS = Array.from({ length: 256 }, (_, byte) => byte)
  .filter((byte) => !((byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174))
  .map((_, i) => 256 + i)
  .concat(
    Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174,
    ),
  )
  .map((code) => String.fromCharCode(code))
const MERGES = ['c a', 'ca t</w>']
const pieces = [...LETTERS, ...LETTERS.map((letter) => `${letter}</w>`), 'ca', 'cat</w>', '<|startoftext|>', '<|endoftext|>']
const vocabulary: Vocabulary = {
  ids: new Map(pieces.map((piece, id) => [piece, id])),
  merges: MERGES,
  padding: '<|endoftext|>',
  length: 8,
}
const [CAT, START, END] = ['cat</w>', '<|startoftext|>', '<|endoftext|>'].map((piece) => pieces.indexOf(piece))
const tokenize = tokenizerOf(vocabulary)

test('any prompt whatever makes a sequence of the right length between the marks, of known ids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (prompt) => {
      const { ids, count, lost } = tokenize(prompt)
      expect(ids).toHaveLength(8)
      expect(ids[0]).toBe(START)
      expect(ids[Math.min(7, count + 1)]).toBe(END)
      expect(ids.every((id) => id >= 0 && id < pieces.length)).toBe(true)
      expect(lost !== '').toBe(count > 6)
    }),
  )
})

test('case and spaces do not matter, and no bytes are lost on the way', () => {
  expect(tokenize('  CAT\n\tcat ')).toEqual(tokenize('cat cat'))
  const word = tokenizerOf({ ...vocabulary, length: 40 })('façade🙂').ids
  const text = word.slice(1, word.indexOf(END)).map((id) => pieces[id].replace('</w>', ''))
  // Two bytes for ç, four for the face.
  expect(text).toHaveLength(11)
})

test('what falls off is told from its first word on', () => {
  expect(tokenize('cat cat cat cat cat cat')).toEqual({ ids: [START, CAT, CAT, CAT, CAT, CAT, CAT, END], count: 6, lost: '' })
  expect(tokenize('cat cat cat cat cat Dogs run').lost).toBe('dogs run')
  expect(tokenize('cat cat cat cat cat Dogs run').ids.at(-1)).toBe(END)
})

test('marks in a prompt are marks, and a vocabulary with holes is a fault', () => {
  expect(tokenize('cat <|endoftext|>').ids.slice(0, 4)).toEqual([START, CAT, END, END])
  expect(() => tokenizerOf({ ...vocabulary, padding: '[PAD]' })).toThrow(FaultError)
  const holes = tokenizerOf({ ...vocabulary, ids: new Map([...vocabulary.ids].filter(([piece]) => piece !== 'd</w>')) })
  expect(() => holes('d')).toThrow(/lacks "d<\/w>"/)
})
