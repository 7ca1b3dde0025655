import type { TrainedField } from '../../main/algorithms/penalty.ts'
import { adamStep, noMoments } from '../../main/math/adam.ts'
import { mix } from '../../main/math/mix.ts'
import { tsitouras } from '../../main/math/tsitouras.ts'
import { type DenseField, denseField } from './dense-field.ts'
import { normals } from './generate.ts'

/** States of a classifier that is a flow: two places, and room to untangle them in; the last tells the class by its sign. */
const SIZE = 4
const HIDDEN = 16
const STEPS = 8
const TURNS = 1.75

export interface Labelled {
  /** [point, 4], one after another. */
  readonly states: Float64Array
  /** 1 or -1 for each. */
  readonly labels: Float64Array
}

/** Points on two arms that wind around each other. */
export function spirals(count: number, seed: number): Labelled {
  const noise = normals(2 * count, seed)
  const states = new Float64Array(SIZE * count)
  const labels = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    labels[k] = k % 2 === 0 ? 1 : -1
    const along = 0.15 + (0.85 * (k + 0.5)) / count
    const angle = TURNS * 2 * Math.PI * along + (labels[k] > 0 ? 0 : Math.PI)
    states[SIZE * k] = 1.5 * along * Math.cos(angle) + 0.03 * noise[2 * k]
    states[SIZE * k + 1] = 1.5 * along * Math.sin(angle) + 0.03 * noise[2 * k + 1]
  }
  return { states, labels }
}

/** States at every step of the classical Runge-Kutta method, and what a slope at the end means for the weights. */
function solved(field: TrainedField, start: Float64Array) {
  const h = 1 / STEPS
  const places = [start]
  const asked: { readonly t: number; readonly inputs: readonly Float64Array[] }[] = []
  for (let step = 0; step < STEPS; step++) {
    const [u, t] = [places[step], step * h]
    const k1 = field.at(u, t)
    const g2 = mix([1, u], [h / 2, k1])
    const k2 = field.at(g2, t + h / 2)
    const g3 = mix([1, u], [h / 2, k2])
    const k3 = field.at(g3, t + h / 2)
    const g4 = mix([1, u], [h, k3])
    asked.push({ t, inputs: [u, g2, g3, g4] })
    places.push(mix([1, u], [h / 6, k1], [h / 3, k2], [h / 3, k3], [h / 6, field.at(g4, t + h)]))
  }
  const pull = (slope: Float64Array): Float64Array => {
    let [back, weights] = [slope, new Float64Array(0) as Float64Array]
    for (const { t, inputs } of asked.reverse()) {
      const four = field.pull(inputs[3], t + h, mix([h / 6, back]))
      const three = field.pull(inputs[2], t + h / 2, mix([h / 3, back], [h, four.u]))
      const two = field.pull(inputs[1], t + h / 2, mix([h / 3, back], [h / 2, three.u]))
      const one = field.pull(inputs[0], t, mix([h / 6, back], [h / 2, two.u]))
      back = mix([1, back], [1, four.u], [1, three.u], [1, two.u], [1, one.u])
      const all = [four, three, two, one].map((part) => [1, part.weights] as const)
      weights = weights.length ? mix([1, weights], ...all) : mix(...all)
    }
    return weights
  }
  return { places, pull }
}

/** Trains a flow whose end tells the class, with something added to the loss at a place of each batch's way. */
export function trainSpirals(
  iterations: number,
  seed: number,
  extra: ((field: DenseField, u: Float64Array, t: number) => Float64Array) | null,
): DenseField {
  const nested = (rows: number, columns: number, scale: number, from: number) => {
    const values = normals(rows * columns, seed + from)
    return Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns), (value) => scale * value))
  }
  let field = denseField({
    W1: nested(HIDDEN, SIZE + 1, 1, 1),
    b1: Array(HIDDEN).fill(0),
    W2: nested(SIZE, HIDDEN, 0.3, 2),
    b2: Array(SIZE).fill(0),
  })
  let moments = noMoments(field.weights.length)
  const places = normals(iterations, seed + 3)
  for (let at = 0; at < iterations; at++) {
    const { states, labels } = spirals(48, seed + 10 + at)
    const way = solved(field, states)
    const end = way.places[STEPS]
    const slope = new Float64Array(end.length)
    // Logistic loss of four times the last value.
    for (const [k, label] of labels.entries()) {
      const last = SIZE * k + SIZE - 1
      slope[last] = (-4 * label) / (1 + Math.exp(4 * label * end[last])) / labels.length
    }
    const gradient = way.pull(slope)
    const step = Math.floor(Math.abs(places[at] * 997) % STEPS)
    const added = extra?.(field, way.places[step], step / STEPS)
    const next = adamStep(field.weights, added ? mix([1, gradient], [1, added]) : gradient, moments, {
      ...{ rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    })
    moments = next.moments
    field = field.with(next.x)
  }
  return field
}

/** Where states end, and how often a solver asked that chooses its own steps by Tsitouras' pair. */
export function follow(
  field: TrainedField,
  start: Float64Array,
  tolerance: number,
): { readonly end: Float64Array; readonly calls: number } {
  let [u, t, dt, calls, first] = [start, 0, 0.05, 1, field.at(start, 0)]
  while (t < 1) {
    dt = Math.min(dt, 1 - t)
    const stages = [first]
    let next = u
    for (const [i, row] of tsitouras.rows.entries()) {
      next = mix([1, u], ...row.map((weight, j) => [dt * weight, stages[j]] as const))
      stages.push(field.at(next, t + tsitouras.nodes[i + 1] * dt))
    }
    calls += tsitouras.rows.length
    const missed = mix(...tsitouras.errors.map((weight, j) => [dt * weight, stages[j]] as const))
    const shares = missed.map((value, i) => value / (tolerance + tolerance * Math.max(Math.abs(u[i]), Math.abs(next[i]))))
    const error = Math.max(1e-12, Math.sqrt(shares.reduce((sum, share) => sum + share * share, 0) / shares.length))
    if (error <= 1) {
      t = 1 - t - dt < 1e-12 ? 1 : t + dt
      u = next
      first = stages[6]
    }
    dt *= Math.min(10, Math.max(0.2, 0.9 * error ** -0.2))
  }
  return { end: u, calls }
}

/** Share of points whose class the flow tells. */
export function accuracy(end: Float64Array, { labels }: Labelled): number {
  return labels.reduce((right, label, k) => right + (label * end[SIZE * k + SIZE - 1] > 0 ? 1 : 0), 0) / labels.length
}
