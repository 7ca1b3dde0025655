import { sample } from '../../../main/algorithms/diffusion/sample.ts'
import { autoDiffusion } from '../../../main/algorithms/diffusion/schedules/auto-diffusion.ts'
import { type Candidate, uniformCandidate } from '../../../main/algorithms/diffusion/schedules/auto-diffusion-candidates.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import type { Path } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { frechetDistance, kernelDistance } from '../../../main/math/metrics/distribution.ts'
import { respacedBetas } from '../../../main/math/noise-table.ts'
import { tableOfPath } from '../../../main/math/timesteps.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, modelOn, pathOf, rowsOf, signal, undrawn } from './diffusion-world.ts'

/** Every choice of so many from a list, in order. */
function subsets(list: readonly number[], count: number): number[][] {
  if (count === 0) return [[]]
  return list.flatMap((first, i) => subsets(list.slice(i + 1), count - 1).map((rest) => [first, ...rest]))
}

/** Fréchet distance of what DDIM makes with these steps from the reference samples. */
export function scoreOf(path: Path, mixture: Inputs, search: Inputs): (candidate: Pick<Candidate, 'timesteps'>) => Promise<number> {
  const solver = ddim.make({ eta: 0 }, {})
  const x = flat(search.x_T)
  const d = search.x_T[0].length
  return async ({ timesteps }) => {
    const legs = autoDiffusion.make({ found: [{ kind: 'levels', at: [...timesteps] }] }, {}).legs(path, timesteps.length)
    const { denoise } = mixtureDenoiser(mixture as never)
    const end = await outcome(sample({ solver, legs, model: modelOn(path), denoise, x, draw: undrawn }, signal))
    return frechetDistance(rowsOf(end.x, d), search.reference)
  }
}

/** The distances, and every choice of steps from a pool, ranked. */
export const autoDiffusionAdapter: FileAdapter = {
  name: 'auto-diffusion',
  async check({ settings, mixture, features, search, tolerance }) {
    const path = pathOf(settings.schedule)
    const { pool, K, x_T, reference, ...expected } = search
    const { X, Y, ...distances } = features
    const score = scoreOf(path, mixture, search)
    const ranked: { timesteps: number[]; score: number }[] = []
    for (const timesteps of subsets(pool, K)) ranked.push({ timesteps, score: await score({ timesteps }) })
    ranked.sort((a, b) => a.score - b.score)
    const even = uniformCandidate({ pool, steps: K, blocks: 0, budget: Number.POSITIVE_INFINITY })
    const actual = {
      evaluations: ranked.length,
      median_score: ranked[Math.floor(ranked.length / 2)].score,
      worst_score: ranked[ranked.length - 1].score,
      uniform: { timesteps: even.timesteps, score: await score(even) },
      respaced_betas: respacedBetas(tableOfPath(path), ranked[0].timesteps),
    }
    const { best_5, ...rest } = expected
    const allowed = (key: string) => (key.endsWith('timesteps') || key === 'evaluations' ? 0 : tolerance.score)
    return [
      ...differences({ frechet: frechetDistance(X, Y), kid: kernelDistance(X, Y) }, distances, (key) => tolerance[key]),
      ...differences(actual, rest, allowed),
      ...best_5.flatMap((one: Inputs, i: number) => differences(ranked[i], one, allowed, '').map((note) => `best ${i}, ${note}`)),
    ]
  },
}
