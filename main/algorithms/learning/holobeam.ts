import { z } from 'zod'
import { advance, type Noise, noiseOf, uniformsInto } from '../../math/random.ts'
import { leastLooks, type Phase, unimodalSearch } from '../../math/unimodal-search.ts'
import { define } from '../define.ts'
import type { Pair, Sliders, Taste } from '../search.ts'

const params = z.object({
  shuffled: z.boolean().default(true).meta({
    title: 'Shuffled',
    description: 'The pairs of a phase come in any order, so that nobody guesses what is being asked.',
  }),
  lowest: z.number().default(0).meta({ title: 'Lowest rating' }),
  highest: z.number().default(1).meta({ title: 'Highest rating' }),
})
type Settings = z.output<typeof params>

/** What two sliders of so many places need at least; of an odd budget the second gets one more. */
export const leastBudget = ([first, second]: readonly [number, number]): number =>
  Math.max(2 * leastLooks(first), 2 * leastLooks(second) - 1)

function expectSliders({ places, budget }: Sliders): void {
  for (const count of places) if (!(Number.isInteger(count) && count >= 2)) throw new RangeError(`A slider of ${count} places is none.`)
  const least = leastBudget(places)
  if (!(Number.isInteger(budget) && budget >= least))
    throw new RangeError(`${budget} ratings are too few for sliders of ${places[0]} and ${places[1]} places: it takes ${least}.`)
}

/** The order of so many things: as they are, or by the numbers of a stream. */
function orderOf(count: number, noise: Noise | null): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  if (!noise) return order
  const numbers = new Float64Array(count)
  uniformsInto(numbers, noise)
  return order.sort((a, b) => numbers[a] - numbers[b])
}

/** The ratings of one phase, one a look, in the order of the arms. */
function* phaseRatings(
  pairs: readonly Pair[],
  order: readonly number[],
  { lowest, highest }: Settings,
): Generator<Pair, readonly number[], number | null | undefined> {
  const ratings: number[] = new Array(pairs.length)
  for (let at = 0; at < order.length; ) {
    const rating = yield pairs[order[at]]
    if (rating === null) at = Math.max(0, at - 1)
    else if (rating === undefined || !(rating >= lowest && rating <= highest))
      throw new RangeError(`A rating must lie in ${lowest}..${highest}, not be ${rating}.`)
    else ratings[order[at++]] = rating
  }
  return ratings
}

interface Rated {
  readonly pair: Pair
  readonly mean: number
  readonly count: number
  /** Squared deviation of the ratings from their mean, summed. */
  readonly spread: number
}

const ratedOf = (pair: Pair, ratings: readonly number[]): Rated => {
  const mean = ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length
  return { pair, mean, count: ratings.length, spread: ratings.reduce((sum, rating) => sum + (rating - mean) ** 2, 0) }
}

/** Does an inner mean lie below one on each side of it by more than two standard errors? */
function isSplit(rated: readonly Rated[]): boolean {
  const free = rated.reduce((sum, { count }) => sum + count - 1, 0)
  if (free < 1) return false
  const variance = rated.reduce((sum, { spread }) => sum + spread, 0) / free
  const isBelow = (low: Rated, high: Rated) => high.mean - low.mean > 2 * Math.sqrt(variance * (1 / low.count + 1 / high.count))
  return rated.some(
    (low, i) => rated.slice(0, i).some((high) => isBelow(low, high)) && rated.slice(i + 1).some((high) => isBelow(low, high)),
  )
}

/** The search, with the log of both sliders' phases. */
export function* tasteSearch(
  sliders: Sliders,
  settings: Settings,
): Generator<Pair, Taste & { readonly phases: readonly (readonly Phase[])[] }, number | null | undefined> {
  expectSliders(sliders)
  const { places, budget, seed } = sliders
  let chance = noiseOf(seed)
  const all: Rated[] = []
  const phases: (readonly Phase[])[] = []
  const found: [number, number] = [0, Math.floor(places[1] / 2)]
  let split = false
  for (const [slider, looksOf] of [Math.floor(budget / 2), Math.ceil(budget / 2)].entries()) {
    const search = unimodalSearch(places[slider], looksOf)
    let next = search.next()
    while (!next.done) {
      const { arms, looks } = next.value
      const pairOf = (arm: number): Pair => (slider === 0 ? [arm, found[1]] : [found[0], arm])
      const asked = arms.flatMap((arm, i) => new Array<number>(looks[i]).fill(arm))
      const ratings = yield* phaseRatings(asked.map(pairOf), orderOf(asked.length, settings.shuffled ? chance : null), settings)
      chance = advance(chance, asked.length)
      const rated = arms.map((arm) =>
        ratedOf(
          pairOf(arm),
          ratings.filter((_, i) => asked[i] === arm),
        ),
      )
      split ||= isSplit(rated)
      all.push(...rated)
      next = search.next(rated.map(({ mean }) => mean))
    }
    found[slider] = next.value.arm
    phases.push(next.value.phases)
  }
  const isFlat = all.every(({ mean }) => mean === all[0].mean)
  const middle: Pair = [Math.floor(places[0] / 2), Math.floor(places[1] / 2)]
  const rated = all.map(({ pair, mean, count }) => ({ pair, mean, count }))
  return { pair: isFlat ? middle : found, rated, isSplit: split, isFlat, phases }
}

/**
 * HoloBeam's search: a budget that is known, two sliders, and liking that rises and then falls along each. The second slider rests in
 * its middle while the first is found, then the first rests where it was found. On each: of four probes across what is left, the part
 * beyond the better pair goes; later phases, with less between the probes, get more looks. The chance of a wrong pair falls
 * exponentially with the budget, and hardly with the number of places. Where one slider's best moves with the other, go a second round.
 */
export const holobeam = define({
  id: 'holobeam',
  role: 'taste-search',
  title: 'Taste tuner',
  summary: 'Finds the pair of settings you like best, by a few quick ratings.',
  paper: {
    title: 'HoloBeam: Learning Optimal Beamforming in Far-Field Holographic Metasurface Transceivers',
    year: 2023,
    link: 'https://arxiv.org/search/?query=HoloBeam+Far-Field+Holographic+Metasurface&searchtype=title',
  },
  params,
  needs: {},
  make: (settings) => ({ leastBudget, ask: (sliders) => tasteSearch(sliders, settings) }),
})
