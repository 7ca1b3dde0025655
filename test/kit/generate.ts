import { vpDiscrete } from '../../main/algorithms/diffusion/paths/vp-discrete.ts'
import { vpLinear } from '../../main/algorithms/diffusion/paths/vp-linear.ts'
import { drawsOf, sample } from '../../main/algorithms/diffusion/sample.ts'
import { rungeKutta } from '../../main/algorithms/diffusion/solvers/runge-kutta.ts'
import type { Sampled, Solver } from '../../main/algorithms/roles.ts'
import { type Leg, lambdaOf, legsOf, nodeAt, type Path } from '../../main/math/gaussian-path.ts'
import { outcome } from '../../main/math/integrate.ts'
import type { ModelStatistics } from '../../main/math/model-statistics.ts'
import type { Denoise } from '../../main/math/prediction.ts'
import { noiseOf, normalsInto, uniformsInto } from '../../main/math/random.ts'
import { type Mixture, mixtureDenoiser } from './mixture.ts'

export const { signal } = new AbortController()

/** Stable Diffusion's path, and a smooth one. */
export const discrete = vpDiscrete.make(vpDiscrete.params.parse({}), {})
export const smooth = vpLinear.make(vpLinear.params.parse({}), {})

/** A little world of three modes in the plane. */
export const toy: Mixture = {
  weights: [0.45, 0.35, 0.2],
  means: [
    [1.4, 0.9],
    [-1.1, -0.7],
    [0.2, -1.9],
  ],
  stds: [0.3, 0.25, 0.2],
}

export function normals(count: number, seed: number): Float64Array {
  const values = new Float64Array(count)
  normalsInto(values, noiseOf(seed))
  return values
}

/** Numbers from 0 to 1. */
export function uniforms(count: number, seed: number): Float64Array {
  const values = new Float64Array(count)
  uniformsInto(values, noiseOf(seed))
  return values
}

export { drawsOf }

export interface Run {
  readonly solver: Solver<Sampled>
  readonly legs: readonly Leg[]
  readonly x: Float64Array
  readonly path?: Path
  readonly mixture?: Mixture
  readonly denoise?: Denoise
  readonly statistics?: ModelStatistics
  readonly seed?: number
}

/** Where a generation ends, by default of the toy on the smooth path. */
export const generate = async ({ solver, legs, x, path = smooth, mixture = toy, denoise, statistics, seed = 1 }: Run): Promise<Sampled> =>
  outcome(
    sample(
      {
        solver,
        legs,
        x,
        model: { path, statistics: statistics ?? null },
        denoise: denoise ?? mixtureDenoiser(mixture).denoise,
        draw: drawsOf(seed),
      },
      signal,
    ),
  )

/** Even steps in lambda between two times of a path. */
export function evenLambda(path: Path, steps: number, from = path.tNoise, to = path.tData): readonly Leg[] {
  const [first, last] = [lambdaOf(nodeAt(path, from)), lambdaOf(nodeAt(path, to))]
  return legsOf(
    Array.from({ length: steps + 1 }, (_, i) =>
      nodeAt(path, i === 0 ? from : i === steps ? to : path.tOfLambda(first + ((last - first) * i) / steps)),
    ),
  )
}

/** The exact flow, by very many steps of fourth order. */
export const exactEnd = async (
  run: Omit<Run, 'solver' | 'legs'> & { readonly from?: number; readonly to?: number },
): Promise<Float64Array> => {
  const path = run.path ?? smooth
  const legs = evenLambda(path, 400, run.from, run.to)
  return (await generate({ ...run, solver: rungeKutta.make({}, {}), legs })).x
}

/** Root mean square distance. */
export const apart = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length)
/** Greatest distance. */
export const furthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
