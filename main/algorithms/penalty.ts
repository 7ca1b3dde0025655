/** What is added to a loss, and its slope. */
export interface Penalty {
  readonly value: number
  /** In the order of the weights. */
  readonly gradient: Float64Array
}

/** A convolution's weights, [outputs, inputs, side, side] row-major, and its stride. The side is odd, no smaller than the stride. */
export interface Kernel {
  readonly outputs: number
  readonly inputs: number
  readonly side: number
  readonly stride: number
  readonly data: Float64Array
}

/** Says how far a convolution is from what it should be. */
export interface KernelPenalty {
  /** @throws RangeError where the kernel is not one. */
  penalty(kernel: Kernel): Penalty
}

/** A velocity field that is being trained, for a batch of states one after another, all at one time. */
export interface TrainedField {
  at(u: Float64Array, t: number): Float64Array
  /** What a change of each value means: for the states, and for the weights. */
  pull(u: Float64Array, t: number, slope: Float64Array): { readonly u: Float64Array; readonly weights: Float64Array }
}

/** A place on the way of a field, and how long a step may be. */
export interface Place {
  readonly u: Float64Array
  readonly t: number
  /** Where the way ends. */
  readonly end: number
  /** Length of the step; chosen by the field's slope where it is not given. */
  readonly dt?: number
}

/** One step, and what it costs. */
export interface StepPenalty extends Penalty {
  readonly dt: number
  readonly next: Float64Array
  /** Estimated error of the step, in tolerances. */
  readonly error: number
  /** Estimated stiffness: near 1 the method is at the edge of its stability. */
  readonly stiffness: number
}

/** Says how dear a field is to follow at one place of its way. */
export interface FlowPenalty {
  /** @throws RangeError where the place lies at or beyond the end, or what the field says is not finite. */
  penalty(field: TrainedField, place: Place): StepPenalty
}
