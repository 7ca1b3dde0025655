import type { Document } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { LayerId } from '../../../preload/contract/ids.ts'
import { orAbort } from '../breathe.ts'
import { flatten } from '../flatten.ts'
import { encodePicture } from '../pictures/encode.ts'
import { writeWhole } from '../pictures/file.ts'
import { withPngText } from '../pictures/png-text.ts'
import { settingsText } from '../pictures/settings/write.ts'
import type { Recipe } from './recipe.ts'

/** Flattens a document, or one layer of it, into a file at a path or into a blob to download. */
export const exportPicture: Recipe<'export'> = async function* ({ document, layer, format, quality, path }, { blobs, cache }, signal) {
  const shown = layer === null ? document : alone(document, layer)
  const blocks = flatten(shown, { blobs, cache, shrink: 1 }, signal)
  let block = await blocks.next()
  for (; !block.done; block = await blocks.next())
    yield { step: block.value, steps: 2, label: 'Laying the layers together', left: null, preview: null }
  yield { step: 1, steps: 2, label: 'Writing the file', left: null, preview: null }
  const profile = document.profile && blobs.get(document.profile)
  const exif = document.exif && blobs.get(document.exif)
  const encoded = await orAbort(encodePicture(block.value, { format, quality, profile, exif }), signal)
  const settings = format === 'png' ? settingsText(shown) : null
  const bytes = settings === null ? encoded.bytes : withPngText(encoded.bytes, 'parameters', settings)
  const blob = path === null ? blobs.put(bytes) : null
  if (path !== null) await writeWhole(path, bytes)
  return { type: 'export', file: { type: `image/${format}`, bytes: bytes.length, blob }, notes: encoded.notes }
}

/** The document with only this layer in it, visible whether it was or not. */
function alone(document: Document, id: LayerId): Document {
  const layers = document.layers.filter((layer) => layer.id === id).map((layer) => ({ ...layer, visible: true }))
  if (layers.length === 0) throw fault('missing', 'The layer cannot be exported.', 'It is not in the picture.', 'Choose another layer.')
  return { ...document, layers }
}
