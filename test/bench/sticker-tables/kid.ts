type Points = readonly ArrayLike<number>[]

function kernel(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let dot = 0
  for (let i = 0; i < x.length; i++) dot += x[i] * y[i]
  return (dot / x.length + 1) ** 3
}

/** Mean of the kernel over all pairs of different numbers. */
function apart(a: Points, b: Points): number {
  let sum = 0
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) if (i !== j) sum += kernel(x, y)
  return sum / (a.length * (a.length - 1))
}

/**
 * KID's unbiased estimator between pictures and the drawn ones of the very same captions, in their order: what is made for a caption is not
 * compared with what was drawn for it, for those two were not drawn apart. May fall below 0. @throws RangeError where they do not pair.
 */
export function pairedKid(made: Points, drawn: Points): number {
  if (made.length < 2 || made.length !== drawn.length)
    throw new RangeError(`${made.length} pictures and ${drawn.length} drawn ones do not pair.`)
  return apart(made, made) + apart(drawn, drawn) - 2 * apart(made, drawn)
}
