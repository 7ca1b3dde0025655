import { NOTHING_FOUND, type Tuned, tunedFor } from '../tuning/tuned.ts'
import type { Places } from './places.ts'

/** What tuning found for a model on this machine, before what came with the studio. */
export async function tunedOn({ library, builtIn }: Places, sha256: string): Promise<Tuned> {
  const [own, given] = await Promise.all([library === null ? NOTHING_FOUND : tunedFor(library, sha256), tunedFor(builtIn, sha256)])
  return {
    steps: [...own.steps, ...given.steps],
    recipes: [...own.recipes, ...given.recipes],
    statistics: [...own.statistics, ...given.statistics],
    boards: [...own.boards, ...given.boards],
  }
}

/** The same in a sentence; null where nothing was found. */
export function tunedInWords({ steps, recipes, statistics, boards }: Tuned): string | null {
  const list = (words: string, values: readonly number[]) =>
    values.length === 0 ? [] : [`${words} ${[...new Set(values)].sort((a, b) => a - b).join(', ')}`]
  const found = [
    ...list(
      'places for steps:',
      steps.map(({ levels }) => levels.length),
    ),
    ...list(
      'solvers for calls:',
      recipes.map(({ calls }) => calls),
    ),
    ...list(
      'statistics at guidance',
      statistics.map(({ guidance }) => guidance),
    ),
    ...(boards.length === 0 ? [] : ['a map of noise']),
  ]
  return found.length === 0 ? null : `Found for it by tuning: ${found.join('; ')}.`
}
