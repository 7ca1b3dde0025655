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
