import { totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { EngineState } from '../../../preload/contract/catalog.ts'
import { FaultError, fault } from '../../../preload/contract/fault.ts'
import type { Network } from '../../algorithms/roles.ts'
import { orAbort } from '../breathe.ts'
import type { ModelEntry } from '../models/manifest.ts'
import type { Models } from '../models/models.ts'
import { type Answer, buffersOf, freeMemory, type Order, type Tensors } from './message.ts'
import { Shelf } from './shelf.ts'

/** A network in use. Disposing gives it back; it stays loaded until the room is needed. */
export interface Lease extends Network, Disposable {
  /** SHA-256 of the model whose results this one was trained on: it belongs to that one and to no other. */
  readonly trainedOn: string | null
}

/** A model file of the artist's own. It is opened where it lies, so that the runtime finds the weights beside it. */
export interface ModelFile {
  readonly path: string
  /** Changes when the file does, or the weights beside it. */
  readonly stamp: string
  /** Memory it takes when loaded. */
  readonly memory: number
}

/** Such a file in use: float32 in and out, cast to what its graph declares. Disposing gives it back. */
export interface FileLease extends Disposable {
  run(inputs: Tensors, signal: AbortSignal): Promise<Tensors>
}

export interface SessionsOptions {
  /** The engine's entry file, from which the session thread is started. */
  readonly entry: URL
  readonly models: Models
  /** Most bytes that loaded models may hold. */
  readonly budget: number
  readonly tell: (change: Partial<EngineState>) => void
}

/** Memory that loaded models may hold: what was asked for in bytes, or half of what the machine has. */
export function memoryBudget(asked: string | undefined): number {
  const bytes = Number(asked)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : Math.floor(totalmem() / 2)
}

/** Weights are held once by the runtime and about once more in the layout its kernels like. */
const BYTES_PER_FILE_BYTE = 2

/** Loaded models, leased by role. They live on a thread of their own; the one used longest ago goes first when memory runs short. */
export class Sessions implements AsyncDisposable {
  readonly #options: SessionsOptions
  readonly #shelf: Shelf
  readonly #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (reason: unknown) => void }>()
  #thread: Worker | undefined
  #nextId = 0
  #provider = 'cpu'

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#shelf = new Shelf(options.budget)
  }

  /** Provider that the models run on; `cpu` until the first was loaded. */
  get provider(): string {
    return this.#provider
  }

  /**
   * Leases the model that plays a role, loading it if need be.
   * @throws FaultError `missing`, `damaged` (the file), `engine` (it does not fit in memory or cannot be loaded).
   */
  async lease(role: string, signal: AbortSignal): Promise<Lease> {
    const entry = await this.#options.models.forRole(role)
    signal.throwIfAborted()
    const key = `${entry.id}@${entry.sha256}`
    const taking = this.#shelf.take(key, entry.bytes * BYTES_PER_FILE_BYTE, {
      load: async () => this.#load(key, entry),
      drop: async (other) => void (await this.#ask({ type: 'drop', key: other })),
    })
    const release = await orAbort(taking, signal, (late) => late())
    this.#tell()
    return this.#network(entry, key, release)
  }

  /** Leases a model file, opening it if need be. @throws FaultError `engine` (it does not fit in memory or cannot be loaded). */
  async leaseFile({ path, stamp, memory }: ModelFile, signal: AbortSignal): Promise<FileLease> {
    signal.throwIfAborted()
    const key = `${path}@${stamp}`
    const taking = this.#shelf.take(key, memory, {
      load: async () => this.#loaded(await this.#ask({ type: 'open', key, path })),
      drop: async (other) => void (await this.#ask({ type: 'drop', key: other })),
    })
    const release = await orAbort(taking, signal, (late) => late())
    this.#tell()
    return { run: (inputs, stop) => this.#run(key, inputs, stop), [Symbol.dispose]: () => this.#giveBack(release) }
  }

  /** Ends the session thread, and with it every session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.terminate()
  }

  async #load(key: string, entry: ModelEntry): Promise<void> {
    const bytes = await this.#options.models.load(entry)
    this.#loaded(await this.#ask({ type: 'load', key, bytes }))
  }

  #loaded(answer: Answer): void {
    if (answer.type !== 'loaded') return
    this.#provider = answer.provider
    this.#options.tell({ provider: answer.provider, why: answer.why })
  }

  #network(entry: ModelEntry, key: string, release: () => void): Lease {
    const { multiple, overlap, sigmaSource, sigma, trainedOn, id, sha256 } = entry
    return {
      multiple,
      overlap,
      sigmaSource,
      sigma,
      trainedOn,
      model: { id, sha256 },
      run: (inputs, signal) => this.#run(key, inputs, signal),
      free: freeMemory,
      [Symbol.dispose]: () => this.#giveBack(release),
    }
  }

  async #run(key: string, inputs: Tensors, signal: AbortSignal): Promise<Tensors> {
    signal.throwIfAborted()
    // The caller keeps its tensors; copies are handed over.
    const copies = Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]))
    const answer = await this.#ask({ type: 'run', key, inputs: copies }, signal)
    return answer.type === 'ran' ? answer.outputs : {}
  }

  #giveBack(release: () => void): void {
    release()
    this.#tell()
  }

  #tell(): void {
    this.#options.tell({ memory: { used: this.#shelf.used, budget: this.#options.budget } })
  }

  /** Sends an order and waits for its answer; an abort stops the waiting at once, and the answer is thrown away when it comes. */
  #ask(order: Order, signal?: AbortSignal): Promise<Answer> {
    const thread = (this.#thread ??= this.#startThread())
    const id = this.#nextId++
    return new Promise<Answer>((resolve, reject) => {
      const abort = () => settle(() => reject(signal?.reason))
      const settle = (end: () => void) => {
        this.#waiting.delete(id)
        signal?.removeEventListener('abort', abort)
        end()
      }
      this.#waiting.set(id, {
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (reason) => settle(() => reject(reason)),
      })
      signal?.addEventListener('abort', abort, { once: true })
      thread.postMessage(
        { id, ...order },
        order.type === 'run' ? buffersOf(order.inputs) : order.type === 'load' ? [order.bytes.buffer] : [],
      )
    })
  }

  #startThread(): Worker {
    const thread = new Worker(this.#options.entry, { execArgv: [] })
    thread.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id)
      if (answer.type === 'failed') waiting?.reject(new FaultError(answer.fault))
      else waiting?.resolve(answer)
    })
    thread.on('error', (error) => {
      this.#thread = undefined
      this.#shelf.clear()
      const lost = fault('engine', 'The models stopped working.', error.message, 'Run it again.', { cause: error })
      for (const { reject } of [...this.#waiting.values()]) reject(lost)
    })
    return thread
  }
}
