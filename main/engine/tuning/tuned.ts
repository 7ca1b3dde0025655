import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelStatistics } from '../../math/model-statistics.ts'
import { Found, type FoundBoard, type FoundRecipe, type FoundStatistics, type FoundSteps } from './found.ts'
import { unpack64 } from './packed.ts'
import { folderOf, readKept } from './store.ts'

/** All that was found for a model. */
export interface Tuned {
  readonly steps: readonly FoundSteps[]
  readonly recipes: readonly FoundRecipe[]
  readonly statistics: readonly { readonly guidance: number; readonly statistics: ModelStatistics }[]
  readonly boards: readonly FoundBoard[]
}

export const NOTHING_FOUND: Tuned = { steps: [], recipes: [], statistics: [], boards: [] }

/** Results lie beside unfinished searches and long runs, which are of other names. */
const RESULT = /^(steps|solver|statistics|transport)-[\d.x]+\.json$/

/**
 * What was found for the model of that hash; files that hold something else are passed over.
 * @param keep folder of what the engine keeps for this machine.
 */
export const tunedFor = (keep: string, sha256: string): Promise<Tuned> => tunedIn(folderOf(keep, sha256))

/** The same, by the folder of what was found for one model. */
export async function tunedIn(folder: string): Promise<Tuned> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => RESULT.test(name)).sort()
  const files = await Promise.all(names.map((name) => readKept(join(folder, name), Found)))
  const found = files.filter((file) => file !== null && file !== 'damaged')
  return {
    steps: found.filter((one) => one.what === 'steps'),
    recipes: found.filter((one) => one.what === 'solver'),
    statistics: found.filter((one) => one.what === 'statistics').flatMap(statisticsOf),
    boards: found.filter((one) => one.what === 'transport'),
  }
}

function statisticsOf({ guidance, count, lambdaNoise, lambdaData, l, s, b }: FoundStatistics): Tuned['statistics'] {
  try {
    return [{ guidance, statistics: { count, lambdaNoise, lambdaData, l: l.map(unpack64), s: s.map(unpack64), b: b.map(unpack64) } }]
  } catch {
    // Numbers that are none were never measured.
    return []
  }
}
