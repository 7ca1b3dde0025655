import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { digestFor } from '../models/checksums.ts'
import { causeOf, fetchOnce, listening, Passing, persist } from './fetching.ts'
import type { Hub } from './hub.ts'
import type { RemoteFile } from './repository.ts'

/** What lies there of a file, and the hash of it so far. */
interface Begun {
  readonly file: FileHandle
  readonly digest: Hash
  at: number
  /** The most that ever lay there: only beyond it is progress. */
  furthest: number
}

/** Files begun keep this ending until they are whole. */
export const PART = '.part'

/**
 * Fetches a file to `target`, going on where an earlier try ended; what is whole and right already is not fetched.
 * @param read is told the bytes that lie there now. @throws FaultError `damaged`, `full`, `refused`, `missing`, `engine`.
 */
export async function downloadFile(
  hub: Hub,
  address: string,
  remote: RemoteFile,
  target: string,
  read: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  if (await isThere(remote, target, signal)) return read(remote.bytes)
  await mkdir(dirname(target), { recursive: true }).catch(failedWriting(target))
  // What was begun may be of another file by now: if the whole is wrong, it is fetched anew, once.
  for (const isLast of [false, true]) {
    const had = await fetchRest(hub, address, remote, target, read, signal)
    if (had.isRight) return await rename(target + PART, target).catch(failedWriting(target))
    await rm(target + PART, { force: true })
    if (isLast || !had.wasBegun) break
  }
  throw fault(
    'damaged',
    `"${basename(target)}" was not downloaded.`,
    'What came is not what the hub says it should be: its checksum differs.',
    'Try again; if it stays so, the copy on the hub is damaged.',
  )
}

async function fetchRest(
  hub: Hub,
  address: string,
  remote: RemoteFile,
  target: string,
  read: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ isRight: boolean; wasBegun: boolean }> {
  const file = await open(target + PART, 'a+').catch(failedWriting(target))
  try {
    const begun: Begun = { file, digest: newDigest(remote), at: 0, furthest: 0 }
    if ((await file.stat()).size > remote.bytes) await file.truncate(0)
    await hashExisting(begun, target + PART, signal)
    read(begun.at)
    begun.furthest = begun.at
    const wasBegun = begun.at > 0
    await persist(
      hub,
      async (again) => {
        while (begun.at < remote.bytes) await fetchOn(hub, address, remote, begun, again, read, signal)
      },
      signal,
    )
    await file.sync().catch(failedWriting(target))
    return { isRight: remote.checksum === null || begun.digest.digest('hex') === remote.checksum.hex, wasBegun }
  } finally {
    await file.close()
  }
}

/** Fetches what is missing over one connection. @throws Passing when it breaks. */
async function fetchOn(
  hub: Hub,
  address: string,
  remote: RemoteFile,
  begun: Begun,
  again: () => void,
  read: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  using line = listening(hub, signal)
  const answer = await fetchOnce(hub, address, begun.at > 0 ? { range: `bytes=${begun.at}-` } : {}, line.signal)
  const from = startOf(answer)
  if (from !== begun.at) {
    // It will not go on from there: what lies there is thrown away.
    await startOver(begun, remote)
    if (from !== 0) {
      await answer.body?.cancel()
      throw new Passing('The hub sends another part than was asked for.')
    }
  }
  try {
    for await (const bytes of answer.body ?? []) {
      line.heard()
      if (begun.at + bytes.length > remote.bytes) throw new Passing('More came than there should be.')
      await begun.file.appendFile(bytes).catch(failedWriting(address))
      begun.digest.update(bytes)
      begun.at += bytes.length
      read(begun.at)
      if (begun.at <= begun.furthest) continue
      begun.furthest = begun.at
      again()
    }
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof TypeError || (thrown as Error).name === 'AbortError') throw new Passing(causeOf(thrown), { cause: thrown })
    throw thrown
  }
  if (begun.at < remote.bytes) throw new Passing('The connection ended too early.')
}

/** Where an answer begins in the file; -1 where it holds nothing of it. */
function startOf(answer: Response): number {
  if (answer.status === 416) return -1
  if (answer.status !== 206) return 0
  return Number(/^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? -1)
}

async function startOver(begun: Begun, remote: RemoteFile): Promise<void> {
  await begun.file.truncate(0)
  Object.assign(begun, { digest: newDigest(remote), at: 0 })
}

const newDigest = ({ checksum, bytes }: RemoteFile): Hash => digestFor(checksum?.kind ?? 'sha256', bytes)

async function hashExisting(begun: Begun, path: string, signal: AbortSignal): Promise<void> {
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 20, signal })) {
    begun.digest.update(bytes as Buffer)
    begun.at += (bytes as Buffer).length
  }
}

async function isThere(remote: RemoteFile, target: string, signal: AbortSignal): Promise<boolean> {
  const found = await stat(target).catch(() => null)
  if (!found?.isFile() || found.size !== remote.bytes) return false
  if (remote.checksum === null) return true
  const digest = newDigest(remote)
  for await (const bytes of createReadStream(target, { highWaterMark: 2 ** 20, signal })) digest.update(bytes as Buffer)
  return digest.digest('hex') === remote.checksum.hex
}

/** Tells why a file could not be written. @throws FaultError `full`, `refused` */
export const failedWriting =
  (target: string) =>
  (thrown: unknown): never => {
    const { code, message } = thrown as NodeJS.ErrnoException
    const isFull = code === 'ENOSPC' || code === 'EDQUOT'
    throw fault(
      isFull ? 'full' : 'refused',
      `"${basename(target)}" was not written.`,
      isFull ? 'There is no space left on the disk.' : `The system did not let it be written: ${message}.`,
      isFull ? 'Make room and download again: what was fetched is kept.' : 'Look at the rights of the folder.',
      { cause: thrown },
    )
  }
