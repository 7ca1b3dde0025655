import { fault } from '../../../preload/contract/fault.ts'
import type { Place } from './define-imagination.ts'

/** "dumplings -> fried rice": the left side stands in the words of the picture and is replaced there. */
const ARROW = /^(.+?)\s*(?:->|→)\s*(.+)$/su

/** What a thing was, where its words say so, and what it becomes. */
function readBecomes(becomes: string): { readonly was: string | null; readonly phrase: string } {
  const [, was, phrase] = ARROW.exec(becomes.trim()) ?? []
  return { was: was ?? null, phrase: phrase ?? becomes.trim() }
}

/** A text with the first `was` in it, in capitals or not, replaced; null where it says nothing of it. */
function replaced(text: string, was: string | null, by: string): string | null {
  const at = was === null ? -1 : text.toLowerCase().indexOf(was.toLowerCase())
  return was === null || at < 0 ? null : text.slice(0, at) + by + text.slice(at + was.length)
}

/**
 * What shall be: the words of the method, or where it has none those of the regions, put into the words of the picture where they tell
 * what they replace.
 */
export function wordsOf(prompt: string, objects: readonly Place[], picture = ''): string {
  if (prompt.trim() !== '') return prompt.trim()
  let whole = picture.trim()
  const alone: string[] = []
  for (const { was, phrase } of objects.map(({ becomes }) => readBecomes(becomes))) {
    const next = replaced(whole, was, phrase)
    if (next === null && phrase !== '') alone.push(phrase)
    whole = next ?? whole
  }
  return alone.length > 0 ? alone.join(', ') : objects.some(({ becomes }) => becomes.trim() !== '') ? whole : ''
}

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
    const { was, phrase } = readBecomes(becomes)
    if (phrase === '')
      throw fault(
        'invalid',
        'An object has no words.',
        `Nothing says what object ${i + 1} becomes.`,
        'Write what it becomes, or take it off the list.',
      )
    edits.push(replaced(source, was, phrase) ?? phrase)
    phrases.push(phrase)
    whole = replaced(whole, was, phrase) ?? (whole === '' ? phrase : `${whole}, ${phrase}`)
  }
  return { source, edits, whole, phrases, texts: [...new Set([source, whole, ...edits, ...phrases])] }
}
