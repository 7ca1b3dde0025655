import { create } from 'zustand'
import { type Fault, toFault } from '../../preload/contract/fault.ts'

/** A message in the corner: a fault in its three sentences, or something the artist should know although it worked. */
export interface Notice {
  readonly id: number
  readonly tone: 'bad' | 'good' | 'plain'
  /** What happened. */
  readonly what: string
  /** Why it happened. */
  readonly why?: string
  /** What to do about it. */
  readonly todo?: string
  readonly action?: { readonly title: string; run(): void }
}

interface Notices {
  readonly list: readonly Notice[]
  tell(notice: Omit<Notice, 'id'>): void
  dismiss(id: number): void
}

/** More than this would hide the picture; the oldest go first. */
const SHOWN = 4
let nextId = 1

export const useNotices = create<Notices>()((set) => ({
  list: [],
  tell: (notice) =>
    set(({ list }) => {
      const others = list.filter((other) => other.what !== notice.what || other.why !== notice.why)
      return { list: [...others, { ...notice, id: nextId++ }].slice(-SHOWN) }
    }),
  dismiss: (id) => set(({ list }) => ({ list: list.filter((notice) => notice.id !== id) })),
}))

/** Where the first of several sentences ends. */
const FIRST = /^(.+?[.!?])\s+(?=["“A-Z])/s

/** Shows what an artist should know although it worked: the first sentence, then the others. */
export function tellNote(note: string): void {
  const what = FIRST.exec(note)?.[1] ?? note
  const why = note.slice(what.length).trim()
  useNotices.getState().tell({ tone: 'plain', what, ...(why && { why }) })
}

/** Shows whatever was thrown as a fault. What somebody stopped on purpose needs no message. */
export function tellFault(thrown: unknown): Fault {
  const fault = toFault(thrown)
  if (fault.kind !== 'cancelled') useNotices.getState().tell({ tone: 'bad', what: fault.what, why: fault.why, todo: fault.todo })
  return fault
}
