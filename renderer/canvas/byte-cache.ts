/**
 * Keeps what was used last within a budget of bytes. Eviction happens in `trim` only, so that nothing vanishes
 * in the middle of a frame that still draws it.
 */
export class ByteCache<K, V> {
  readonly #entries = new Map<K, { readonly value: V; readonly bytes: number }>()
  readonly #budget: number
  readonly #drop: (value: V) => void
  #bytes = 0

  constructor(budget: number, drop: (value: V) => void = () => {}) {
    this.#budget = budget
    this.#drop = drop
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  set(key: K, value: V, bytes: number): void {
    this.delete(key)
    this.#entries.set(key, { value, bytes })
    this.#bytes += bytes
  }

  delete(key: K): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    this.#drop(entry.value)
  }

  /** Drops what was used longest ago until the rest fits. */
  trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#budget) return
      this.delete(key)
    }
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key)
  }
}
