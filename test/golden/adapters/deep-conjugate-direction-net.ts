import { conjugateGradients, dotOf } from '../../../main/math/conjugate-gradient.ts'
import { type DirectionWeights, directionNetwork } from '../../../main/math/direction-network.ts'
import { applyPoisson, poissonGrid } from '../../../main/math/poisson-grid.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { historyOf } from './deep-conjugate-direction.ts'

const ENOUGH = 1e-4

/** Tensors one after another in the order given, float32. */
export function directionWeights({ order, weights_base64 }: Inputs): DirectionWeights {
  const bytes = Buffer.from(weights_base64, 'base64')
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  const parts = new Map<string, Float32Array>()
  let at = 0
  for (const [name, shape] of order as [string, number[]][]) {
    const size = shape.reduce((product, side) => product * side, 1)
    parts.set(name, all.subarray(at, at + size))
    at += size
  }
  const part = (name: string): Float32Array => {
    const found = parts.get(name)
    if (!found) throw new RangeError(`There are no weights ${name}.`)
    return found
  }
  const gains = part('g')
  return { levels: gains.length, channels: part('i.weight').length / 9, gains, kernel: (name) => part(`${name}.weight`) }
}

/** The masks and the right side as the file's rules have them. */
export function problemOf({ h, w, mask }: Inputs) {
  const place = (i: number) => [Math.floor(i / w), i % w] as const
  const inside = (i: number) => {
    const [y, x] = place(i)
    if (mask !== 'square' && mask !== 'ellipse') throw new RangeError(`There is no mask ${mask}.`)
    return mask === 'square' || ((y - (h - 1) / 2) / h) ** 2 + ((x - (w - 1) / 2) / w) ** 2 < 0.2
  }
  const unknown = Uint8Array.from({ length: h * w }, (_, i) => Number(inside(i)))
  const b = Float64Array.from({ length: h * w }, (_, i) => {
    const [y, x] = place(i)
    return unknown[i] ? Math.sin(0.3 * x) * Math.cos(0.2 * y) + ((7 * x + 13 * y) % 11) / 11 - 0.5 : 0
  })
  return { grid: poissonGrid(w, h, unknown, 'zero'), b }
}

const enough = (residuals: readonly number[]) => residuals.findIndex((value) => value < ENOUGH)

/** A trained network of directions. */
export const directionNetAdapter: FileAdapter = {
  name: 'deep-conjugate-direction-net',
  recognises: ({ weights_base64, order, cases }) => Boolean(weights_base64 && order && cases?.[0]?.expected?.cg_iterations_to_1e_4),
  async check(file) {
    const weights = directionWeights(file)
    const notes: string[] = []
    for (const [i, one] of (file.cases as Inputs[]).entries()) {
      const { grid, b } = problemOf(one)
      const { net_of_normalised_b_row_mid, relative_residuals, cg_iterations_to_1e_4 } = one.expected
      const length = Math.sqrt(dotOf(b, b))
      const network = directionNetwork(weights, grid)
      const said = network(b.map((value) => value / length))
      const middle = Math.floor(one.h / 2) * one.w
      const limit = () => file.tolerance.net_float32
      notes.push(...differences(said.slice(middle, middle + one.w), net_of_normalised_b_row_mid, limit, `case ${i}, network`))
      const { residuals } = await historyOf(grid, b, async (r) => network(r), 100, file.settings.history_to)
      notes.push(...differences(enough(residuals), enough(relative_residuals), () => 1, `case ${i}, iterations`))
      const limits = { iterations: 10_000, tolerance: ENOUGH * length }
      const plain = [...conjugateGradients((u) => applyPoisson(grid, u), b, new Float64Array(b.length), limits)]
      notes.push(...differences(plain.length, cg_iterations_to_1e_4, () => 1, `case ${i}, cg`))
    }
    return notes
  },
}
