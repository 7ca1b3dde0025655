import { describe, expect, it } from 'vitest'
import { errorVectors, homeostasis, trueErrors } from '../../../main/algorithms/learning/equilibrium-gradient.ts'
import { classified, equilibriumPropagation } from '../../../main/algorithms/learning/equilibrium-propagation.ts'
import { gestureOf } from '../../../main/math/gesture.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { type RelaxingNetwork, relax, relaxingParts, weightCount } from '../../../main/math/relaxing-network.ts'
import { normals, signal } from '../../kit/generate.ts'
import { drawn, lessonOf, shapes } from '../../kit/strokes.ts'

const shape = { inputs: 5, layers: [6, 6, 4], classes: 3 }
const whole = { damping: 0.5, steps: 5000, stillness: 1e-15 }
const batch = {
  x: normals(15, 1).map((value) => 0.5 + 0.2 * value),
  target: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
}

function network(isSymmetric: boolean): RelaxingNetwork {
  const made = { shape, weights: normals(weightCount(shape), 4).map((value) => 0.35 * value) }
  const { forward, feedback } = relaxingParts(made)
  if (isSymmetric)
    for (const [l, { rows, columns, data }] of feedback.entries())
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) data[i * columns + j] = forward[l + 1].data[j * rows + i]
  return made
}
const rest = (net: RelaxingNetwork) => relax(net, batch.x, { start: null, nudge: null, ...whole }).u
const gapOf = (a: readonly Float64Array[], b: readonly Float64Array[]) =>
  Math.max(...a.flatMap((layer, l) => [...layer].map((value, i) => Math.abs(value - b[l][i]))))

describe('errors by relaxing', () => {
  it.each([1, 2, 4])('are true up to the nudge to the power of their number: %i', (points) => {
    const net = network(false)
    const free = rest(net)
    const truth = errorVectors(net, batch, free, { beta: 0.02, points: 8, ...whole })
    const missed = (beta: number) => gapOf(errorVectors(net, batch, free, { beta, points, ...whole }), truth)
    expect(Math.log2(missed(0.1) / missed(0.05))).toBeCloseTo(points, 0)
  })

  it('are those of differentiation where feedback mirrors, and not where it does not', () => {
    const errorsOf = (net: RelaxingNetwork) => errorVectors(net, batch, rest(net), { beta: 0.02, points: 8, ...whole })
    const gap = (net: RelaxingNetwork) => gapOf(errorsOf(net), trueErrors(net, batch, rest(net)))
    expect(gap(network(true))).toBeLessThan(1e-9)
    expect(gap(network(false))).toBeGreaterThan(1e-4)
  })
})

describe('homeostasis', () => {
  it('makes feedback mirror, step by step', () => {
    let net = network(false)
    let last = homeostasis(net).value
    for (let step = 0; step < 60; step++) {
      const { gradient } = homeostasis(net)
      net = { ...net, weights: net.weights.map((value, i) => value - gradient[i]) }
      const { value } = homeostasis(net)
      expect(value).toBeLessThan(last)
      last = value
    }
    expect(last).toBeLessThan(1e-6)
  })

  it('keeps errors true while gestures are learned from five strokes each', { timeout: 60_000 }, async () => {
    const lesson = lessonOf(4, 5, 1)
    const grown = async (strength: number) => {
      const settings = equilibriumPropagation.params.parse({ homeostasis: strength, width: 24, last: 8, steps: 150, batch: 10 })
      const net = await outcome(equilibriumPropagation.make(settings, {}).learn(lesson, signal))
      const x = Float64Array.from(lesson.shown.flatMap(({ features }) => [...features]))
      const target = new Float64Array(4 * lesson.shown.length)
      for (const [i, { label }] of lesson.shown.entries()) target[4 * i + label] = 1
      const free = relax(net, x, { start: null, nudge: null, damping: 0.5, steps: 500 }).u
      const [found] = errorVectors(net, { x, target }, free, { beta: 0.05, points: 2, damping: 0.5, steps: 200 })
      const [truth] = trueErrors(net, { x, target }, free)
      let right = 0
      for (let i = 0; i < 80; i++) {
        const p = classified(net, drawn(i % 4, 50_000 + i), settings)
        if (p.indexOf(Math.max(...p)) === i % 4) right++
      }
      const cosine = found.reduce((sum, value, i) => sum + value * truth[i], 0) / (Math.hypot(...found) * Math.hypot(...truth))
      return { cosine, right: right / 80 }
    }
    const [mirrored, apart] = [await grown(5), await grown(0)]
    expect(mirrored.cosine).toBeGreaterThan(0.85)
    expect(apart.cosine).toBeLessThan(mirrored.cosine - 0.1)
    expect(mirrored.right).toBeGreaterThanOrEqual(0.9)
  })
})

describe('a gesture', () => {
  it('is the same wherever and however large it is drawn', () => {
    const [, triangle] = shapes
    const once = gestureOf(triangle)
    expect(once).toHaveLength(32)
    for (const value of once) expect(value >= 0 && value <= 1).toBe(true)
    for (const [i, value] of gestureOf(triangle.map(([x, y]) => [40 + 7 * x, 7 * y - 3])).entries()) expect(value).toBeCloseTo(once[i], 12)
    expect(() =>
      gestureOf([
        [1, 1],
        [1, 1],
      ]),
    ).toThrow(RangeError)
  })
})
