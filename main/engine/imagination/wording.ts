import { fault } from '../../../preload/contract/fault.ts'
import type { Place } from './define-imagination.ts'

/** What shall be: the words of the method, or where it has none those of the regions. */
export const wordsOf = (prompt: string, objects: readonly Place[]): string =>
  prompt.trim() ||
  objects
    .map(({ becomes }) => becomes.trim())
    .filter((becomes) => becomes !== '')
    .join(', ')

/** What the model is asked with when several objects are edited. */
export interface ObjectWords {
  /** The picture as it is, each object's own edit of that, and all edits at once. */
  readonly source: string
  readonly edits: readonly string[]
  readonly whole: string
  /** What each object becomes, alone. */
  readonly phrases: readonly string[]
  /** All of these, each once. */
  readonly texts: readonly string[]
}

/** "dumplings -> fried rice": the left side stands in the words of the picture and is replaced there. */
const ARROW = /^(.+?)\s*(?:->|→)\s*(.+)$/su

/**
 * Puts the words of objects into the words of the picture. An object that does not say what it was is named by itself for its own
 * edit, and added to the words for the whole.
 * @throws FaultError `invalid` where there is no object, or one without words.
 */
export function objectWords(picture: string, objects: readonly Place[]): ObjectWords {
  if (objects.length === 0)
    throw fault('invalid', 'There is no object to edit.', 'No region shows one.', 'Show the objects, and write what each becomes.')
  const source = picture.trim()
  let whole = source
  const edits: string[] = []
  const phrases: string[] = []
  for (const [i, { becomes }] of objects.entries()) {
    const [, was, arrowed] = ARROW.exec(becomes.trim()) ?? []
    const phrase = arrowed ?? becomes.trim()
    if (phrase === '')
      throw fault(
        'invalid',
        'An object has no words.',
        `Nothing says what object ${i + 1} becomes.`,
        'Write what it becomes, or take it off the list.',
      )
    const own = was === undefined ? null : replaced(source, was, phrase)
    edits.push(own ?? phrase)
    phrases.push(phrase)
    whole = (was === undefined ? null : replaced(whole, was, phrase)) ?? (whole === '' ? phrase : `${whole}, ${phrase}`)
  }
  return { source, edits, whole, phrases, texts: [...new Set([source, whole, ...edits, ...phrases])] }
}

/** A text with the first `was` in it, in capitals or not, replaced; null where there is none. */
function replaced(text: string, was: string, by: string): string | null {
  const at = text.toLowerCase().indexOf(was.toLowerCase())
  return at < 0 ? null : text.slice(0, at) + by + text.slice(at + was.length)
}
