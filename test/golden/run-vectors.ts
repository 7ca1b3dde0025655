import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Adapter, FileAdapter, Inputs, Vector } from './adapter.ts'
import { diffusionAdapters } from './adapters/diffusion.ts'
import { pmrf } from './adapters/pmrf.ts'
import { restorationJpeg } from './adapters/restoration-jpeg.ts'
import { restorationMetrics } from './adapters/restoration-metrics.ts'
import { restorationOperators } from './adapters/restoration-operators.ts'
import { differences } from './compare.ts'

const adapters: readonly (Adapter | FileAdapter)[] = [...diffusionAdapters, pmrf, restorationJpeg, restorationMetrics, restorationOperators]

export interface Outcome {
  readonly file: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** What differed, a sentence each. */
  readonly notes: readonly string[]
}

/** The adapter of a file: the longest name that the file's begins with, followed by nothing or a dash. */
function adapterOf(file: string): Adapter | FileAdapter | undefined {
  const name = basename(file, '.json')
  return adapters
    .filter((adapter) => name === adapter.name || name.startsWith(`${adapter.name}-`))
    .sort((a, b) => b.name.length - a.name.length)[0]
}

/** Runs one file of vectors through its adapter. */
export async function runVector(path: string): Promise<Outcome> {
  const file = basename(path)
  const adapter = adapterOf(file)
  if (!adapter) return { file, status: 'skipped', notes: [] }
  const notes: string[] = []
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if ('check' in adapter) {
      notes.push(...(await adapter.check(json as Inputs)))
      return { file, status: notes.length ? 'failed' : 'passed', notes }
    }
    const vector = json as Vector
    const tolerance = (key: string) => adapter.tolerance?.(key, vector) ?? vector.tolerance.abs ?? 0
    if (!vector.cases.length) notes.push('there are no cases')
    for (const [i, one] of vector.cases.entries())
      for (const note of differences(await adapter.compute(one, vector), one.expected, tolerance))
        notes.push(`case ${i}${one.operator ? ` (${one.operator})` : ''}, ${note}`)
  } catch (error) {
    notes.push(error instanceof Error ? error.message : String(error))
  }
  return { file, status: notes.length ? 'failed' : 'passed', notes }
}

/** Every *.json of a folder, by name. */
export const vectorsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => join(folder, file))
