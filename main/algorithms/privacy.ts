/** What is private, one a row, and how each one's loss slopes. */
export interface PrivateLoss {
  readonly count: number
  /** Slope of one's loss at w; what is not finite counts as none. */
  slope(w: Float64Array, one: number): Float64Array
}

/** What may be told: nobody learns much more of any single one than without it. */
export interface Budget {
  readonly epsilon: number
  readonly delta: number
}

/** What was told so far, to be kept with the pictures: trainings over the same add up. */
export interface PrivacyCard extends Budget {
  /** In zero-concentrated privacy, of this training. */
  readonly rho: number
  readonly steps: number
  /** Deviation of the noise over what a single one can change. */
  readonly noise: number
  /** Slopes that were not finite. */
  readonly leftOut: number
}

export interface PrivateStep {
  readonly step: number
  readonly steps: number
  readonly w: Float64Array
  readonly slope: Float64Array
  /** Deviation of the noise in this step. */
  readonly deviation: number
  readonly card: PrivacyCard
}

/** Trains on private things, so that what comes of it may be shared. */
export interface PrivateTraining {
  /** @param normal fresh normal numbers from a source that nobody can foretell. @throws RangeError where no such guarantee can be given. */
  train(
    start: Float64Array,
    loss: PrivateLoss,
    budget: Budget,
    normal: (count: number) => Float64Array,
    signal: AbortSignal,
  ): AsyncGenerator<PrivateStep, PrivateStep, void>
}
