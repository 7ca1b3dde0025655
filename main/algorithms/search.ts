/** A number to be made small by settings in [-1, 1], one a slider. Rounding to whole settings is its own affair. */
export interface SearchProblem {
  readonly sliders: number
  /** Lower is better; NaN where the settings give nothing. The same settings must give the same value. */
  value(settings: Float64Array, signal: AbortSignal): number | Promise<number>
  /** Settings to begin with besides those that are drawn: those of now, and what was pinned. */
  readonly starts: readonly Float64Array[]
  readonly seed: number
}

/** A search under way: what a contact sheet shows. */
export interface Cloud {
  readonly step: number
  readonly steps: number
  readonly particles: readonly Float64Array[]
  readonly values: Float64Array
  readonly consensus: Float64Array
  /** The best settings so far. */
  readonly best: Found
}

export interface Found {
  readonly settings: Float64Array
  readonly value: number
}

/** Finds settings by trying them: no slope is needed. Never surely the best of all. */
export interface SettingsSearch {
  /** How often the value is asked for. */
  evaluations(problem: SearchProblem): number
  /** @throws RangeError where the problem is none; Refusal where no settings give a finite value. */
  search(problem: SearchProblem, signal: AbortSignal): AsyncGenerator<Cloud, Found, void>
}

/** Two sliders of so many places each. */
export interface Sliders {
  readonly places: readonly [number, number]
  /** How many ratings there will be. */
  readonly budget: number
  readonly seed: number
}

/** A pair of places, one a slider. */
export type Pair = readonly [number, number]

export interface Taste {
  readonly pair: Pair
  /** Ratings that were given, for each: what a heat strip shows. */
  readonly rated: readonly { readonly pair: Pair; readonly mean: number; readonly count: number }[]
  /** The liking of a slider falls and rises again by more than chance: two regions are good. */
  readonly isSplit: boolean
  /** Every pair is liked alike: the middle is as good as any. */
  readonly isFlat: boolean
}

/** Finds the pair that is liked best by a known number of ratings. */
export interface TasteSearch {
  /** The smallest budget with which every pair that must be looked at is. */
  leastBudget(places: readonly [number, number]): number
  /**
   * Yields a pair to be rated; `next(rating)` gives its rating, and `next(null)` takes the last one of the phase back, which
   * then is asked for again. @throws RangeError where the sliders are none, the budget too small, or a rating is none.
   */
  ask(sliders: Sliders): Generator<Pair, Taste, number | null | undefined>
}
