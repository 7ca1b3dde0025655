import { z } from 'zod'
import { gaussianKernel, inBasis, kernelBasis, kernelProduct } from '../../math/kernel-ridge.ts'
import { type Matrix, matrix } from '../../math/matrix.ts'
import { expectFinite } from '../../math/mix.ts'
import { define } from '../define.ts'

const params = z.object({
  steps: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta({ title: 'Simplify', description: 'How often what was learned is learned anew. 1: once.' }),
  alpha: z.number().min(0).max(1).default(0.35).meta({
    title: 'Trust in strokes',
    description: 'Share of what was painted in what is learned anew; the rest is what was learned before.',
  }),
  gamma: z.number().gt(0).default(1).meta({ title: 'Sharpness', description: 'The greater, the nearer a place must be to count.' }),
  ridge: z.number().gt(0).default(0.05).meta({ title: 'Smoothness' }),
})
type Settings = z.output<typeof params>

function expectSamples(places: Matrix, values: Matrix, trust: Float64Array): void {
  if (places.rows === 0) throw new RangeError('There is no place to learn from.')
  if (values.rows !== places.rows || trust.length !== places.rows)
    throw new RangeError(`${places.rows} places, ${values.rows} values and ${trust.length} trusts do not belong together.`)
  expectFinite(places.data, 'A place')
  expectFinite(values.data, 'A value')
  if (!trust.every((one) => one > 0 && Number.isFinite(one))) throw new RangeError('Every trust must be above 0.')
}

const rowsTimes = ({ rows, columns, data }: Matrix, factors: Float64Array) =>
  matrix(
    rows,
    columns,
    data.map((value, k) => value * factors[Math.floor(k / columns)]),
  )

/**
 * Everything about a fit that does not depend on the steps and their trust: both are changed at no cost.
 * With t = 1, 2, …: Y(t) = K (K + ridge)⁻¹ (alpha(t) Y + (1 - alpha(t)) Y(t - 1)), Y(0) = Y.
 */
export function distilling(
  places: Matrix,
  values: Matrix,
  { gamma, ridge }: Pick<Settings, 'gamma' | 'ridge'>,
  trust: Float64Array = new Float64Array(places.rows).fill(1),
) {
  expectSamples(places, values, trust)
  if (!(ridge > 0)) throw new RangeError(`A ridge of ${ridge} is none: it must be above 0.`)
  // Trust as a change of units: what is believed twice has half the ridge.
  const [roots, inverses] = [trust.map(Math.sqrt), trust.map((one) => 1 / Math.sqrt(one))]
  const kernel = gaussianKernel(places, places, gamma)
  const weighted = matrix(
    kernel.rows,
    kernel.rows,
    kernel.data.map((value, k) => value * roots[Math.floor(k / kernel.rows)] * roots[k % kernel.rows]),
  )
  const basis = kernelBasis(weighted, rowsTimes(values, roots))
  const { eigenvalues } = basis
  const first = eigenvalues.map((d) => d / (d + ridge))
  /** How much of each eigenvector is left after each step, one list a step. */
  const factors = (alphas: readonly number[]): Float64Array[] => {
    let before: Float64Array = new Float64Array(first.length).fill(1)
    return alphas.map((alpha) => {
      before = before.map((left, i) => first[i] * (alpha + (1 - alpha) * left))
      return before
    })
  }
  /** What the kernel is multiplied by, after the last step. */
  const weights = (alphas: readonly number[]): Matrix => {
    const left = factors(alphas.slice(0, -1)).at(-1)
    const alpha = alphas[alphas.length - 1]
    return rowsTimes(
      inBasis(
        basis,
        eigenvalues.map((d, i) => (alpha + (1 - alpha) * (left?.[i] ?? 1)) / (d + ridge)),
      ),
      roots,
    )
  }
  return {
    eigenvalues,
    factors,
    weights,
    /** The learned values where they were given. */
    fitted: (alphas: readonly number[]): Matrix =>
      rowsTimes(inBasis(basis, factors(alphas).at(-1) ?? new Float64Array(first.length).fill(1)), inverses),
    /** Where endless steps of one trust lead: a ridge of ridge / alpha, and nothing for 0. */
    limit: (alpha: number): Matrix =>
      rowsTimes(
        inBasis(
          basis,
          eigenvalues.map((d) => (alpha === 0 ? 0 : 1 / (d + ridge / alpha))),
        ),
        roots,
      ),
    at: (others: Matrix, shares: Matrix, signal: AbortSignal): Promise<Matrix> => kernelProduct(others, places, gamma, shares, signal),
  }
}

export type Distilling = ReturnType<typeof distilling>

/** The share of the first fit that, mixed with what follows without it, comes nearest to what was held back; it may lie outside 0..1. */
export function bestShare(wanted: Matrix, first: Matrix, without: Matrix): number {
  let [along, square] = [0, 0]
  for (let k = 0; k < wanted.data.length; k++) {
    const apart = first.data[k] - without.data[k]
    along += (wanted.data[k] - without.data[k]) * apart
    square += apart * apart
  }
  return square === 0 ? 1 : along / square
}

/** Each step's best trust by values that were held back: unclipped, and as it is used; the first is always 1. */
export async function tuned(
  fit: Distilling,
  { places, values }: { readonly places: Matrix; readonly values: Matrix },
  steps: number,
  signal: AbortSignal,
) {
  const first = await fit.at(places, fit.weights([1]), signal)
  const [alphas, shares]: [number[], number[]] = [[1], []]
  for (let step = 2; step <= steps; step++) {
    const share = bestShare(values, first, await fit.at(places, fit.weights([...alphas, 0]), signal))
    shares.push(share)
    alphas.push(Math.min(1, Math.max(0, share)))
  }
  return { alphas, shares }
}

/**
 * Spreads values from a few places by kernel ridge regression that is taught by itself: what was learned is learned anew, mixed with
 * what was given. Every step shrinks the directions that matter little, the more the smaller the trust in what was given: a dial from
 * the strokes to a simpler picture. In the kernel's eigenvectors it is B(t) = d / (d + ridge) (alpha + (1 - alpha) B(t - 1)), so that
 * neither dial fits anything anew. Far from all places it falls to nothing.
 */
export const selfDistillation = define({
  id: 'self-distillation',
  role: 'regression',
  title: 'Spread',
  summary: 'Spreads scribbled colours over a picture, as faithful or as simple as you like.',
  paper: {
    title: 'Even your Teacher Needs Guidance: Ground-Truth Targets Dampen Regularization Imposed by Self-Distillation',
    year: 2021,
    link: 'https://arxiv.org/abs/2102.13088',
  },
  params,
  needs: {},
  make: ({ steps, alpha, ...settings }) => ({
    fit(places, values, trust) {
      const fit = distilling(places, values, settings, trust)
      const alphas = new Array<number>(steps).fill(alpha)
      const weights = fit.weights(alphas)
      return { fitted: fit.fitted(alphas), at: (others, signal) => fit.at(others, weights, signal) }
    },
  }),
})
