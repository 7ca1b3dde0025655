const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys that say where numbers come from and what is true of them, which no method is told. */
const ASIDE = new Set([
  ...['about', 'source', 'note', 'notes', 'comment', 'conventions', 'name', 'seed'],
  // A generator's own knowledge: what the damaged picture was, how far from a tie its roundings are, what its own reference took.
  ...[
    'true',
    'x_true',
    'tie_gap',
    'pad_id_alternative',
    'reference_outer_iterations',
    'optimal_assignment_cost',
    'max_err_l',
    'max_err_eps1',
  ],
  ...['reference_newton_steps_after_20_sinkhorn', 'sinkhorn_iterations_to_1e_9_in_reference', 'finite_difference_note'],
])
/** The product computes in float64 wherever a file offers both. */
const COARSER = 'tolerance.float32'
/** Sentences explain a file's form to its reader; what is to be chosen by is a word or a number. */
const isSentence = (value: unknown) => typeof value === 'string' && value.includes(' ')

/** A file that knows what was read of it. */
export interface Reading<T> {
  readonly content: T
  /** Paths of the values that nobody has looked at so far, but for those that only speak to people. */
  unread(): readonly string[]
}

/** Watches over the content of a JSON file. A list of numbers or of words is one value; of an object, each entry is. */
export function reading<T>(content: T): Reading<T> {
  const unread = new Set<string>()
  const watch = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.some(isObject) ? value.map((entry, i) => watch(entry, `${path}.${i}`)) : value
    if (!isObject(value)) return value
    const watched = {}
    for (const [key, entry] of Object.entries(value)) {
      const at = path ? `${path}.${key}` : key
      const isAside = ASIDE.has(key) || at === COARSER || isSentence(entry)
      const inside = isAside ? entry : watch(entry, at)
      if (!isAside && inside === entry) unread.add(at)
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
  return { content: watch(content, '') as T, unread: () => [...unread] }
}
