/** A piece of a side, in cells, and how far it shares it with its neighbours. */
export interface Stretch {
  readonly from: number
  readonly length: number
  /** Cells shared with the piece before and the one after; 0 at the ends. */
  readonly before: number
  readonly after: number
}

/** Cuts a side into pieces of `tile` cells that overlap by `overlap`; the last one takes what is left, which is more than the overlap. */
export function tilesAlong(length: number, tile: number, overlap: number): readonly Stretch[] {
  // Were pieces to share more than half, three would meet in one place and the weights would not add up.
  if (!(overlap >= 0 && overlap * 2 <= tile && tile >= 1)) throw new RangeError(`Pieces of ${tile} cannot overlap by ${overlap}.`)
  const count = Math.max(1, Math.ceil((length - overlap) / (tile - overlap)))
  return Array.from({ length: count }, (_, i) => {
    const from = i * (tile - overlap)
    return {
      from,
      length: Math.min(tile, length - from),
      before: i === 0 ? 0 : overlap,
      after: i === count - 1 ? 0 : overlap,
    }
  })
}

/** Weight of a pixel of a piece: linear across what is shared, so that neighbours add up to one. @param at pixels from the piece's start. */
export function weightAt(at: number, { length, before, after }: Stretch, factor: number): number {
  const middle = at + 0.5
  const rise = before > 0 ? Math.min(1, middle / (before * factor)) : 1
  const fall = after > 0 ? Math.min(1, (length * factor - middle) / (after * factor)) : 1
  return Math.min(rise, fall)
}
