import type { TrainedField } from '../../main/algorithms/penalty.ts'

/** Weights of f(u, t) = W2 tanh(W1 [u; t] + b1) + b2, as nested rows. */
export interface DenseWeights {
  readonly W1: readonly (readonly number[])[]
  readonly b1: readonly number[]
  readonly W2: readonly (readonly number[])[]
  readonly b2: readonly number[]
}
type Part = keyof DenseWeights

/** A field that can be trained, its weights in the order W1, b1, W2, b2, and where each part lies. */
export interface DenseField extends TrainedField {
  readonly weights: Float64Array
  part(values: Float64Array, name: Part): Float64Array
  /** The same field with other weights. */
  with(weights: Float64Array): DenseField
}

/** The smallest network that bends: written out, with its slopes by hand. */
export function denseField({ W1, b1, W2, b2 }: DenseWeights): DenseField {
  const [hidden, size] = [b1.length, b2.length]
  return fieldOf(Float64Array.from([W1, b1, W2, b2].flat(2)), hidden, size)
}

function fieldOf(weights: Float64Array, hidden: number, size: number): DenseField {
  const lengths = [hidden * (size + 1), hidden, size * hidden, size]
  const names: readonly Part[] = ['W1', 'b1', 'W2', 'b2']
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0))
  const part = (values: Float64Array, name: Part) => {
    const i = names.indexOf(name)
    return values.subarray(starts[i], starts[i] + lengths[i])
  }
  const [w1, b1, w2, b2] = names.map((name) => part(weights, name))
  /** What the hidden units say of one state. */
  const bendInto = (mid: Float64Array, u: Float64Array, k: number, t: number) => {
    for (let h = 0; h < hidden; h++) {
      let sum = b1[h] + w1[h * (size + 1) + size] * t
      for (let j = 0; j < size; j++) sum += w1[h * (size + 1) + j] * u[k * size + j]
      mid[h] = Math.tanh(sum)
    }
  }
  return {
    weights,
    part,
    with: (other) => fieldOf(other, hidden, size),
    at(u, t) {
      const out = new Float64Array(u.length)
      const mid = new Float64Array(hidden)
      for (let k = 0; k < u.length / size; k++) {
        bendInto(mid, u, k, t)
        for (let i = 0; i < size; i++) {
          let sum = b2[i]
          for (let h = 0; h < hidden; h++) sum += w2[i * hidden + h] * mid[h]
          out[k * size + i] = sum
        }
      }
      return out
    },
    pull(u, t, slope) {
      const gradient = new Float64Array(weights.length)
      const [g1, h1, g2, h2] = names.map((name) => part(gradient, name))
      const toStates = new Float64Array(u.length)
      const mid = new Float64Array(hidden)
      for (let k = 0; k < u.length / size; k++) {
        bendInto(mid, u, k, t)
        for (let i = 0; i < size; i++) h2[i] += slope[k * size + i]
        for (let h = 0; h < hidden; h++) {
          let back = 0
          for (let i = 0; i < size; i++) {
            g2[i * hidden + h] += slope[k * size + i] * mid[h]
            back += slope[k * size + i] * w2[i * hidden + h]
          }
          back *= 1 - mid[h] ** 2
          h1[h] += back
          g1[h * (size + 1) + size] += back * t
          for (let j = 0; j < size; j++) {
            g1[h * (size + 1) + j] += back * u[k * size + j]
            toStates[k * size + j] += back * w1[h * (size + 1) + j]
          }
        }
      }
      return { u: toStates, weights: gradient }
    },
  }
}
