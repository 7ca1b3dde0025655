import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { isComfyUi, searchComfyUi } from './comfyui.ts'
import { type Found, type Known, looksLikeModel } from './found.ts'
import { hubCacheAt, searchHubCache } from './hugging-face-cache.ts'
import type { Places } from './places.ts'
import { searchPlainFolder } from './plain-folders.ts'
import type { Entry, Register } from './register.ts'

const HALF = 'It was not downloaded to its end. Download it again: what is there already is kept.'

/** The models in a folder, whatever kind of folder it is. @throws FaultError `damaged` where its list of further folders is. */
export async function searchFolder(folder: string, signal: AbortSignal): Promise<Found[]> {
  if (looksLikeModel(folder)) return [{ path: folder, anchor: folder, source: 'folder', title: basename(folder) }]
  const cache = await hubCacheAt(folder)
  if (cache) return await searchHubCache(cache, signal)
  if (isComfyUi(folder)) return await searchComfyUi(folder, signal)
  return await searchPlainFolder(folder, signal)
}

/** Models, and what kept others from being found. */
export interface Discovered {
  readonly models: readonly Known[]
  readonly notes: readonly string[]
}

/** All models of this machine: those that were added come first; what was found twice is listed once. */
export async function discover(places: Places, register: Register, signal: AbortSignal): Promise<Discovered> {
  const [found, notes]: [Found[], string[]] = [[], []]
  const search = async (work: () => Promise<Found[]>) => {
    try {
      found.push(...(await work()))
    } catch (thrown) {
      signal.throwIfAborted()
      notes.push((thrown as Error).message)
    }
  }
  // What has an id was one model and stays in the list when it is gone, so that it can be found again.
  for (const entry of register.entries) if (entry.id !== null) found.push(registered(entry))
  for (const { path, id } of register.entries) if (id === null) await search(() => searchAdded(path, signal))
  for (const cache of places.hubCaches) await search(() => searchHubCache(cache, signal))
  for (const root of places.comfyUi) if (isComfyUi(root)) await search(() => searchComfyUi(root, signal))

  const models = new Map<string, Known>()
  const [paths, hidden] = [new Set<string>(), new Set(register.hidden)]
  for (const one of found) {
    const real = realPath(one.path)
    const id = one.id ?? idOf(one)
    if (paths.has(real) || models.has(id) || hidden.has(realPath(one.anchor))) continue
    paths.add(real)
    models.set(id, { ...one, id })
  }
  return { models: [...models.values()], notes }
}

/** @param entry one with an id. */
function registered({ path, id, title, source, licence, checksums, isWhole }: Entry): Found {
  return {
    path,
    anchor: path,
    source,
    title: title ?? basename(path),
    id: id ?? undefined,
    licence: licence ?? undefined,
    checksums: new Map(Object.entries(checksums)),
    problem: isWhole ? undefined : HALF,
  }
}

async function searchAdded(path: string, signal: AbortSignal): Promise<Found[]> {
  const found = await searchFolder(path, signal)
  return found.length > 0 ? found : [{ path, anchor: path, source: 'folder', title: basename(path) }]
}

/** Readable, and the same for the same place. */
export const idOf = ({ title, anchor }: Pick<Found, 'title' | 'anchor'>): string => {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `folder-${slug || 'model'}-${createHash('sha256').update(realPath(anchor)).digest('hex').slice(0, 8)}`
}

/** Where a path leads, links followed; itself where it leads nowhere. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}
