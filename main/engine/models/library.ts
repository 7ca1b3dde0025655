import { join } from 'node:path'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { ModelProgress, ModelRequest, ModelResult } from '../../../preload/contract/models.ts'
import { type ModelFolder, readModelFolder } from '../diffusion/folder.ts'
import { hubOf } from '../hub/hub.ts'
import { searchHub } from '../hub/search.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { tune } from '../tuning/tune.ts'
import { builtInFolders } from './built-in-folders.ts'
import { addFolder, relocateModel, removeModel } from './changes.ts'
import { refuseCheckpoint } from './comfyui.ts'
import { type Discovered, discover, realPath } from './discovery.ts'
import { fetchModel } from './fetch-model.ts'
import { FolderCards } from './folder-card.ts'
import { type Known, writtenPath } from './found.ts'
import { Hashes } from './hashes.ts'
import { modelFiles, reading } from './model-files.ts'
import { Models } from './models.ts'
import type { Places } from './places.ts'
import { expectLibrary, readRegister } from './register.ts'
import { type Tell, telling } from './telling.ts'
import { tunedInWords, tunedOn } from './tuned-models.ts'
import { verifyModel } from './verify.ts'

/** How long what was found counts as what is there, in milliseconds, and in times that it takes to look. */
const A_MOMENT = 500
const PATIENCE = 20

/** The models of this machine: those that came with the studio, those that were added, and those that other programs keep. */
export class Library {
  readonly #places: Places
  /** What came with the studio as single files. */
  readonly #single: Models
  readonly #hashes: Hashes
  readonly #cards: FolderCards

  #seen: { readonly discovered: Discovered; readonly until: number } | undefined

  /** @param single what came with the studio as single files */
  constructor(places: Places, single = new Models(places.builtIn)) {
    this.#places = places
    this.#single = single
    this.#hashes = new Hashes(places.library && join(places.library, 'hashes.json'))
    this.#cards = new FolderCards(this.#hashes)
  }

