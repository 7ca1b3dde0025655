import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Library } from '../../../main/engine/models/library.ts'
import type { Places } from '../../../main/engine/models/places.ts'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import type { ModelProgress, ModelRequest, ModelResult } from '../../../preload/contract/models.ts'

/** A machine of its own: a library folder, an empty home, and a library that looks at nothing else. */
export interface Cabinet extends Disposable {
  readonly folder: string
  readonly places: Places
  /** The library as an engine that was just started has it. */
  open(): Library
  ask(
    request: ModelRequest,
    options?: { readonly signal?: AbortSignal; readonly told?: (progress: ModelProgress) => void },
  ): Promise<ModelResult>
  at(...names: string[]): string
}

export const never = { leaseFile: () => Promise.reject(new Error('No network was to be run.')) }

/** For hubs that fall silent. On a slow machine others seem to, too: then they are asked again, often. */
export const IMPATIENT = { endpoint: undefined, token: undefined, patience: { pauses: Array.from({ length: 40 }, () => 5), silence: 500 } }

export function openCabinet(places: Partial<Places> = {}): Cabinet {
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-models-'))
  const at = (...names: string[]) => join(folder, ...names)
  mkdirSync(at('built-in'))
  const all: Places = {
    builtIn: at('built-in'),
    library: at('library'),
    hubCaches: [at('cache', 'hub')],
    comfyUi: [at('ComfyUI')],
    hub: { endpoint: undefined, token: undefined, patience: { pauses: [5, 5, 5], silence: 30_000 } },
    ...places,
  }
  const open = () => new Library(all)
  return {
    folder,
    places: all,
    open,
    at,
    async ask(request, { signal = new AbortController().signal, told } = {}) {
      const work = open().serve(request, never, signal)
      for (;;) {
        const next = await work.next()
        if (next.done) return next.value
        told?.(next.value)
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The one model of a list. */
export const only = (list: readonly ModelCard[]): ModelCard => {
  expect(list).toHaveLength(1)
  return list[0] as ModelCard
}
