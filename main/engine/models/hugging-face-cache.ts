import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Found, isFolder, looksLikeModel } from './found.ts'

const REPOSITORY = /^models--(.+)$/

/** Is this a cache of Hugging Face's programs? Then the folder with its `models--…`, which may lie a step deeper; otherwise null. */
export async function hubCacheAt(folder: string): Promise<string | null> {
  for (const candidate of [folder, join(folder, 'hub')])
    if ((await readdir(candidate).catch(() => [])).some((name) => REPOSITORY.test(name))) return candidate
  return null
}

/** The models of a cache of Hugging Face's programs: of each repository the snapshot that `main` names, or the newest. */
export async function searchHubCache(cache: string, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = []
  for (const name of (await readdir(cache).catch(() => [])).sort()) {
    signal.throwIfAborted()
    const title = REPOSITORY.exec(name)?.[1]?.split('--').join('/')
    if (title === undefined) continue
    const anchor = join(cache, name)
    const snapshot = await snapshotOf(anchor)
    const path = snapshot && [snapshot, join(snapshot, 'onnx')].find(looksLikeModel)
    if (path) found.push({ path, anchor, source: 'hugging-face', title })
  }
  return found
}

async function snapshotOf(repository: string): Promise<string | null> {
  const commit = await readFile(join(repository, 'refs', 'main'), 'utf8').catch(() => '')
  const snapshots = join(repository, 'snapshots')
  const named = join(snapshots, commit.trim())
  if (/^[\w-]+$/.test(commit.trim()) && isFolder(named)) return named
  const paths = (await readdir(snapshots).catch(() => [])).map((name) => join(snapshots, name)).filter(isFolder)
  const times = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })))
  return times.sort((a, b) => b.at - a.at)[0]?.path ?? null
}
