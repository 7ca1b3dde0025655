import type { Pixels } from '../../../preload/contract/document.ts'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import { decodeTileIndex } from '../../../preload/contract/tile-index.ts'
import type { Session } from './session.ts'

/** How far two layers on the same grid are apart where the first shows anything, over their colours. */
export interface Difference {
  /** Peak signal to noise, in decibels; null where they are the same. */
  readonly decibels: number | null
  /** The largest difference of one colour of one pixel, in levels of 255. */
  readonly largest: number
}

export function differenceOf(session: Session, project: ProjectId, a: Pixels, b: Pixels): Difference {
  const [first, second] = [a, b].map(({ index }) => decodeTileIndex(session.blob(project, index)).tiles)
  let [squares, values, largest] = [0, 0, 0]
  for (const [key, id] of first ?? []) {
    const other = second?.get(key)
    const before = session.blob(project, id)
    const after = other === id ? before : other ? session.blob(project, other) : new Uint8Array(before.length)
    for (let i = 0; i < before.length; i++) {
      if (i % 4 === 3 || before[i | 3] === 0) continue
      const apart = Math.abs((before[i] as number) - (after[i] as number))
      squares += apart ** 2
      values++
      if (apart > largest) largest = apart
    }
  }
  return { decibels: squares === 0 ? null : 10 * Math.log10((255 ** 2 * values) / squares), largest }
}
