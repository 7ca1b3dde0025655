import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { Sample } from '../../../preload/contract/catalog.ts'
import { fault } from '../../../preload/contract/fault.ts'

const Entry = Sample.extend({ file: z.string() })
const Listing = z.union([z.array(Entry), z.object({ samples: z.array(Entry) }).transform(({ samples }) => samples)])

/** The sample pictures of a folder, as its `samples.json` lists them; none where there is no such list. */
export function listSamples(folder: string): Sample[] {
  return entries(folder).map(({ id, title, summary }) => ({ id, title, summary }))
}

/** @throws FaultError `missing` */
export function findSample(folder: string, id: string): { readonly title: string; readonly path: string } {
  const found = entries(folder).find((entry) => entry.id === id)
  if (!found) throw fault('missing', 'That sample is not there.', `There is no sample "${id}".`, 'Choose one of those offered.')
  return { title: found.title, path: join(folder, basename(found.file)) }
}

function entries(folder: string): z.infer<typeof Entry>[] {
  try {
    return Listing.parse(JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8')))
  } catch {
    return []
  }
}
