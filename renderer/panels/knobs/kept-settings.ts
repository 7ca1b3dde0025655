import { z } from 'zod'
import { KnobValue } from './knobs.ts'
import { SEED_LIMIT, type Settings, useSettings } from './settings.ts'

const KEY = 'palimpsest.settings'
/** Letters that may be kept: words are the most of it. */
const MOST_LETTERS = 100_000
/** Milliseconds of rest before what was changed is kept: words are typed faster. */
const REST = 400

const Id = z.string().max(200)
const Deed = z.enum(['restore', 'edit', 'generate'])
const Seed = z.object({ value: z.int().min(0).max(SEED_LIMIT), kept: z.boolean() })

const Kept = z.object({
  methods: z.partialRecord(Deed, Id),
  model: Id.nullable(),
  params: z.record(Id, z.record(Id, KnobValue)),
  seeds: z.object({ restore: Seed, edit: Seed, generate: Seed }),
  variations: z.partialRecord(Deed, z.int().min(1).max(32)),
  intoObjects: z.boolean(),
})
type Kept = z.infer<typeof Kept>

/** What is kept of how the methods were set; null where nothing is, or nothing that this studio understands. */
export function readSettings(storage: Pick<Storage, 'getItem'>): Kept | null {
  try {
    const text = storage.getItem(KEY) ?? ''
    return text.length > MOST_LETTERS ? null : Kept.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const lasting = ({ methods, model, params, seeds, variations, intoObjects }: Settings): string =>
  JSON.stringify({ methods, model, params, seeds, variations, intoObjects })

/** Sets the methods as they were set on the last visit, and keeps how they are set from now on. @returns how to end that. */
export function keepSettings(storage: Pick<Storage, 'getItem' | 'setItem'>): () => void {
  const kept = readSettings(storage)
  if (kept) useSettings.setState(kept)
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    clearTimeout(timer)
    timer = undefined
    const text = lasting(useSettings.getState())
    if (text.length > MOST_LETTERS) return
    try {
      storage.setItem(KEY, text)
    } catch {
      // A storage that is full or closed keeps what it has.
    }
  }
  const end = useSettings.subscribe(() => {
    timer ??= setTimeout(write, REST)
  })
  globalThis.window?.addEventListener('pagehide', write)
  return () => {
    end()
    globalThis.window?.removeEventListener('pagehide', write)
    write()
  }
}
