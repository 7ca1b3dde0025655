/** A phase of a search: `arms` are looked at, `best` is the first with the highest mean (its place where arms remain, else the arm). */
export interface Phase {
  readonly lo: number
  readonly hi: number
  readonly arms: readonly number[]
  readonly budget: number
  readonly means: readonly number[]
  readonly best: number
}

const FEW = 4

/** Places of the two inner probes from the start of so many arms. */
const probesOf = (count: number): readonly [number, number] => [Math.floor((count - 1) / 3 + 0.5), Math.floor((2 * (count - 1)) / 3 + 0.5)]

/** In how many phases so many arms are surely found out. */
export function phasesOf(arms: number): number {
  let phases = 1
  for (let count = arms; count > FEW; phases++) {
    const [first, second] = probesOf(count)
    count = Math.max(count - first, second + 1)
  }
  return phases
}

/** Shares of the phases, as whole numbers: each half as much again as the one before, the first two alike. */
function sharesOf(phases: number): number[] {
  if (phases === 1) return [1]
  const share = (phase: number) => 2 ** (phases - phase) * 3 ** (phase - 2)
  return Array.from({ length: phases }, (_, i) => share(Math.max(2, i + 1)))
}

/** How often each phase looks, for so many arms and looks; the last takes what is left over. */
export function budgetsOf(arms: number, budget: number): number[] {
  const shares = sharesOf(phasesOf(arms))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const budgets = shares.map((share) => Math.floor((budget * share) / total))
  budgets[budgets.length - 1] += budget - budgets.reduce((sum, one) => sum + one, 0)
  return budgets
}

/** The fewest looks with which every probe gets one. */
export function leastLooks(arms: number): number {
  if (arms <= FEW) return arms
  const shares = sharesOf(phasesOf(arms))
  return Math.ceil((FEW * shares.reduce((sum, share) => sum + share, 0)) / shares[0])
}

/** Spreads looks over arms evenly, the first ones one more. */
const spread = (looks: number, arms: readonly number[]): number[] =>
  arms.map((_, i) => Math.floor(looks / arms.length) + (i < looks % arms.length ? 1 : 0))

const firstHighest = (means: readonly number[]): number => means.indexOf(means.reduce((a, b) => Math.max(a, b)))

/**
 * Finds the highest of arms whose values rise and then fall, by a known number of noisy looks: of four probes across what is left, the
 * part beyond the better pair goes. Yields the arms to look at and how often each; is given the mean of each.
 */
export function* unimodalSearch(
  arms: number,
  budget: number,
): Generator<
  { readonly arms: readonly number[]; readonly looks: readonly number[] },
  { readonly arm: number; readonly phases: readonly Phase[] },
  readonly number[]
> {
  const budgets = budgetsOf(arms, budget)
  const phases: Phase[] = []
  let [lo, hi, left] = [0, arms - 1, budget]
  while (hi - lo + 1 > FEW) {
    const looks = budgets[phases.length]
    const [first, second] = probesOf(hi - lo + 1)
    const probes = [lo, lo + first, lo + second, hi]
    const means = yield { arms: probes, looks: spread(looks, probes) }
    const best = firstHighest(means)
    phases.push({ lo, hi, arms: probes, budget: looks, means, best })
    left -= looks
    if (best <= 1) hi = probes[2]
    else lo = probes[1]
  }
  const rest = Array.from({ length: hi - lo + 1 }, (_, i) => lo + i)
  const means = yield { arms: rest, looks: spread(left, rest) }
  const arm = rest[firstHighest(means)]
  phases.push({ lo, hi, arms: rest, budget: left, means, best: arm })
  return { arm, phases }
}
