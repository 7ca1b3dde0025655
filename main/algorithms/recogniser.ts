/** Something that was shown: its features in 0..1, and which class it is of. */
export interface Shown {
  readonly features: Float64Array
  readonly label: number
}

/** What is to be told apart. */
export interface Lesson {
  readonly classes: number
  readonly shown: readonly Shown[]
  readonly seed: number
}

/** Where the learning stands. */
export interface LearningStep<K> {
  readonly step: number
  readonly steps: number
  /** Mean cross-entropy of the last batch. */
  readonly loss: number
  readonly knowledge: K
}

/** Learns to tell classes apart from a few examples, on the spot. Knowledge is a value that can be kept. */
export interface Recogniser<K> {
  /** @throws RangeError where the parts do not fit; Refusal where a class was shown too rarely. */
  learn(lesson: Lesson, signal: AbortSignal): AsyncGenerator<LearningStep<K>, K, void>
  /** How likely each class is. */
  probabilities(knowledge: K, features: Float64Array): Float64Array
  /** The likeliest class, or null where it is none surely. */
  recognise(knowledge: K, features: Float64Array): number | null
}
