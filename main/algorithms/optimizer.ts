/** What is being fitted: values of a shape, first axis first, row-major. */
export interface Parameter {
  readonly values: Float64Array
  readonly shape: readonly number[]
}

/** Where a fit stands, with what its optimizer remembers. */
export interface Descent {
  readonly values: Float64Array
  /** Steps taken. */
  readonly count: number
}

/**
 * Takes one tensor of parameters down the gradients it is handed. A state is a value: stepping twice from one gives the same twice.
 * Tensors that are fitted together have a state each.
 */
export interface Optimizer<S extends Descent = Descent> {
  /** @throws RangeError where the shape does not hold the values. */
  start(parameter: Parameter): S
  /** @throws RangeError where the gradient is of another length, or not finite, naming the place. */
  step(state: S, gradient: Float64Array): S
}
