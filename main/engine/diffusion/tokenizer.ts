import { fault } from '../../../preload/contract/fault.ts'

/** What CLIP's byte-pair encoding is made of. */
export interface Vocabulary {
  /** Piece of text, in printable stand-ins for bytes → id. */
  readonly ids: ReadonlyMap<string, number>
  /** Pairs in the order they are joined, the halves apart by a blank. */
  readonly merges: readonly string[]
  /** Text of the token that fills the rest of a sequence. */
  readonly padding: string
  /** Ids of a sequence, start and end included. */
  readonly length: number
}

/** A prompt as the text encoder reads it. */
export interface Tokens {
  /** As many as the sequence is long. */
  readonly ids: readonly number[]
  /** Ids the prompt would need, whether they fit or not. */
  readonly count: number
  /** The end of the prompt, from the first word that did not fit; empty where all fitted. */
  readonly lost: string
}

/** Turns prompts into ids. */
export type Tokenizer = (prompt: string) => Tokens

const START = '<|startoftext|>'
const END = '<|endoftext|>'
const WORDS = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/giu

/** A printable letter for each byte: its own where it has one, the next free code point from 256 on where it has none. */
const LETTERS: readonly string[] = (() => {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let free = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : free++))
})()

/**
 * The tokenizer of a vocabulary: CLIP's, letter for letter.
 * @throws FaultError `damaged` where the vocabulary lacks what every prompt needs; when used, where it lacks a piece of the prompt.
 */
export function tokenizerOf({ ids, merges, padding, length }: Vocabulary): Tokenizer {
  const idOf = (piece: string): number => {
    const id = ids.get(piece)
    if (id === undefined)
      throw fault('damaged', 'The tokenizer of this model is damaged.', `Its vocabulary lacks "${piece}".`, 'Fetch the model again.')
    return id
  }
  const [start, end, rest] = [START, END, padding].map(idOf) as [number, number, number]
  const ranks = new Map(merges.map((pair, rank) => [pair, rank]))
  const known = new Map<string, readonly number[]>()

  const idsOf = (word: string): readonly number[] => {
    const before = known.get(word)
    if (before) return before
    const found = word === START || word === END ? [idOf(word)] : joined(symbolsOf(word), ranks).map(idOf)
    known.set(word, found)
    return found
  }

  return (prompt) => {
    const text = prompt.replace(/\s+/g, ' ').trim().toLowerCase()
    const room = length - 2
    const inside: number[] = []
    let lostFrom: number | undefined
    for (const { 0: word, index } of text.matchAll(WORDS)) {
      inside.push(...idsOf(word))
      if (inside.length > room) lostFrom ??= index
    }
    const kept = [start, ...inside.slice(0, room), end]
    return {
      ids: [...kept, ...new Array<number>(length - kept.length).fill(rest)],
      count: inside.length,
      lost: lostFrom === undefined ? '' : text.slice(lostFrom),
    }
  }
}

/** The bytes of a word as letters, the last one marked as the end. */
function symbolsOf(word: string): string[] {
  const symbols = Array.from(new TextEncoder().encode(word), (byte) => LETTERS[byte] as string)
  symbols.push(`${symbols.pop()}</w>`)
  return symbols
}

/** Joins neighbours, the pair of the lowest rank first and wherever it stands, until no pair is known. */
function joined(symbols: readonly string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  let now = symbols
  for (;;) {
    const pairs = now.slice(1).map((right, i) => `${now[i]} ${right}`)
    const lowest = Math.min(...pairs.map((pair) => ranks.get(pair) ?? Number.POSITIVE_INFINITY))
    if (!Number.isFinite(lowest)) return now
    const next: string[] = []
    for (let i = 0; i < now.length; i++) {
      const isPair = ranks.get(pairs[i] ?? '') === lowest
      next.push(isPair ? `${now[i]}${now[i + 1]}` : (now[i] as string))
      if (isPair) i++
    }
    now = next
  }
}
