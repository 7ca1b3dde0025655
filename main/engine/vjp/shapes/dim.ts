/** A side: a number, or the name of one that is known when the model runs. The same name always means the same number. */
export type Dim = number | string
/** Undefined where not even the rank is known. */
export type Dims = readonly Dim[]

/** A side of which nothing is known; it is named after the value it belongs to, and whatever is made with it. */
export const UNKNOWN: Dim = '?'
export const isUnknown = (side: Dim): boolean => typeof side === 'string' && side.includes('?')

/** Names are held to a length, lest those of a deep network grow without bound. */
const LONGEST = 200
const named = (name: string): Dim => (name.length > LONGEST ? UNKNOWN : name)

export const times = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  if (a === 1) return b
  if (b === 1) return a
  return named(`(${a}*${b})`)
}
/** a / b, rounded down. */
export const over = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b)
  if (b === 1) return a
  if (typeof a === 'string') {
    if (a.startsWith('(') && a.endsWith(`*${b})`)) return a.slice(1, -`*${b})`.length)
    if (a.startsWith(`(${b}*`)) return a.slice(`(${b}*`.length, -1)
  }
  return named(`(${a}/${b})`)
}
/** a + b; what is added and taken away again cancels out, as padding and a kernel's reach do. */
export const plus = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (typeof a === 'number') return plus(b, a)
  if (b === 0) return a
  const [, base, known] = (typeof b === 'number' && /^\((.+)\+(-?\d+)\)$/.exec(a)) || []
  return base === undefined ? named(`(${a}+${b})`) : plus(base, Number(known) + Number(b))
}

/** The product of sides. */
export const product = (dims: Dims): Dim => dims.reduce(times, 1)

/** The shape two operands are stretched to; a side that is 1 or the other's. */
export function broadcast(a: Dims, b: Dims): Dims {
  const rank = Math.max(a.length, b.length)
  const from = (dims: Dims, axis: number): Dim => dims[axis - rank + dims.length] ?? 1
  return Array.from({ length: rank }, (_, axis) => {
    const [p, q] = [from(a, axis), from(b, axis)]
    if (p === 1 || p === q) return q
    if (q === 1) return p
    if (typeof p === 'number') return p
    return typeof q === 'number' ? q : UNKNOWN
  })
}
