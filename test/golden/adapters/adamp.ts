import { adamp, type ProjectedDescent, startDescent, stepProjected } from '../../../main/algorithms/learning/adamp.ts'
import { chosenOf, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const words = { rows: 'channel', whole: 'layer' } as const

/** AdamP and SGDP, step by step. */
export const adampAdapter: FileAdapter = {
  name: 'adamp',
  recognises: ({ cases }) => Boolean(cases?.[0]?.expected?.projection_view),
  async check({ settings, cases, tolerance }) {
    return (cases as Inputs[]).flatMap(({ optimizer, options, shape, p0, grads, expected }, i) => {
      const all = chosenOf(settings.defaults, options)
      const chosen = adamp.params.parse({
        base: optimizer === 'SGDP' ? 'sgd' : 'adam',
        ...{ rate: all.lr, beta1: all.betas[0], beta2: all.betas[1], epsilon: all.eps, decay: all.weight_decay },
        ...{ threshold: all.delta, decayShare: all.wd_ratio, nesterov: all.nesterov },
        ...{ momentum: all.momentum, dampening: all.dampening },
      })
      const states: ProjectedDescent[] = []
      let state = startDescent({ values: flat(p0), shape })
      for (const gradient of grads) {
        state = stepProjected(state, flat(gradient), chosen)
        states.push(state)
      }
      const actual = {
        p_after_each_step: states.map(({ values }) => values),
        projection_view: states.map(({ view }) => view && words[view]),
      }
      return differences(actual, expected, () => tolerance.float64, `case ${i}`)
    })
  },
}
