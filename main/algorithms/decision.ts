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

/** What can be asked of something that is to be made large, by chance: single answers are noisy, right on the mean. */
export interface Slopes {
  /** Of the value at theta; what is not finite is left out. */
  gradient(theta: Float64Array, signal: AbortSignal): Float64Array | Promise<Float64Array>
  /** The second slope at theta times w. */
  bend(theta: Float64Array, w: Float64Array, signal: AbortSignal): Float64Array | Promise<Float64Array>
  /** The next number in 0..1. */
  chance(): number
}

export interface AscentState {
  readonly step: number
  readonly steps: number
  readonly theta: Float64Array
  /** The slope as it is thought to be. */
  readonly direction: Float64Array
  /** Where the slope was asked for. */
  readonly asked: Float64Array
  /** Answers that were not finite. */
  readonly leftOut: number
}

/** Improves a policy by one or two episodes a step. */
export interface PolicyAscent {
  /** @throws RangeError where the start is not finite; Refusal where one answer after another is not. */
  ascend(start: Float64Array, slopes: Slopes, signal: AbortSignal): AsyncGenerator<AscentState, Float64Array, void>
}

/** What was tried: numbers of the situation, switches that were on (1) or off, and what came of it. */
export interface Tried {
  readonly context: readonly number[]
  readonly switches: readonly number[]
  readonly reward: number
}

/** Learns which switches to put on, by trying, where that depends on the situation. */
export interface SwitchBandit {
  /** What the switches stand for, in order. */
  readonly names: readonly string[]
  /** The switches to try next: such as may well be good. @throws RangeError where what was tried does not fit. */
  next(tried: readonly Tried[], context: readonly number[], seed: number): readonly number[]
  /** The switches that are expected to be best. @throws RangeError where nothing was tried. */
  best(tried: readonly Tried[], context: readonly number[]): readonly number[]
}
