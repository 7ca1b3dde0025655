import { join } from 'node:path'
import type { Known } from './found.ts'
import { readManifest } from './manifest.ts'

/** The models of many files that came with the studio, as its manifest lists them. A manifest that cannot be read lists nothing. */
export async function builtInFolders(models: string): Promise<Known[]> {
  const entries = await readManifest(models).catch(() => [])
  return entries.flatMap(({ id, title, licence, folder, files = [] }) => {
    if (folder === undefined) return []
    const path = join(models, folder)
    // The manifest names files from its own folder.
    const within = files.filter(({ file }) => file.startsWith(`${folder}/`))
    const checksums = new Map(within.map(({ file, sha256 }) => [file.slice(folder.length + 1), { kind: 'sha256' as const, hex: sha256 }]))
    return [{ path, anchor: path, source: 'built-in' as const, title, id, licence, checksums }]
  })
}