  /** The models that are folders of many files, each with its problem if it has one. */
  async cards(signal: AbortSignal): Promise<ModelCard[]> {
    const { models } = await this.#known(signal)
    return await Promise.all(models.map(async (model) => this.#withFound(model, await this.#cards.of(model, signal))))
  }

  /**
   * A Stable Diffusion model, ready to be used, and the hash of all its files: read once, which may take a minute, and known from then on.
   * @param tell how much was read, where there is something to read. @throws FaultError `missing`, `damaged`, `unsupported`.
   */
  async folder(
    id: string,
    signal: AbortSignal,
    tell: Tell = () => undefined,
  ): Promise<{ readonly folder: ModelFolder; readonly sha256: string }> {
    const model = await this.#find(id, signal)
    if (model.problem !== undefined) throw fault('missing', `The model "${model.title}" is not complete.`, model.problem, 'Then use it.')
    refuseCheckpoint(model)
    const folder = await readModelFolder(model.path)
    const files = await modelFiles(model.path)
    const { sha256 } = await this.#hashes.ofModel(model.path, files, signal, { read: reading(model.title, files, tell) })
    await this.#cards.expectAsMade(model, files, signal)
    await this.#hashes.remember(id, sha256)
    return { folder: { ...folder, tuned: await tunedOn(this.#places, sha256) }, sha256 }
  }

  /** Does what the studio asks, telling how far it is. @throws FaultError */
  async *serve(
    request: ModelRequest,
    sessions: Pick<Sessions, 'leaseFile'>,
    signal: AbortSignal,
  ): AsyncGenerator<ModelProgress, ModelResult, void> {
    const { library, hub } = this.#places
    switch (request.do) {
      case 'list':
        return await this.#result(signal, (await this.#known(signal, true)).notes)
      case 'add':
        return this.#withProblem(request.path, await this.#result(signal, [await addFolder(library, request.path, signal)]))
      case 'verify': {
        const single = await this.#single.verify(request.model)
        if (single !== null) return await this.#result(signal, [`"${single}" is the very file the studio was made with.`])
        const model = await this.#find(request.model, signal)
        const seen = yield* telling((tell) => verifyModel(model, this.#hashes, tell, signal))
        const compared = seen.compared === 0 ? 'There is nothing to compare it with.' : `${seen.compared} are just as they were made.`
        const size = (seen.bytes / 1e6).toFixed(1)
        return await this.#result(signal, [`"${model.title}" can be read: ${seen.files} files, ${size} MB. ${compared}`])
      }
      case 'relocate': {
        const model = await this.#find(request.model, signal)
        const known = await this.#hashes.lastOf(model.id)
        const note = yield* telling((tell) => {
          const hashOf = async (folder: string) => {
            const files = await modelFiles(folder)
            return (await this.#hashes.ofModel(folder, files, signal, { read: reading(model.title, files, tell) })).sha256
          }
          return relocateModel(library, { model, path: request.path, known, hashOf }, signal)
        })
        return await this.#result(signal, [note])
      }
      case 'remove': {
        const model = await this.#find(request.model, signal)
        const files = await modelFiles(model.path)
        const notes = await removeModel(library, model, request.files)
        // Added again, it is what it is then.
        await this.#hashes.forget(model.id, model.path, files)
        return await this.#result(signal, notes)
      }
      case 'search':
        return { ...(await this.#result(signal, [])), found: await searchHub(hubOf(request.hub, hub), request.text, signal) }
      case 'download': {
        const { folder, hashes, notes } = yield* telling((tell) => fetchModel(library, hubOf(request.hub, hub), request, tell, signal))
        await this.#hashes.learn(folder, await modelFiles(folder), hashes)
        return await this.#result(signal, notes)
      }
      case 'tune': {
        expectLibrary(library, 'The model was not tuned.')
        const { folder, sha256 } = yield* telling((tell) => this.folder(request.model, signal, tell))
        return await this.#result(signal, yield* tune(folder, sha256, request, library, sessions, signal))
      }
      default:
        return request satisfies never
    }
  }

  /** What lies where, now; or as it was a moment ago, where that will do: an artist may have added a whole disk. */
  async #known(signal: AbortSignal, isFresh = false): Promise<Discovered> {
    if (!isFresh && this.#seen && performance.now() < this.#seen.until) return this.#seen.discovered
    const began = performance.now()
    const discovered = await this.#discover(signal)
    const now = performance.now()
    this.#seen = { discovered, until: now + Math.max(A_MOMENT, PATIENCE * (now - began)) }
    return discovered
  }

  async #discover(signal: AbortSignal): Promise<Discovered> {
    const builtIn = await builtInFolders(this.#places.builtIn)
    const register = await readRegister(this.#places.library).catch((thrown: Error) => thrown)
    if (register instanceof Error) return { models: builtIn, notes: [register.message] }
    const { models, notes } = await discover(this.#places, register, signal)
    return { models: [...builtIn, ...models], notes }
  }

  /** A card that also tells what tuning found, where the model was read before. */
  async #withFound(model: Known, card: ModelCard): Promise<ModelCard> {
    const sha256 = card.problem === null ? await this.#hashes.lastOf(model.id) : null
    const found = sha256 === null ? null : tunedInWords(await tunedOn(this.#places, sha256))
    return found === null ? card : { ...card, notes: [...card.notes, found] }
  }

  async #find(id: string, signal: AbortSignal): Promise<Known> {
    for (const isFresh of [false, true]) {
      const model = (await this.#known(signal, isFresh)).models.find((one) => one.id === id)
      if (model) return model
    }
    if ((await this.#single.cards()).some((card) => card.id === id))
      throw fault('refused', 'That cannot be done with this model.', 'It came with the studio, as one file.', 'Choose a model of your own.')
    throw fault(
      'missing',
      'That model is not there.',
      `No model on this machine is called ${id}.`,
      'Look at the list of models, or add its folder.',
    )
  }

  /** What is wrong with a folder is said at once. */
  #withProblem(path: string, result: ModelResult): ModelResult {
    const problem = result.models.find((card) => card.path !== null && realPath(card.path) === realPath(writtenPath(path)))?.problem ?? null
    return problem === null ? result : { ...result, notes: [...result.notes, problem] }
  }

  async #result(signal: AbortSignal, notes: readonly string[]): Promise<ModelResult> {
    await this.#known(signal, true)
    const [single, folders] = await Promise.all([this.#single.cards(), this.cards(signal)])
    return { models: [...single, ...folders], found: [], notes: [...notes] }
  }
}
