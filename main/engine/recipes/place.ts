import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type FaultKind, fault } from '../../../preload/contract/fault.ts'
import { orAbort } from '../breathe.ts'
import { decodePicture } from '../pictures/decode.ts'
import { settingsOf } from '../pictures/settings/settings.ts'
import { writePicture } from '../tiles.ts'
import { atOnce } from './recipe.ts'

/** Most bytes of a picture file. */
const FILE_LIMIT = 2 ** 31 - 1

/** Reads a picture file into tiles at (0, 0). */
export const place = atOnce<'place'>(async ({ source }, { blobs }, signal) => {
  const [bytes, name] =
    'path' in source ? [await readPictureFile(source.path), `"${basename(source.path)}"`] : [blobs.get(source.blob), 'The picture']
  const { rgba, width, height, profile, exif, notes } = await orAbort(decodePicture(bytes, name), signal)
  const { settings, notes: told } = settingsOf(bytes)
  const origin = { x: 0, y: 0 }
  return {
    type: 'place',
    pixels: await writePicture(blobs, rgba, { ...origin, width, height }, origin, signal),
    width,
    height,
    profile: profile && blobs.put(profile),
    exif: exif && blobs.put(exif),
    settings,
    notes: [...notes, ...told],
  }
})

async function readPictureFile(path: string): Promise<Uint8Array> {
  const name = `"${basename(path)}"`
  try {
    const { size } = await stat(path)
    if (size <= FILE_LIMIT) return await readFile(path)
  } catch (thrown) {
    const [kind, why, todo] = READ_FAILURES[(thrown as NodeJS.ErrnoException).code ?? ''] ?? [
      'refused',
      'The system did not let it be read.',
      'Try a copy.',
    ]
    throw fault(kind, `${name} cannot be opened.`, why, todo, { cause: thrown })
  }
  throw fault('unsupported', `${name} is too large.`, 'A picture file may have 2 GB.', 'Make it smaller, or cut it into parts.')
}

const READ_FAILURES: Readonly<Record<string, readonly [kind: FaultKind, why: string, todo: string]>> = {
  ENOENT: ['missing', 'It is not there any more.', 'Look where it was moved to.'],
  EISDIR: ['invalid', 'It is a folder.', 'Choose a picture in it.'],
  EACCES: ['refused', 'You may not read it.', 'Ask its owner for the right to, or copy it.'],
  EPERM: ['refused', 'You may not read it.', 'Ask its owner for the right to, or copy it.'],
}
