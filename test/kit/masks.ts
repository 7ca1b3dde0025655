/** A square picture with a disc to be found. */
export const disc = (side: number, radius = side / 2 - 1): Uint8Array =>
  Uint8Array.from({ length: side * side }, (_, i) =>
    Math.hypot(Math.floor(i / side) - (side - 1) / 2, (i % side) - (side - 1) / 2) < radius ? 1 : 0,
  )
export const full = (side: number): Uint8Array => new Uint8Array(side * side).fill(1)
