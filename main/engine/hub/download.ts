import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { readGraphHead } from '../diffusion/graph-head.ts'
import type { Tell } from '../models/telling.ts'
import { downloadFile, PART } from './download-file.ts'
import type { Hub } from './hub.ts'
import { type Needed, placeWithin } from './needed.ts'
import type { RemoteFile, Repository } from './repository.ts'

/** Room that is left free on a disk, in bytes. */
const MARGIN = 2 ** 28

/**
 * Fetches what a pipeline needs of a repository into a folder that is there. Stopped, it goes on from there the next time.
 * @returns the files, by their paths in the folder. @throws FaultError `full`, `damaged`, `refused`, `missing`, `engine`.
 */
export async function download(
  hub: Hub,
  repository: Repository,
  needed: Needed,
  folder: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RemoteFile>> {
  const files = new Map(needed.files)
  const fetchOne = async (path: string, remote: RemoteFile, before: number) => {
    const of = sizeOf(files)
    const read = (bytes: number) => tell({ label: `Downloading ${path}`, done: before + bytes, of, unit: 'bytes' })
    await downloadFile(hub, addressOf(hub, repository, remote), remote, join(folder, path), read, signal)
  }
  await expectFetchable(folder, files)
  let done = 0
  // Graphs first: they name the files of their weights, which may be called anything.
  for (const [path, remote] of [...files].sort(
    ([a, x], [b, y]) => Number(!a.endsWith('.onnx')) - Number(!b.endsWith('.onnx')) || x.bytes - y.bytes,
  )) {
    await fetchOne(path, remote, done)
    done += remote.bytes
  }
  const named = new Map(weightsNamed(repository, needed, folder))
  for (const [path, remote] of named) files.set(path, remote)
  await expectFetchable(folder, files)
  for (const [path, remote] of named) {
    await fetchOne(path, remote, done)
    done += remote.bytes
  }
  return files
}

/** Weights that graphs name and nobody could have guessed. */
function* weightsNamed({ files }: Repository, needed: Needed, folder: string): Generator<[string, RemoteFile]> {
  for (const path of needed.files.keys()) {
    if (!path.endsWith('.onnx')) continue
    const part = path.slice(0, path.lastIndexOf('/') + 1)
    for (const name of readGraphHead(join(folder, path)).externals) {
      const beside = placeWithin(part + name)
      const remote = files.find((file) => file.path === needed.root + beside)
      if (remote && !needed.files.has(beside)) yield [beside, remote]
    }
  }
}

const addressOf = (hub: Hub, { name, commit }: Repository, { path }: RemoteFile): string =>
  `${hub.address}/${name}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`

const sizeOf = (files: ReadonlyMap<string, RemoteFile>): number => [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0)

/** @throws FaultError `refused` for a name that leads out of the folder; `engine` where a length is not told; `full`. */
async function expectFetchable(folder: string, files: ReadonlyMap<string, RemoteFile>): Promise<void> {
  for (const [path, { bytes }] of files) {
    placeWithin(path)
    if (bytes < 0)
      throw fault('engine', 'The hub was not understood.', `It does not tell how long ${path} is.`, 'Check the address of the hub.')
  }
  await expectRoom(folder, files)
}

async function expectRoom(folder: string, files: ReadonlyMap<string, RemoteFile>): Promise<void> {
  const disk = await statfs(folder).catch(() => null)
  if (disk === null) return
  let bytes = 0
  for (const [path, remote] of files) {
    const sizes = await Promise.all(
      [path, path + PART].map((name) =>
        stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    )
    bytes += Math.max(0, remote.bytes - Math.max(...sizes))
  }
  const free = disk.bavail * disk.bsize
  if (free >= bytes + MARGIN) return
  const [wanted, left] = [bytes, free].map((size) => `${(size / 1e9).toFixed(1)} GB`)
  throw fault(
    'full',
    'That model was not downloaded.',
    `It takes ${wanted} more, and the disk has ${left} free.`,
    'Make room, or set PALIMPSEST_LIBRARY to a folder on another disk.',
  )
}
