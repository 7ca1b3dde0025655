import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { readModelFolder } from '../diffusion/folder.ts'
import { idOf, realPath, searchFolder } from './discovery.ts'
import { lockDownload } from './download-lock.ts'
import { isFolder, type Known, looksLikeModel, writtenPath } from './found.ts'
import { changeRegister, type Entry, readRegister } from './register.ts'

// What can be done to the list of models. Nothing of an artist's own is ever copied, moved or deleted.

/** Adds a folder. @returns what it holds, in a sentence. @throws FaultError `missing`, `unsupported`, `damaged`. */
export async function addFolder(library: string | null, path: string, signal: AbortSignal): Promise<string> {
  const folder = realPath(writtenPath(path))
  if (!isFolder(folder))
    throw fault('missing', 'That folder was not added.', `There is no folder ${path}.`, 'Check the name, or connect the disk it lies on.')
  const found = await searchFolder(folder, signal)
  if (found.length === 0)
    throw fault(
      'unsupported',
      'That folder was not added.',
      `${path} is no Stable Diffusion model in ONNX, and none lies in it.`,
      'Choose the folder that holds model_index.json, or a folder of such folders.',
    )
  const reals = new Set(found.map((one) => realPath(one.anchor)))
  await changeRegister(library, ({ entries, hidden }) => ({
    entries: entries.some((entry) => realPath(entry.path) === folder) ? entries : [...entries, entryOf({ path: folder })],
    hidden: hidden.filter((one) => !reals.has(one)),
  }))
  return found.length === 1 ? `"${found[0]?.title}" was added.` : `${found.length} models were found in ${path}.`
}

/** What is needed to move a model. */
export interface Move {
  readonly model: Known
  readonly path: string
  /** Its hash, where it was ever read. */
  readonly known: string | null
  /** Reads the folder it is said to be. */
  readonly hashOf: (folder: string) => Promise<string>
}

/**
 * Tells where a model lies now, or a folder of models. Ids stay, and what tuning found is known by what a model is, not by where it lies.
 * @throws FaultError `missing`, `refused` where it is another model, and whatever is wrong with the folder.
 */
export async function relocateModel(library: string | null, { model, path, known, hashOf }: Move, signal: AbortSignal): Promise<string> {
  if (model.source === 'built-in') throw fault('refused', 'That model was not moved.', 'It came with the studio.', 'Leave it where it is.')
  const folder = realPath(writtenPath(path))
  const { entries } = await readRegister(library)
  const isPlace = entries.some((entry) => entry.id === null && realPath(entry.path) === realPath(model.path))
  if (isPlace && isFolder(folder) && !looksLikeModel(folder)) return await relocatePlace(library, realPath(model.path), folder, signal)
  await readModelFolder(folder)
  if (known !== null && (await hashOf(folder)) !== known)
    throw fault(
      'refused',
      'That model was not moved.',
      `What lies in ${path} is another model than "${model.title}".`,
      'Add it as a model of its own.',
    )
  await changeRegister(library, (register) => {
    const others = register.entries.filter((entry) => entry.id !== model.id && realPath(entry.path) !== realPath(model.path))
    const before = register.entries.find((entry) => entry.id === model.id)
    const source = model.source === 'hugging-face' ? ('folder' as const) : before?.source
    const moved = entryOf({ ...before, path: folder, id: model.id, title: model.title, licence: model.licence ?? null, source })
    return { entries: [...others, moved], hidden: register.hidden.filter((one) => one !== folder) }
  })
  return `"${model.title}" is now in ${folder}.`
}

/** A folder that models lie in, moved with all of them: each keeps the id it had from its old place. */
async function relocatePlace(library: string | null, before: string, folder: string, signal: AbortSignal): Promise<string> {
  const found = await searchFolder(folder, signal)
  if (found.length === 0)
    throw fault(
      'unsupported',
      'That folder was not moved.',
      `No model lies in ${folder}.`,
      'Choose the folder that your models lie in now.',
    )
  let listed = 0
  await changeRegister(library, ({ entries, hidden }) => {
    const moved = found.map(({ path, anchor, title, source }) =>
      entryOf({
        path,
        id: idOf({ title, anchor: join(before, relative(folder, anchor)) }),
        title,
        source: source === 'built-in' ? 'folder' : source,
      }),
    )
    const others = entries.filter((entry) => realPath(entry.path) !== before && !moved.some(({ id }) => id === entry.id))
    // What was taken off the list stays off it.
    const still = hidden.map((path) => (isWithin(before, path) ? join(folder, relative(before, path)) : path))
    listed = found.filter(({ anchor }) => !still.includes(realPath(anchor))).length
    return { entries: [...others, entryOf({ path: folder }), ...moved], hidden: still }
  })
  return `${listed} ${listed === 1 ? 'model is' : 'models are'} now in ${folder}.`
}

/** Takes a model off the list, and deletes what the studio itself downloaded where `files` says so. @throws FaultError `refused`, `busy` while it is downloaded. */
export async function removeModel(library: string | null, model: Known, files: boolean): Promise<string[]> {
  if (model.source === 'built-in')
    throw fault('refused', 'That model was not removed.', 'It came with the studio.', 'Leave it: it asks for nothing.')
  const [real, anchor] = [realPath(model.path), realPath(model.anchor)]
  const isOurs = library !== null && model.source === 'downloaded' && isWithin(join(realPath(library), 'models'), real)
  if (files && isOurs && existsSync(real)) {
    await using _lock = await lockDownload(real)
    await rm(real, { recursive: true, force: true })
  }
  await changeRegister(library, ({ entries, hidden }) => ({
    entries: entries.filter((entry) => entry.id !== model.id && !(entry.id === null && realPath(entry.path) === real)),
    // It would be found again where it lies.
    hidden: existsSync(real) && !hidden.includes(anchor) ? [...hidden, anchor] : hidden,
  }))
  const notes = [`"${model.title}" is off the list.`]
  if (files && !isOurs) notes.push(`Its files stay in ${model.path}: the studio did not download them.`)
  if (!files && isOurs) notes.push(`Its files stay in ${model.path}.`)
  return notes
}

const isWithin = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return way !== '' && !way.startsWith('..') && !isAbsolute(way)
}

/** An entry with whatever is not told left open. */
export const entryOf = (told: { readonly path: string } & { readonly [K in keyof Entry]?: Entry[K] | undefined }): Entry => ({
  path: told.path,
  id: told.id ?? null,
  title: told.title ?? null,
  source: told.source ?? 'folder',
  licence: told.licence ?? null,
  from: told.from ?? null,
  checksums: told.checksums ?? {},
  isWhole: told.isWhole ?? true,
})
