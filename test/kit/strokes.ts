import type { Lesson } from '../../main/algorithms/recogniser.ts'
import { gestureOf, type Spot } from '../../main/math/gesture.ts'
import { normals, uniforms } from './generate.ts'

const arc = (turns: number, from: number, to: number): Spot[] =>
  Array.from({ length: 40 }, (_, i) => {
    const share = i / 39
    const radius = from + (to - from) * share
    return [radius * Math.cos(2 * Math.PI * turns * share), radius * Math.sin(2 * Math.PI * turns * share)]
  })

/** Eight gestures, each drawn in one stroke. */
export const shapes: readonly (readonly Spot[])[] = [
  arc(1, 1, 1),
  [
    [0, 0],
    [1, 1.7],
    [2, 0],
    [0, 0],
  ],
  [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 0],
  ],
  [
    [0, 0],
    [3, 0],
    [2.2, 0.8],
    [3, 0],
    [2.2, -0.8],
  ],
  [
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 1],
    [4, 0],
  ],
  arc(2, 0.1, 1),
  [
    [0, 0],
    [0, 2],
    [1.5, 2],
  ],
  [
    [0, 1],
    [0.7, 0],
    [2.5, 2.6],
  ],
]

/** A shape as a hand draws it: turned, stretched and trembling. */
export function drawn(label: number, seed: number): Float64Array {
  const [u, v, w] = uniforms(3, seed).map((value) => 2 * value - 1)
  const angle = (15 * Math.PI * u) / 180
  const [sx, sy] = [1 + 0.2 * v, 1 + 0.2 * w]
  const shape = shapes[label]
  const trembling = normals(2 * shape.length, seed + 1_000_000)
  const size = Math.max(...shape.flat().map(Math.abs))
  return gestureOf(
    shape.map(([x, y], i) => {
      const [a, b] = [sx * x + 0.03 * size * trembling[2 * i], sy * y + 0.03 * size * trembling[2 * i + 1]]
      return [a * Math.cos(angle) - b * Math.sin(angle), a * Math.sin(angle) + b * Math.cos(angle)]
    }),
  )
}

/** So many strokes of each of the first shapes. */
export const lessonOf = (classes: number, each: number, seed: number): Lesson => ({
  classes,
  seed,
  shown: Array.from({ length: classes * each }, (_, i) => ({ features: drawn(i % classes, 100 * seed + i), label: i % classes })),
})
