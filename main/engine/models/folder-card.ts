import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { toFault } from '../../../preload/contract/fault.ts'
import { readModelFolder } from '../diffusion/folder.ts'
import { imaginations } from '../imagination/index.ts'
import { usualAmong } from '../imagination/usual.ts'
import { settings } from '../tuning/settings.ts'
import { checksumsOf, expectAsMade } from './checksums.ts'
import { CHECKPOINT_WORDS, isCheckpoint } from './comfyui.ts'
import type { Known } from './found.ts'
import type { Hashes } from './hashes.ts'
import { type ModelFileEntry, modelFiles, stampOf } from './model-files.ts'

/** Where nobody says under which licence a model is. */
const UNKNOWN = 'unknown'
const MAKES_PICTURES = 'text-to-picture'
const KNOBS = [...imaginations.map(({ params }) => params.shape), { prompts: settings.prompts }]

/** Cards of folders, each looked into once and again when one of its files has changed. */
export class FolderCards {
  readonly #seen = new Map<string, { readonly stamp: string; readonly card: ModelCard }>()
  readonly #hashes: Hashes

  constructor(hashes: Hashes) {
    this.#hashes = hashes
  }

  /** A card that tells what is wrong, if anything is. Of files that were read before it knows whether they are as they were made. */
  async of(model: Known, signal: AbortSignal): Promise<ModelCard> {
    if (isCheckpoint(model.path)) return await checkpointCard(model)
    const files = await modelFiles(model.path)
    const stamp = `${model.path}\n${model.problem}\n${stampOf(files)}`
    const seen = this.#seen.get(model.id)
    const card = seen?.stamp === stamp ? seen.card : await folderCard(model, files)
    this.#seen.set(model.id, { stamp, card })
    if (card.problem !== null) return card
    try {
      await this.expectAsMade(model, files, signal)
      return card
    } catch (thrown) {
      signal.throwIfAborted()
      return { ...card, problem: sentence(thrown) }
    }
  }

  /** What came with the studio is read, once; of others only what was read before is compared. @throws FaultError `damaged`, `missing`. */
  async expectAsMade(model: Known, files: readonly ModelFileEntry[], signal: AbortSignal): Promise<void> {
    const isOurs = model.source === 'built-in'
    const hashes = isOurs ? (await this.#hashes.ofModel(model.path, files, signal)).files : await this.#hashes.known(model.path, files)
    expectAsMade(model, await checksumsOf(model, files), hashes, await this.#hashes.changed(model.path, files))
  }
}

async function folderCard(model: Known, files: readonly ModelFileEntry[]): Promise<ModelCard> {
  const card = {
    ...bare(model),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    licence: model.licence ?? (await licenceIn(model.path)),
  }
  if (model.problem !== undefined) return { ...card, problem: model.problem }
  try {
    const folder = await readModelFolder(model.path)
    const { values: usual, notes } = usualAmong(KNOBS, folder.usual)
    return { ...card, side: folder.side, multiple: folder.multiple, notes: [...folder.notes, ...notes], usual }
  } catch (thrown) {
    return { ...card, problem: sentence(thrown) }
  }
}

function sentence(thrown: unknown): string {
  const { what, why, todo } = toFault(thrown)
  return `${what} ${why} ${todo}`
}

async function checkpointCard(model: Known): Promise<ModelCard> {
  const { size } = await stat(model.path).catch(() => ({ size: 0 }))
  return { ...bare(model), bytes: size, problem: CHECKPOINT_WORDS.join(' ') }
}

const bare = ({ id, title, source, path, licence }: Known): ModelCard => ({
  id,
  role: MAKES_PICTURES,
  title,
  bytes: 0,
  licence: licence ?? UNKNOWN,
  problem: null,
  source,
  path: source === 'built-in' ? null : path,
  side: null,
  multiple: 1,
  notes: [],
  usual: {},
})

/** What a model's own page says of its licence: its README begins with lines such as `license: mit`. */
async function licenceIn(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '')
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? ''
  return /^license:[ \t]*["']?([\w.+-]+)/m.exec(head)?.[1] ?? UNKNOWN
}
