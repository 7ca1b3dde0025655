import type { Pixels } from '../../../preload/contract/document.ts'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import { decodeTileIndex } from '../../../preload/contract/tile-index.ts'
import type { Session } from './session.ts'

/** The largest difference of one colour of one pixel between two layers on the same grid, where the first shows anything, in levels of 255. */
export function largestDifference(session: Pick<Session, 'blob'>, project: ProjectId, a: Pixels, b: Pixels): number {
  const [first, second] = [a, b].map(({ index }) => decodeTileIndex(session.blob(project, index)).tiles)
  let largest = 0
  for (const [key, id] of first ?? []) {
    const other = second?.get(key)
    if (other === id) continue
    const before = session.blob(project, id)
    const after = other ? session.blob(project, other) : new Uint8Array(before.length)
    for (let i = 0; i < before.length; i++)
      if (i % 4 < 3 && before[i | 3] !== 0) largest = Math.max(largest, Math.abs((before[i] as number) - (after[i] as number)))
  }
  return largest
}
