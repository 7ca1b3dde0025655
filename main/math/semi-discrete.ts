import { cholesky } from './cholesky.ts'
import type { Tick } from './integrate.ts'
import { matrix } from './matrix.ts'
import { type Noise, normalsInto } from './random.ts'

/** Semi-discrete optimal transport: a cloud is cut into cells, argmax over i of ⟨x, y_i⟩ + h_i, one for each target y_i. */
export interface Cells {
  /** ⟨x_j, y_i⟩ at place j n + i: points of the cloud against targets. */
  readonly scores: Float64Array
  /** Share of the cloud that each target shall get; they sum to 1. */
  readonly weights: Float64Array
}

/** The cells that a score row falls into, the best first. */
export function bestTwo(scores: Float64Array, at: number, heights: Float64Array): readonly [best: number, second: number] {
  let best = -1
  let second = -1
  let top = Number.NEGATIVE_INFINITY
  let next = Number.NEGATIVE_INFINITY
  for (let i = 0; i < heights.length; i++) {
    const value = scores[at + i] + heights[i]
    if (value > top) {
      second = best
      next = top
      best = i
      top = value
    } else if (value > next) {
      second = i
      next = value
    }
  }
  return [best, second]
}

/** The convex energy mean_j max_i (⟨x_j, y_i⟩ + h_i) - Σ w_i h_i, the share of each cell, and with it the gradient: share - weight. */
export function energyOf({ scores, weights }: Cells, heights: Float64Array): { readonly energy: number; readonly mass: Float64Array } {
  const n = weights.length
  const count = scores.length / n
  const mass = new Float64Array(n)
  let sum = 0
  for (let at = 0; at < scores.length; at += n) {
    let best = 0
    let top = scores[at] + heights[0]
    for (let i = 1; i < n; i++) {
      const value = scores[at + i] + heights[i]
      if (value > top) {
        best = i
        top = value
      }
    }
    sum += top
    mass[best] += 1
  }
  return { energy: sum / count - heights.reduce((total, h, i) => total + weights[i] * h, 0), mass: mass.map((share) => share / count) }
}

/** Adam's memory, without bias correction: its first steps are long, as published. */
export interface Momentum {
  readonly first: Float64Array
  readonly second: Float64Array
}
/** Momentum of n heights before the first step. */
export const still = (n: number): Momentum => ({ first: new Float64Array(n), second: new Float64Array(n) })

/** One step down the gradient; heights come back with mean 0. */
export function descend(
  heights: Float64Array,
  gradient: Float64Array,
  momentum: Momentum,
  rate: number,
): { readonly heights: Float64Array; readonly momentum: Momentum } {
  const first = momentum.first.map((m, i) => 0.9 * m + 0.1 * gradient[i])
  const second = momentum.second.map((v, i) => 0.999 * v + 0.001 * gradient[i] ** 2)
  const moved = heights.map((h, i) => h - (rate * first[i]) / (Math.sqrt(second[i]) + 1e-8))
  const mean = moved.reduce((a, b) => a + b, 0) / moved.length
  return { heights: moved.map((h) => h - mean), momentum: { first, second } }
}

export interface Heights {
  readonly heights: Float64Array
  /** Greatest departure of a cell's share from its weight, relative to the weight. */
  readonly shareError: number
  readonly iterations: number
}

const MOST_ITERATIONS = 10_000
/** Iterations without gain after which there is none to be had: the shares of a finite cloud are grainy. */
const PATIENCE = 300
/** Length of the gradient, and departure of a share, at which the cells are right. */
const ENOUGH = 8e-4
const EVEN = 0.05
/** A step after one that gained is so much longer, after one that lost so much shorter. */
const LONGER = 1.05
const SHORTER = 0.7

/**
 * Heights that give every target its share of the cloud: Adam on the convex energy, with steps that lengthen while it falls and
 * shorten where it rises.
 * Yields every few iterations. @param rate length of the first step in units of the scores.
 * @throws the signal's reason once it is aborted.
 */
export async function* solveHeights(cells: Cells, rate: number, signal: AbortSignal): AsyncGenerator<Tick<Float64Array>, Heights, void> {
  const n = cells.weights.length
  let heights: Float64Array = new Float64Array(n)
  let momentum = still(n)
  let best = heights
  let least = Number.POSITIVE_INFINITY
  let waited = 0
  let length = rate
  let before = Number.POSITIVE_INFINITY
  let iterations = 0
  for (; iterations < MOST_ITERATIONS && waited <= PATIENCE; iterations++) {
    signal.throwIfAborted()
    const { energy, mass } = energyOf(cells, heights)
    const gradient = mass.map((share, i) => share - cells.weights[i])
    waited++
    if (energy < least) {
      least = energy
      best = heights
      waited = 0
    }
    const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))
    if (norm < ENOUGH && gradient.every((g, i) => Math.abs(g) < EVEN * cells.weights[i])) {
      best = heights
      break
    }
    length *= energy > before ? SHORTER : LONGER
    before = energy
    ;({ heights, momentum } = descend(heights, gradient, momentum, length))
    if (iterations % 10 === 0) yield { step: iterations, steps: MOST_ITERATIONS, state: best }
  }
  const { mass } = energyOf(cells, best)
  const shareError = mass.reduce((most, share, i) => Math.max(most, Math.abs(share / cells.weights[i] - 1)), 0)
  return { heights: best, shareError, iterations }
}

/**
 * Scores of a cloud of standard normal points against targets, drawn without ever forming a point: they are normal with the
 * targets' products as covariance. Independent of the dimension. @param targets of equal length.
 */
export function gaussianScores(targets: readonly Float64Array[], count: number, noise: Noise): Float64Array {
  const n = targets.length
  const gram = matrix(n, n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let dot = 0
      for (let k = 0; k < targets[i].length; k++) dot += targets[i][k] * targets[j][k]
      gram.data[i * n + j] = gram.data[j * n + i] = dot
    }
  let trace = 0
  for (let i = 0; i < n; i++) trace += gram.data[i * n + i]
  for (let i = 0; i < n; i++) gram.data[i * n + i] += (1e-8 * trace) / n
  const { data } = cholesky(gram)
  const white = new Float64Array(count * n)
  normalsInto(white, noise)
  const scores = new Float64Array(count * n)
  for (let at = 0; at < scores.length; at += n)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let k = 0; k <= i; k++) sum += data[i * n + k] * white[at + k]
      scores[at + i] = sum
    }
  return scores
}

/** Angle between the graph normals (y, -1) of two cells: small where they make one smooth piece. */
export function angleBetween(a: Float64Array, b: Float64Array): number {
  let [dot, aa, bb] = [1, 1, 1]
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    aa += a[i] * a[i]
    bb += b[i] * b[i]
  }
  return Math.acos(Math.min(1, Math.max(-1, dot / (Math.sqrt(aa) * Math.sqrt(bb)))))
}
