import type { Place } from './define-imagination.ts'

/** What shall be: the words of the method, or where it has none those of the regions. */
export const wordsOf = (prompt: string, objects: readonly Place[]): string =>
  prompt.trim() ||
  objects
    .map(({ becomes }) => becomes.trim())
    .filter((becomes) => becomes !== '')
    .join(', ')
