/** Captions to choose from, each with the numbers of its words. */
export interface Candidates {
  readonly captions: readonly string[]
  readonly words: readonly (readonly number[])[]
  readonly places: ReadonlyMap<string, number>
}

export const candidatesOf = (rows: readonly (readonly [caption: string, ...words: number[]])[]): Candidates => ({
  captions: rows.map(([caption]) => caption),
  words: rows.map(([, ...words]) => words),
  places: new Map(rows.map(([caption], k) => [caption, k])),
})

/** Sum of the logits of a caption's words: up to a constant, the logarithm of how likely the caption is. */
const scoreOf = (logits: ArrayLike<number>, words: readonly number[]): number => words.reduce((sum, word) => sum + logits[word], 0)

/** @throws RangeError where a caption is no candidate. */
export function scoreOfCaption(logits: ArrayLike<number>, caption: string, { words, places }: Candidates): number {
  const place = places.get(caption)
  if (place === undefined) throw new RangeError(`"${caption}" is none of the captions to choose from.`)
  return scoreOf(logits, words[place])
}

/** How many candidates come before a caption. @throws RangeError where it is none of them. */
export function ahead(logits: ArrayLike<number>, caption: string, candidates: Candidates): number {
  const own = scoreOfCaption(logits, caption, candidates)
  return candidates.words.filter((words) => scoreOf(logits, words) > own).length
}

/** Shares of ranks that are first and that are among five, in per cent. */
export function found(ranks: readonly number[]): readonly [first: number, amongFive: number] {
  const share = (below: number) => (100 * ranks.filter((rank) => rank < below).length) / ranks.length
  return [share(1), share(5)]
}
