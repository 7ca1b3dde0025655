import { vpDiscrete } from '../../../main/algorithms/diffusion/paths/vp-discrete.ts'
import type { Tick } from '../../../main/math/integrate.ts'
import type { Denoise } from '../../../main/math/prediction.ts'
import { tableOfPath } from '../../../main/math/timesteps.ts'
import { type Mixture, predictMixture } from '../../kit/mixture.ts'

/** The levels of a schedule named in a word, with the ends that word has in these files. */
export function tableNamed(schedule: string) {
  const ends = { scaled_linear: [0.00085, 0.012], linear: [1e-4, 2e-2] }[schedule]
  if (!ends) throw new Error(`The schedule ${schedule} is not understood.`)
  return tableOfPath(vpDiscrete.make(vpDiscrete.params.parse({ form: schedule, betaStart: ends[0], betaEnd: ends[1] }), {}))
}

export const mixtureSays =
  (mixture: Mixture): Denoise =>
  async (x, at) =>
    predictMixture(mixture, x, at)

/** All states of a run, without the start, and what it returns. */
export async function told<S, T>(run: AsyncGenerator<Tick<S>, T, void>): Promise<{ readonly states: readonly S[]; readonly end: T }> {
  const states: S[] = []
  for (let next = await run.next(); ; next = await run.next()) {
    if (next.done) return { states, end: next.value }
    states.push(next.value.state)
  }
}
