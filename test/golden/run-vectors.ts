import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Adapter, FileAdapter, Inputs, Vector } from './adapter.ts'
import { clipTokenizer } from './adapters/clip-tokenizer.ts'
import { diffusionAdapters } from './adapters/diffusion.ts'
import { editingAdapters } from './adapters/editing.ts'
import { learningAdapters } from './adapters/learning.ts'
import { linearAdapters } from './adapters/linear.ts'
import { pmrf } from './adapters/pmrf.ts'
import { reconstructionAdapters } from './adapters/reconstruction.ts'
import { restorationJpeg } from './adapters/restoration-jpeg.ts'
import { restorationMetrics } from './adapters/restoration-metrics.ts'
import { restorationOperators } from './adapters/restoration-operators.ts'
import { splatAdapters } from './adapters/splats.ts'
import { transportAdapters } from './adapters/transport.ts'
import { differences } from './compare.ts'
import { reading } from './reading.ts'

const adapters: readonly (Adapter | FileAdapter)[] = [
  ...diffusionAdapters,
  ...editingAdapters,
  ...learningAdapters,
  ...linearAdapters,
  ...reconstructionAdapters,
  ...splatAdapters,
  ...transportAdapters,
  clipTokenizer,
  pmrf,
  restorationJpeg,
  restorationMetrics,
  restorationOperators,
]

export interface Outcome {
  readonly file: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** What differed, a sentence each. */
  readonly notes: readonly string[]
}

/** The adapter whose name a file's begins with, the longest if several do; where none does, the one that knows its content. */
function adapterOf(file: string, json: unknown): Adapter | FileAdapter | undefined {
  const name = basename(file, '.json')
  const begins = (adapter: Adapter | FileAdapter) => name.startsWith(adapter.name) && !/^[a-z]/i.test(name.slice(adapter.name.length))
  const named = adapters.filter(begins).sort((a, b) => b.name.length - a.name.length)
  return named[0] ?? adapters.find((adapter) => 'recognises' in adapter && adapter.recognises?.(json as Vector & Inputs))
}

async function casesOf(adapter: Adapter, vector: Vector): Promise<string[]> {
  const tolerance = (key: string) => adapter.tolerance?.(key, vector) ?? vector.tolerance.abs ?? 0
  const notes = vector.cases.length ? [] : ['there are no cases']
  for (const [i, one] of vector.cases.entries())
    for (const note of differences(await adapter.compute(one, vector), one.expected, tolerance))
      notes.push(`case ${i}${one.operator ? ` (${one.operator})` : ''}, ${note}`)
  return notes
}

/** Runs one file of vectors through its adapter. */
export async function runVector(path: string): Promise<Outcome> {
  const file = basename(path)
  const notes: string[] = []
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const adapter = adapterOf(file, json)
    if (!adapter) return { file, status: 'skipped', notes: [] }
    const { content, unread } = reading(json)
    if ('check' in adapter) notes.push(...(await adapter.check(content as Inputs)))
    else notes.push(...(await casesOf(adapter, content as Vector)))
    notes.push(...unread().map((key) => `${key}: nothing answers to it`))
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
