/** One run of something that is watched at times, even or uneven: what was seen before each stretch, and what it brought. */
export interface WatchedPath {
  /** One more than there are features: the last is the end. */
  readonly times: Float64Array
  /** What is known at each time but the last. */
  readonly features: readonly Float64Array[]
  /** What it brings a unit of time, on each stretch. */
  readonly rewards: Float64Array
  /** What it brings at the end. */
  readonly terminal: number
}

/** A value for every state: theta · features, before the end. */
export interface Critique {
  readonly theta: Float64Array
  /** The conditions could hardly be told apart; the value is the nearest one in the mean square. */
  readonly isFallback: boolean
}

/** Says what may still be expected, from what was watched. */
export interface Critic {
  /** @throws RangeError where the paths do not fit, or there are fewer samples than it takes. */
  fit(paths: readonly WatchedPath[]): Critique
  /** Goes on learning from one more path. @param seen how many were learned from before. */
  learn(theta: Float64Array, path: WatchedPath, seen: number): Float64Array
}
