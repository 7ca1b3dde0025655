import { z } from 'zod'
import { type Complex, complexOf } from '../../math/complex.ts'
import { condition } from '../../math/general-eigen.ts'
import { combine, type Matrix, matrix } from '../../math/matrix.ts'
import { noiseOf, normalsInto } from '../../math/random.ts'
import { diagonalized, heldStep, hippo, type Modes, spectralNorm, transfer } from '../../math/state-space.ts'
import { define } from '../define.ts'
import type { SequenceLayer } from '../sequence.ts'

const params = z.object({
  states: z.int().min(2).max(64).default(16).meta({ title: 'Memory', description: 'How finely the past is kept.' }),
  perturbation: z.number().gt(0).max(0.1).default(1e-3).meta({
    title: 'Perturbation',
    description: 'How far the system is moved before it is taken apart, as a share of its size.',
  }),
  tries: z.int().min(1).max(50).default(8).meta({ title: 'Tries', description: 'The best conditioned of so many perturbations is taken.' }),
  seed: z.int().min(0).default(0).meta({ title: 'Seed' }),
})
type Settings = z.output<typeof params>

/** Every state must fade at least so fast, or the layer would drift. */
const SLOWEST = -0.25

/** HiPPO moved by E and taken apart, with a readout in the original coordinates. */
export function perturbed(e: Matrix, readout: Float64Array): ReturnType<typeof diagonalized> {
  const { a, b } = hippo(e.rows)
  return diagonalized({ a: combine([1, a], [1, e]), b }, readout)
}

/** A random perturbation of this size beside the system's. */
function perturbation(n: number, share: number, seed: number): Matrix {
  const raw = matrix(n, n)
  normalsInto(raw.data, noiseOf(seed))
  return combine([(share * spectralNorm(hippo(n).a)) / spectralNorm(raw), raw])
}

/** Of the perturbations whose states all fade, the one whose eigenvectors are the least alike. @throws RangeError where there is none. */
export function choosePerturbation({ states, perturbation: share, tries, seed }: Settings): Matrix {
  const fading = Array.from({ length: tries }, (_, i) => perturbation(states, share, seed + i))
    .map((e) => ({ e, modes: perturbed(e, new Float64Array(states)) }))
    .filter(({ modes }) => modes.values.re.every((value) => value <= SLOWEST))
    .map(({ e, modes }) => ({ e, condition: condition(modes.vectors) }))
  if (fading.length === 0) throw new RangeError(`No perturbation of ${share} leaves ${states} states that fade: take a smaller one.`)
  return fading.reduce((a, b) => (b.condition < a.condition ? b : a)).e
}

/** The layer of a system taken apart. Of each pair of conjugate states one is kept. */
export function layerOf(modes: Modes): SequenceLayer {
  const kept = [...modes.values.im.keys()].filter((k) => modes.values.im[k] >= 0 || Math.abs(modes.values.im[k]) < 1e-9)
  const pick = ({ re, im }: Complex) =>
    complexOf(
      Float64Array.from(kept, (k) => re[k]),
      Float64Array.from(kept, (k) => im[k]),
    )
  const half: Modes = { values: pick(modes.values), b: pick(modes.b), c: pick(modes.c) }
  const weights = Float64Array.from(half.values.im, (value) => (value > 1e-9 ? 2 : 1))
  let held = { dt: Number.NaN, ...heldStep(half, 0) }
  return {
    start: () => complexOf(new Float64Array(kept.length)),
    step: (state, { value, dt }) => {
      const isSample = Number.isFinite(value) && dt > 0 && Number.isFinite(dt)
      if (isSample && dt !== held.dt) held = { dt, ...heldStep(half, dt) }
      const { decay, gain } = held
      const next = isSample ? complexOf(new Float64Array(kept.length)) : state
      let output = 0
      for (let k = 0; k < kept.length; k++) {
        if (isSample) {
          next.re[k] = decay.re[k] * state.re[k] - decay.im[k] * state.im[k] + gain.re[k] * value
          next.im[k] = decay.re[k] * state.im[k] + decay.im[k] * state.re[k] + gain.im[k] * value
        }
        output += weights[k] * (half.c.re[k] * next.re[k] - half.c.im[k] * next.im[k])
      }
      return { state: next, output }
    },
    transfer: (omega) => transfer(modes, omega),
  }
}

/**
 * Perturb, then diagonalise: HiPPO's system, which remembers all of the past, cannot be taken apart in floating point. With a small
 * random E added it can, A + E = V L V⁻¹, and what comes of it is exactly the system of A + E: no frequency is off by more than about
 * (2 ln n + 4) |E|. The normal part, which others take instead, is far off at some frequencies however many states there are: a tremor
 * of that frequency upsets it. The readout here gives the value of the past at the present end.
 */
export const diagonalizedStateSpace = define({
  id: 'diagonalized-state-space',
  role: 'sequence-layer',
  title: 'Stroke memory',
  summary: 'Remembers a stroke of any length evenly, and is not upset by a trembling hand.',
  paper: {
    title: 'Robustifying State-space Models for Long Sequences via Approximate Diagonalization',
    year: 2024,
    link: 'https://arxiv.org/abs/2310.01698',
  },
  params,
  needs: {},
  make: (settings) => {
    const { b } = hippo(settings.states)
    const length = Math.hypot(...b)
    return layerOf(
      perturbed(
        choosePerturbation(settings),
        b.map((value) => value / length),
      ),
    )
  },
})
