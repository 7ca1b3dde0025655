import { fault } from '../../../preload/contract/fault.ts'

/** How things are put on the shelf and taken off it. */
export interface Handling {
  load(): Promise<void>
  drop(key: string): Promise<void>
}

interface Item {
  readonly bytes: number
  readonly loaded: Promise<void>
  leases: number
  /** When it was last taken or given back, counted in such events. */
  used: number
}

/** A shelf with room for so many bytes. What nobody uses makes way for what is wanted, the longest unused first. */
export class Shelf {
  readonly #room: number
  readonly #items = new Map<string, Item>()
  #events = 0

  constructor(room: number) {
    this.#room = room
  }

  /** Bytes on the shelf. */
  get used(): number {
    let used = 0
    for (const { bytes } of this.#items.values()) used += bytes
    return used
  }

  /** What is on it, in the order it came. */
  get keys(): string[] {
    return [...this.#items.keys()]
  }

  /** Takes a thing for use, loading it first if it is not there. @returns how to give it back. @throws FaultError `engine` when there is no room. */
  async take(key: string, bytes: number, { load, drop }: Handling): Promise<() => void> {
    let item = this.#items.get(key)
    if (!item) {
      const gone = this.#makeRoom(bytes)
      item = { bytes, leases: 0, used: 0, loaded: Promise.all(gone.map(drop)).then(load) }
      this.#items.set(key, item)
    }
    item.leases++
    item.used = ++this.#events
    try {
      await item.loaded
    } catch (thrown) {
      if (this.#items.get(key) === item) this.#items.delete(key)
      throw thrown
    }
    let given = false
    return () => {
      if (given) return
      given = true
      item.leases--
      item.used = ++this.#events
    }
  }

  clear(): void {
    this.#items.clear()
  }

  /** Takes off what must go for `bytes` to fit. */
  #makeRoom(bytes: number): string[] {
    const idle = [...this.#items].filter(([, item]) => item.leases === 0).sort(([, a], [, b]) => a.used - b.used)
    const leased = this.used - idle.reduce((sum, [, item]) => sum + item.bytes, 0)
    if (leased + bytes > this.#room)
      throw fault(
        'engine',
        'The models do not fit in memory.',
        `They need ${megabytes(leased + bytes)} MB; the studio allows itself ${megabytes(this.#room)} MB for models.`,
        'Allow it more memory in the settings, or use a smaller model.',
      )
    const gone: string[] = []
    for (const [key] of idle) {
      if (this.used + bytes <= this.#room) break
      this.#items.delete(key)
      gone.push(key)
    }
    return gone
  }
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
