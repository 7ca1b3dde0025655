import { holobeam, tasteSearch } from '../../../main/algorithms/learning/holobeam.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'

/** Rates pairs as the table says, with the listed noise in the order of the looks. */
function tuned({ K1, K2, budget, sigma, mean, noise }: Inputs): Inputs {
  const settings = holobeam.params.parse({ shuffled: false, lowest: -Number.MAX_VALUE, highest: Number.MAX_VALUE })
  const search = tasteSearch({ places: [K1, K2], budget, seed: 0 }, settings)
  const pulls: (readonly number[])[] = []
  let next = search.next()
  while (!next.done) {
    const [i, j] = next.value
    next = search.next(mean[i][j] + sigma * noise[pulls.length])
    pulls.push([i, j])
  }
  const { pair, phases } = next.value
  const top = Math.max(...mean.flat())
  const at = mean.flat().indexOf(top)
  return { answer: pair, true: [Math.floor(at / K2), at % K2], pulls, log: { phase1: phases[0], phase2: phases[1] } }
}

/** The search by ratings: every look in its order, every phase, and the answer. */
export const holobeamAdapter: FileAdapter = {
  name: 'holobeam',
  recognises: ({ settings, expected }) => Boolean(settings?.[0]?.K1 && expected?.[0]?.pulls),
  async check({ settings, expected, tolerance }) {
    return (settings as Inputs[]).flatMap((one, i) => differences(tuned(one), expected[i], () => tolerance, `case ${i}`))
  },
}
