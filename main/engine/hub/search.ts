import { z } from 'zod'
import type { HubModel } from '../../../preload/contract/models.ts'
import { fetchJson } from './fetching.ts'
import { GATED, type Hub } from './hub.ts'
import { neededOf, problemOf } from './needed.ts'
import { CardData, Gate, licenceOf, readRepository } from './repository.ts'

const MOST = 30
const Answer = z.array(
  z.object({
    id: z.string(),
    downloads: z.number().int().nonnegative().nullish(),
    gated: Gate,
    tags: z.array(z.string()).default([]),
    cardData: CardData,
    siblings: z.array(z.object({ rfilename: z.string() })).nullish(),
  }),
)

/** Models in ONNX whose names or pages speak of a text, those that can be used first. @throws FaultError `refused`, `engine`. */
export async function searchHub(hub: Hub, text: string, signal: AbortSignal): Promise<HubModel[]> {
  const query = new URLSearchParams({
    search: text,
    filter: 'onnx',
    sort: 'downloads',
    limit: String(MOST),
    full: 'true',
    cardData: 'true',
  })
  const answer = await fetchJson(hub, `/api/models?${query}`, Answer, signal)
  const found = answer.map(({ id, downloads, gated, tags, cardData, siblings }) => ({
    repository: id,
    licence: licenceOf(cardData, tags),
    bytes: null,
    downloads: downloads ?? null,
    problem: (siblings ? problemOf(siblings.map(({ rfilename }) => rfilename)) : null) ?? (gated && !hub.token ? GATED : null),
  }))
  const exact = await named(hub, text.trim(), signal)
  const others = found.filter(({ repository }) => repository !== exact?.repository)
  return [...(exact ? [exact] : []), ...others.sort((a, b) => Number(a.problem !== null) - Number(b.problem !== null))]
}

/** Exports are not always marked as such: a repository named in full is looked at whatever it says of itself. */
async function named(hub: Hub, text: string, signal: AbortSignal): Promise<HubModel | null> {
  if (!text.includes('/')) return null
  try {
    const repository = await readRepository(hub, text, 'main', signal)
    const problem = problemOf(repository.files.map(({ path }) => path))
    const bytes = problem === null ? [...neededOf(repository).files.values()].reduce((sum, file) => sum + file.bytes, 0) : null
    return {
      repository: repository.name,
      licence: repository.licence,
      bytes,
      downloads: null,
      problem: problem ?? (repository.isGated && !hub.token ? GATED : null),
    }
  } catch {
    signal.throwIfAborted()
    return null
  }
}
