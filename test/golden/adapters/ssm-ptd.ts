import { layerOf, perturbed } from '../../../main/algorithms/learning/diagonalized-state-space.ts'
import type { Complex } from '../../../main/math/complex.ts'
import { condition } from '../../../main/math/general-eigen.ts'
import { fromRows } from '../../../main/math/matrix.ts'
import { diagonalized, hippo, normalPart, stateTransfer, transfer } from '../../../main/math/state-space.ts'
import type { FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const partsOf = (numbers: readonly (readonly [number, number])[]) => ({
  re: numbers.map(([re]) => re),
  im: numbers.map(([, im]) => im),
})
const readBy = (c: readonly number[], { re, im }: Complex) =>
  [re.reduce((sum, value, i) => sum + c[i] * value, 0), im.reduce((sum, value, i) => sum + c[i] * value, 0)] as const

/** A perturbed system taken apart: its eigenvalues, what tones become beside the exact and the normal system, and a recurrence. */
export const ssmPtdAdapter: FileAdapter = {
  name: 'ssm-ptd',
  recognises: ({ settings, expected }) => Boolean(settings?.E && expected?.G_ptd),
  async check({ settings, expected, tolerance }) {
    const { n, C, E, omega, dt, u } = settings
    const ptd = perturbed(fromRows(E), flat(C))
    const s4d = diagonalized(normalPart(n), flat(C))
    const layer = layerOf(ptd)
    let state = layer.start()
    const y = u.map((value: number) => {
      const next = layer.step(state, { value, dt })
      state = next.state
      return next.output
    })
    const tones = omega as readonly number[]
    const { y: outputs, cond_V, ...wanted } = expected
    const actual = {
      eigenvalues: ptd.values,
      G_hippo: partsOf(tones.map((w) => readBy(C, stateTransfer(hippo(n), w)))),
      G_ptd: partsOf(tones.map((w) => transfer(ptd, w))),
      G_s4d: partsOf(tones.map((w) => transfer(s4d, w))),
    }
    return [
      ...differences(actual, wanted, () => tolerance.default),
      ...differences({ y }, { y: outputs }, () => tolerance.y),
      ...differences({ cond_V: condition(ptd.vectors) }, { cond_V }, () => (Number.parseFloat(tolerance.cond) / 100) * cond_V),
    ]
  },
}
