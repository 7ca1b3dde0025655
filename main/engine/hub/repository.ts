import { z } from 'zod'
import type { Checksum } from '../models/found.ts'
import { fetchJson } from './fetching.ts'
import { type Hub, repositoryNamed } from './hub.ts'

/** A file of a repository. */
export interface RemoteFile {
  readonly path: string
  /** -1 where the hub does not tell. */
  readonly bytes: number
  /** SHA-256 of large files; of small ones the name that git gives them. */
  readonly checksum: Checksum | null
}

/** A repository at one of its commits. */
export interface Repository {
  readonly name: string
  /** The branch or commit that was asked for. */
  readonly revision: string
  readonly commit: string
  readonly licence: string | null
  readonly isGated: boolean
  readonly files: readonly RemoteFile[]
}

export const Gate = z.union([z.boolean(), z.string()]).nullish()
const Licence = z.union([z.string(), z.array(z.string())]).nullish()
export const CardData = z.object({ license: Licence, license_name: z.string().nullish() }).nullish()

const Answer = z.object({
  sha: z.string().regex(/^[0-9a-f]{7,64}$/),
  gated: Gate,
  tags: z.array(z.string()).default([]),
  cardData: CardData,
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().nonnegative().nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string(), size: z.number().int().nonnegative() }).nullish(),
    }),
  ),
})

/** What a repository holds, at the revision that its name tells or at the one given. @throws FaultError `missing`, `refused`, `engine`. */
export async function readRepository(hub: Hub, repository: string, revision: string, signal: AbortSignal): Promise<Repository> {
  const named = repositoryNamed(hub, repository)
  const { name } = named
  const at = named.revision ?? revision
  const path = `/api/models/${name}/revision/${encodeURIComponent(at)}?blobs=true`
  const { sha, gated, tags, cardData, siblings } = await fetchJson(hub, path, Answer, signal)
  return {
    name,
    revision: at,
    commit: sha,
    licence: licenceOf(cardData, tags),
    isGated: gated !== undefined && gated !== null && gated !== false,
    files: siblings.map(({ rfilename, size, blobId, lfs }) => ({
      path: rfilename,
      bytes: lfs?.size ?? size ?? -1,
      checksum: lfs && /^[0-9a-f]{64}$/.test(lfs.sha256) ? { kind: 'sha256', hex: lfs.sha256 } : gitName(blobId),
    })),
  }
}

const gitName = (blobId: string | null | undefined): RemoteFile['checksum'] =>
  blobId && /^[0-9a-f]{40}$/.test(blobId) ? { kind: 'git', hex: blobId } : null

/** A licence as the page of a model tells it, or as its tags do. */
export function licenceOf(card: z.output<typeof CardData>, tags: readonly string[]): string | null {
  const told = Array.isArray(card?.license) ? card.license.join(', ') : card?.license
  const tagged = tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length)
  return (told === 'other' ? card?.license_name : told) || told || tagged || null
}
