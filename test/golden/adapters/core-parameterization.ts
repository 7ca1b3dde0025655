import { edm } from '../../../main/algorithms/diffusion/paths/edm.ts'
import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { trig } from '../../../main/algorithms/diffusion/paths/trig.ts'
import { vpCosine } from '../../../main/algorithms/diffusion/paths/vp-cosine.ts'
import { vpLinear } from '../../../main/algorithms/diffusion/paths/vp-linear.ts'
import { lambdaOf, nodeAt, type Path, retime } from '../../../main/math/gaussian-path.ts'
import { decode, edmRow, encode, type PredictionKind, type Row, retimed, rows } from '../../../main/math/prediction.ts'
import { mixtureDenoiser, predictMixture } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { relativeDifferences } from '../relative.ts'
import { flat, pathOf, signal } from './diffusion-world.ts'

function pathNamed(name: string, settings: Inputs): Path {
  const own: Inputs = settings[name] ?? {}
  if (name.startsWith('vp-discrete')) return pathOf(own)
  if (name === 'vp-linear') return vpLinear.make(vpLinear.params.parse(own), {})
  if (name === 'vp-cosine') return vpCosine.make(vpCosine.params.parse(own), {})
  if (name === 'edm') return edm.make(edm.params.parse({}), {})
  if (name === 'linear') return rectifiedFlow.make({}, {})
  if (name === 'trig') return trig.make({}, {})
  throw new Error(`There is no path ${name}.`)
}

const rowNamed = (key: string, settings: Inputs): Row => (key === 'edmF' ? edmRow(settings.edm.sigma_data) : rows[key as PredictionKind])

/** Paths, kinds of prediction, and networks asked on another path than their own. */
export const coreParameterization: FileAdapter = {
  name: 'core-parameterization',
  async check(file) {
    const tolerance = file.tolerance.float64
    const notes: string[] = []
    for (const { path: name, t, x, ...expected } of file.expected.points) {
      const path = pathNamed(name, file.settings)
      const node = nodeAt(path, t)
      const prediction = predictMixture(file.mixture, flat(x), node)
      const rowOf = (key: string) => rowNamed(key, file.settings)(node, path)
      const keyed = <T>(source: object, of: (key: string) => T) => Object.fromEntries(Object.keys(source).map((key) => [key, of(key)]))
      const actual = {
        alpha: node.alpha,
        sigma: node.sigma,
        dAlpha: path.dAlpha(t),
        dSigma: path.dSigma(t),
        lambda: lambdaOf(node),
        rows: keyed(expected.rows, rowOf),
        outputs: keyed(expected.outputs, (key) => encode(prediction, rowOf(key))),
      }
      notes.push(...relativeDifferences(actual, expected, tolerance, `${name} at ${t}`, 1))
      for (const [key, output] of Object.entries<number[][]>(expected.outputs)) {
        const back = decode(flat(x), flat(output), rowOf(key), node)
        notes.push(
          ...relativeDifferences(back, { x0: prediction.x0, eps: prediction.eps }, tolerance, `${name} at ${t}, decoded ${key}`, 1),
        )
      }
    }
    for (const { trained, sampled, t, x, ...expected } of file.expected.retime) {
      const [own, other] = [pathNamed(trained, file.settings), pathNamed(sampled, file.settings)]
      const node = nodeAt(other, t)
      const { tau, k } = retime(own, node)
      const { x0, eps } = await retimed(mixtureDenoiser(file.mixture).denoise, own)(flat(x), node, signal)
      const velocity = encode({ x0, eps }, rows.velocity(node, other))
      notes.push(...relativeDifferences({ tau, k, x0, eps, velocity }, expected, tolerance, `${trained} on ${sampled} at ${t}`, 1))
    }
    return notes
  },
}
