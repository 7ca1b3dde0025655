import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { readModelFolder } from '../diffusion/folder.ts'
import { download } from '../hub/download.ts'
import { GATED, type Hub } from '../hub/hub.ts'
import { neededOf } from '../hub/needed.ts'
import { type RemoteFile, readRepository } from '../hub/repository.ts'
import { entryOf } from './changes.ts'
import { idOf } from './discovery.ts'
import { LOCK, lockDownload } from './download-lock.ts'
import type { Checksum } from './found.ts'
import { changeRegister, expectLibrary } from './register.ts'
import type { Tell } from './telling.ts'

/** What was downloaded. */
export interface Fetched {
  readonly folder: string
  /** SHA-256 of the files that were checked by it, by their paths. */
  readonly hashes: ReadonlyMap<string, string>
  /** What the artist should know. */
  readonly notes: readonly string[]
}

/**
 * Downloads a repository into the library, going on where an earlier try ended.
 * @throws FaultError `unsupported`, `busy`, and as the hub's client does.
 */
export async function fetchModel(
  library: string | null,
  hub: Hub,
  request: { readonly repository: string; readonly revision: string },
  tell: Tell,
  signal: AbortSignal,
): Promise<Fetched> {
  expectLibrary(library, 'That model was not downloaded.')
  tell({ label: `Looking at ${request.repository}`, done: 0, of: null, unit: 'bytes' })
  const repository = await readRepository(hub, request.repository, request.revision, signal)
  if (repository.isGated && hub.token === null)
    throw fault('refused', `"${repository.name}" was not downloaded.`, GATED, 'Then download it again.')
  const needed = neededOf(repository)
  const folder = join(library, 'models', folderName(repository.name, repository.revision))
  await mkdir(folder, { recursive: true }).catch((thrown: Error) => {
    throw fault('refused', 'That model was not downloaded.', thrown.message, 'Look at the rights of the folder.', { cause: thrown })
  })
  const { name: title, licence, commit, revision } = repository
  const from = { hub: hub.address, repository: title, revision, commit }
  const entry = entryOf({ path: folder, id: idOf({ title, anchor: folder }), title, source: 'downloaded', licence, from })
  const put = (changed: Partial<typeof entry>) =>
    changeRegister(library, ({ entries, hidden }) => ({
      entries: [...entries.filter(({ id, path }) => id !== entry.id && path !== folder), { ...entry, ...changed }],
      hidden: hidden.filter((path) => path !== folder),
    }))
  await using _lock = await lockDownload(folder)
  // Listed from now on, so that what was begun can be seen, and taken away.
  await put({ isWhole: false })
  const files = await download(hub, repository, needed, folder, tell, signal)
  await deleteOthers(folder, files)
  await put({ checksums: checksumsOf(files) })
  await readModelFolder(folder)
  const hashes = new Map([...files].flatMap(([path, { checksum }]) => (checksum?.kind === 'sha256' ? [[path, checksum.hex]] : [])))
  const told = licence === null ? 'Nobody says under which licence it is.' : `Its licence: ${licence}.`
  return { folder, hashes, notes: [`"${title}" was downloaded.`, told] }
}

/** One folder for each repository and revision. */
const folderName = (repository: string, revision: string): string =>
  [repository.replace('/', '--'), ...(revision === 'main' ? [] : [revision.replace(/[^\w.-]+/g, '-')])].join('@')

const checksumsOf = (files: ReadonlyMap<string, RemoteFile>): Record<string, Checksum> =>
  Object.fromEntries([...files].flatMap(([path, { checksum }]) => (checksum ? [[path, checksum]] : [])))

/** What an earlier commit had and this one has not. */
async function deleteOthers(folder: string, files: ReadonlyMap<string, RemoteFile>): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.name !== LOCK && !entry.isDirectory() && !files.has(path.slice(folder.length + 1).replaceAll('\\', '/')))
      await rm(path, { force: true })
  }
}
