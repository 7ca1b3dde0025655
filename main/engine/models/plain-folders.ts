import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Found, isFolder, looksLikeModel } from './found.ts'

/** How deep a folder of models is searched, and how many folders at most: an artist may name a whole disk. */
const DEPTH = 3
const MOST = 5000

/** The models in a folder: itself, or those that lie in it. */
export async function searchPlainFolder(root: string, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = []
  const queue = [{ path: root, depth: 0 }]
  for (let seen = 0; seen < Math.min(queue.length, MOST); seen++) {
    signal.throwIfAborted()
    const { path, depth } = queue[seen] as (typeof queue)[number]
    if (looksLikeModel(path)) found.push({ path, anchor: path, source: 'folder', title: basename(path) })
    else if (depth < DEPTH) {
      const names = (await readdir(path).catch(() => [])).filter((name) => !name.startsWith('.') && name !== 'node_modules')
      for (const name of names.sort()) if (isFolder(join(path, name))) queue.push({ path: join(path, name), depth: depth + 1 })
    }
  }
  return found
}
