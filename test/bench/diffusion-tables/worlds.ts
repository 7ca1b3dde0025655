import { measureStatistics } from '../../../main/algorithms/diffusion/solvers/dpm-solver-v3-statistics.ts'
import type { Solver } from '../../../main/algorithms/roles.ts'
import { lambdaOf, nodeAt, type Path } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { lambdaOfRow, type ModelStatistics } from '../../../main/math/model-statistics.ts'
import { discrete, evenLambda, exactEnd, normals, signal, toy } from '../../kit/generate.ts'
import { type Mixture, mixtureDenoiser } from '../../kit/mixture.ts'

/** Stable Diffusion's range of noise, in continuous time. */
export const path: Path = { ...discrete, table: null }

/** Data whose every answer is known in closed form, starts with the ends of the exact flow, and what was measured of it. */
export interface World {
  readonly title: string
  readonly mixture: Mixture
  /** Values of one point. */
  readonly size: number
  /** For searches. */
  readonly seen: readonly Pair[]
  /** For judging what was found, and everything else. */
  readonly unseen: readonly Pair[]
  readonly statistics: ModelStatistics
}
/** Noise, and where the exact flow takes it. */
export interface Pair {
  readonly x: Float64Array
  readonly end: Float64Array
}

const pairs = (mixture: Mixture, size: number, count: number, seed: number): Promise<Pair[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, k) => {
      const x = normals(size, seed + k)
      return { x, end: await exactEnd({ x, path, mixture }) }
    }),
  )

/** Two vectors of ±1 for two values: orthogonal, they tell the Jacobian's diagonal exactly; for more values two random ones. */
const probesOf = (size: number): Float64Array[] =>
  size === 2 ? [Float64Array.of(1, 1), Float64Array.of(1, -1)] : [31, 32].map((seed) => normals(size, seed).map(Math.sign))

async function measured(mixture: Mixture, size: number, count: number, points: number): Promise<ModelStatistics> {
  const grid = { count, lambdaNoise: lambdaOf(nodeAt(path, path.tNoise)), lambdaData: lambdaOf(nodeAt(path, path.tData)) }
  const pictures = await pairs(mixture, size, points, 5001)
  const found = await outcome(
    measureStatistics(
      {
        lambdas: Array.from({ length: count + 1 }, (_, row) => lambdaOfRow({ ...grid, l: [], s: [], b: [] }, row)),
        nodeOf: (lambda) => nodeAt(path, path.tOfLambda(lambda)),
        denoise: mixtureDenoiser(mixture).denoise,
        x0: pictures.map(({ end }) => end),
        noise: pictures.map((_, k) => normals(size, 7001 + k)),
        probes: probesOf(size),
        stepX: 1e-3,
        stepLambda: 1e-4,
        rowLength: size,
      },
      signal,
    ),
  )
  return { ...grid, ...found }
}

const world = async (title: string, mixture: Mixture, size: number, seen: number, unseen: number, points: number): Promise<World> => ({
  title,
  mixture,
  size,
  seen: await pairs(mixture, size, seen, 1),
  unseen: await pairs(mixture, size, unseen, 1001),
  statistics: await measured(mixture, size, 200, points),
})

/** Three pictures of 8 × 8 pixels in three colours, and everything that lies about them. */
export const pictures: Mixture = {
  weights: [0.4, 0.35, 0.25],
  means: [21, 22, 23].map((seed) => [...normals(192, seed).map((value) => 0.4 * value)]),
  stds: [0.2, 0.15, 0.25],
}

export const plane = await world('three modes in the plane', toy, 2, 8, 48, 64)
export const space = await world('three modes in 192 dimensions', pictures, 192, 8, 24, 16)

/** Steps that take at most so many calls; 0 where a single one takes more. */
export function stepsFor(solver: Solver, calls: number): number {
  let steps = 0
  while (steps < calls && solver.calls(evenLambda(path, steps + 1)) <= calls) steps++
  return steps
}
