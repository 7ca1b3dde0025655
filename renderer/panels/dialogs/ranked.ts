/** How well a title answers what was typed: a beginning beats the start of a word, which beats letters in order; null is no match. */
function score(title: string, typed: string): number | null {
  const text = title.toLowerCase()
  const at = text.indexOf(typed)
  if (at === 0) return 0
  if (at > 0) return /[\s:]/.test(text.charAt(at - 1)) ? 1 : 2
  let from = 0
  for (const letter of typed.replaceAll(' ', '')) {
    from = text.indexOf(letter, from) + 1
    if (from === 0) return null
  }
  return 3
}

/** The items that match what was typed, best first; all of them, in their order, when nothing was. */
export function ranked<T extends { readonly title: string }>(items: readonly T[], text: string): T[] {
  const typed = text.trim().toLowerCase()
  if (!typed) return [...items]
  return items
    .map((item) => ({ item, rank: score(item.title, typed) }))
    .filter((scored): scored is { item: T; rank: number } => scored.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}
