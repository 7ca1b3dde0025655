import { orthogonality } from '../../../main/algorithms/learning/orthogonal-convolution.ts'
import { squaredGains } from '../../../main/algorithms/learning/orthogonal-kernel.ts'
import type { Kernel } from '../../../main/algorithms/penalty.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const kernelOf = (nested: readonly (readonly (readonly (readonly number[])[])[])[], stride: number): Kernel => ({
  outputs: nested.length,
  inputs: nested[0].length,
  side: nested[0][0].length,
  stride,
  data: flat(nested),
})
const unavoidable = ({ outputs, inputs, stride }: Kernel) => Math.max(0, outputs - inputs * stride ** 2)

/** What is said of a convolution's matrix on periodic pictures of n places a side. */
function spectrumOf(kernel: Kernel, n: number): Inputs {
  const squares = squaredGains(kernel, n)
  return {
    err_F_sq: squares.reduce((sum, value) => sum + (value - 1) ** 2, 0),
    err_spec: squares.reduce((most, value) => Math.max(most, Math.abs(value - 1)), 0),
    sv_min: Math.sqrt(squares[0]),
    sv_max: Math.sqrt(squares[squares.length - 1]),
  }
}

/** The distance of a convolution from an orthogonal one, its slope, and the gains it stands for. */
export const orthConvAdapter: FileAdapter = {
  name: 'orth-conv',
  async check({ settings, expected, tolerance }) {
    const notes: string[] = []
    const limit = (path: string) => (/err_spec|sv/.test(path) ? tolerance.spectral : tolerance.default)
    const kernels: Kernel[] = settings.cases.map(({ K, S, ...sizes }: Inputs) => {
      assume(sizes, { M: K.length, C: K[0].length, k: K[0][0].length })
      return kernelOf(K, S)
    })
    for (const [i, wanted] of (expected.cases as Inputs[]).entries()) {
      const kernel = kernels[i]
      const { value, gradient } = orthogonality(kernel)
      const delta = unavoidable(kernel)
      const actual = { raw: value + delta, delta, L_orth: value, grad: gradient, ...spectrumOf(kernel, settings.cases[i].N) }
      notes.push(...differences(actual, wanted, limit, `case ${i}`))
    }
    const exact = kernelOf(settings.orth_kernel, 1)
    // Written to 13 digits, the kernel itself is only nearly exact.
    const { sv_min, sv_max } = spectrumOf(exact, 5)
    notes.push(...differences({ raw: orthogonality(exact).value, sv: [sv_min, sv_max] }, expected.orth, limit, 'orth'))
    if (orthogonality(exact).value > 1e-20) notes.push('orth: further from orthogonal than its digits allow')

    const { case: which, step, record_after: recorded } = settings.gd
    const descent: number[] = []
    let kernel = kernels[which]
    for (let at = 0; at <= Math.max(...recorded); at++) {
      const { value, gradient } = orthogonality(kernel)
      if (recorded.includes(at)) descent.push(value)
      kernel = { ...kernel, data: kernel.data.map((weight, i) => weight - step * gradient[i]) }
    }
    notes.push(...differences(descent, expected.gd, () => tolerance.gd, 'gd'))
    return notes
  },
}
