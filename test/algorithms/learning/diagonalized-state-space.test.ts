import { describe, expect, it } from 'vitest'
import { choosePerturbation, diagonalizedStateSpace, perturbed } from '../../../main/algorithms/learning/diagonalized-state-space.ts'
import { condition, generalEigen } from '../../../main/math/general-eigen.ts'
import { combine, matrix } from '../../../main/math/matrix.ts'
import { heldStep, hippo, normalPart, type StateSpace, spectralNorm, stateTransfer, transfer } from '../../../main/math/state-space.ts'
import { normals } from '../../kit/generate.ts'

const chosen = (states: number, perturbation: number) =>
  choosePerturbation(diagonalizedStateSpace.params.parse({ states, perturbation, tries: 3 }))
const moved = (states: number, perturbation: number): StateSpace => {
  const { a, b } = hippo(states)
  return { a: combine([1, a], [1, chosen(states, perturbation)]), b }
}

/** How far the states of two systems lie apart at a tone. */
function apart(one: StateSpace, other: StateSpace, omega: number): number {
  const [x, y] = [stateTransfer(one, omega), stateTransfer(other, omega)]
  return Math.hypot(...x.re.map((value, i) => value - y.re[i]), ...x.im.map((value, i) => value - y.im[i]))
}
const worst = (one: StateSpace, other: StateSpace) =>
  Math.max(...Array.from({ length: 160 }, (_, i) => apart(one, other, 10 ** (-1 + (4 * i) / 159))))

describe('eigenvectors of any matrix', () => {
  it.each([2, 7, 16])('take it apart: %i', (n) => {
    const a = matrix(n, n, normals(n * n, n))
    const { values, vectors } = generalEigen(a)
    for (let k = 0; k < n; k++)
      for (let i = 0; i < n; i++) {
        let [re, im] = [0, 0]
        for (let j = 0; j < n; j++) {
          re += a.data[i * n + j] * vectors.re[j * n + k]
          im += a.data[i * n + j] * vectors.im[j * n + k]
        }
        const [vr, vi] = [vectors.re[i * n + k], vectors.im[i * n + k]]
        expect(re).toBeCloseTo(values.re[k] * vr - values.im[k] * vi, 11)
        expect(im).toBeCloseTo(values.re[k] * vi + values.im[k] * vr, 11)
      }
  })
})

describe('perturb, then diagonalise', () => {
  it('is the perturbed system itself', () => {
    const readout = normals(16, 5)
    const e = chosen(16, 1e-3)
    const modes = perturbed(e, readout)
    expect(condition(modes.vectors)).toBeLessThan(1e5)
    for (const omega of [0, 1, 10, 80]) {
      const [re, im] = transfer(modes, omega)
      const state = stateTransfer(moved(16, 1e-3), omega)
      expect(re).toBeCloseTo(
        state.re.reduce((sum, value, i) => sum + readout[i] * value, 0),
        8,
      )
      expect(im).toBeCloseTo(
        state.im.reduce((sum, value, i) => sum + readout[i] * value, 0),
        8,
      )
    }
  })

  it.each([16, 32])('is near at every tone, where the normal part is far off at some: %i states', (n) => {
    const near = worst(moved(n, 1e-3), hippo(n))
    // The normal part fades at ½ alone: its worst tone is narrow.
    const tone = n === 16 ? 81 : 107
    const far = Math.max(...Array.from({ length: 13 }, (_, i) => apart(normalPart(n), hippo(n), tone - 1.5 + i / 4)))
    expect(near).toBeLessThan(n === 16 ? 0.12 : 0.5)
    expect(far).toBeGreaterThan(5)
    expect(apart(normalPart(n), hippo(n), 1)).toBeCloseTo(n === 16 ? 0.062 : 0.032, 2)
  })

  it('stays within its bound', () => {
    for (const n of [8, 16]) {
      const size = Math.hypot(...hippo(n).b)
      const e = spectralNorm(chosen(n, 3e-4))
      expect(worst(moved(n, 3e-4), hippo(n)) / size).toBeLessThan((2 * Math.log(n) + 4) * e)
    }
  })

  it('refuses a perturbation after which a state would grow', () => {
    expect(() => chosen(64, 0.1)).toThrow('fade')
  })

  it('holds its input exactly, also where a step is short beside a mode', () => {
    const modes = perturbed(chosen(8, 1e-3), normals(8, 6))
    const gainOf = (dt: number) => heldStep(modes, dt).gain
    const [one, two] = [gainOf(1e-6), gainOf(2e-6)]
    const { decay } = heldStep(modes, 1e-6)
    for (let k = 0; k < 8; k++) {
      const re = one.re[k] + decay.re[k] * one.re[k] - decay.im[k] * one.im[k]
      expect(two.re[k] / re).toBeCloseTo(1, 11)
    }
  })
})
