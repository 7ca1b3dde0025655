const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys that speak to people alone. */
const WORDS = new Set(['about', 'source', 'note', 'notes', 'comment', 'conventions'])

/**
 * A file that knows what was read of it. Lists of numbers and words count as one value; an object counts as read when it is looked
 * at, and each of its entries again by itself.
 */
export interface Reading<T> {
  readonly content: T
  /** Paths of keys that nobody has looked at so far; those that speak to people alone are left out. */
  unread(): readonly string[]
}

/** Watches over plain content of a JSON file. */
export function reading<T>(content: T): Reading<T> {
  const unread = new Set<string>()
  const watch = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.some(isObject) ? value.map((entry, i) => watch(entry, `${path}.${i}`)) : value
    if (!isObject(value)) return value
    const watched = {}
    for (const [key, entry] of Object.entries(value)) {
      const at = path ? `${path}.${key}` : key
      const inside = watch(entry, at)
      if (!WORDS.has(key)) unread.add(at)
      Object.defineProperty(watched, key, {
        enumerable: true,
        get: () => {
          unread.delete(at)
          return inside
        },
      })
    }
    return watched
  }
  // Of what was never reached at all the outermost key says enough.
  const outermost = (path: string) => !unread.has(path.slice(0, Math.max(0, path.lastIndexOf('.'))))
  return { content: watch(content, '') as T, unread: () => [...unread].filter(outermost) }
}
