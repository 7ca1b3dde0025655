import { type Dense, networkJet } from '../../../main/math/plane-jet.ts'
import { borderLoss, insideLoss, LOSS, seamLoss, seamNames } from '../../../main/math/seam-terms.ts'
import { allSwitches, expectedOf, switchProcess, unlikeliness } from '../../../main/math/switch-process.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'

const layersOf = (net: readonly { W: number[][]; b: number[] }[]): Dense[] => net.map(({ W, b }) => ({ weights: W, bias: b }))
const jetsAt = (net: readonly Dense[], places: readonly (readonly number[])[]) => places.map(([x, y]) => networkJet(net, x, y))

function bandit({ X, y, context, hyper }: Inputs): Inputs {
  const plays = (X as number[][]).map(([situation, ...switches], i) => ({ context: [situation], switches, reward: y[i] }))
  const process = switchProcess(plays, { width: hyper.log_ls_cont, switches: hyper.log_ls_cat, precision: hyper.log_tau })
  const arms = allSwitches(plays[0].switches.length)
  const expected = arms.map((switches) => expectedOf(process, { context: [context], switches }))
  const bounds = expected.map(({ mean, variance }) => mean + Math.sqrt(variance))
  return {
    mean: expected.map(({ mean }) => mean),
    var: expected.map(({ variance }) => variance),
    ucb_choice: arms[bounds.indexOf(Math.max(...bounds))],
    nmll: unlikeliness(process),
  }
}

function losses({ net1, net2, data, weights }: Inputs): Inputs {
  const [one, two] = [layersOf(net1), layersOf(net2)]
  const seam = [jetsAt(one, data.xi), jetsAt(two, data.xi)] as const
  const interfaces: Record<string, number> = {}
  for (const name of seamNames) interfaces[name] = seamLoss(name, ...seam, data.fi)
  const boundary = borderLoss(jetsAt(one, data.xb1), data.ub1) + borderLoss(jetsAt(two, data.xb2), data.ub2)
  const residual = insideLoss(jetsAt(one, data.xf1), data.ff1) + insideLoss(jetsAt(two, data.xf2), data.ff2)
  const chosen = seamNames.reduce((sum, name) => sum + weights[name] * interfaces[name], 0)
  const partsOf = (name: 'u' | 'ux' | 'uy' | 'uxx' | 'uyy') => seam[0].map((jet) => jet[name])
  return {
    jet: { u: partsOf('u'), ux: partsOf('ux'), uy: partsOf('uy'), uxx: partsOf('uxx'), uyy: partsOf('uyy') },
    ...{ boundary, residual, interface: interfaces },
    total: LOSS.border * boundary + LOSS.inside * residual + LOSS.seam * chosen,
  }
}

/** The bandit's expectations, and every condition of a seam between two small networks. */
export const metalicAdapter: FileAdapter = {
  name: 'metalic',
  recognises: ({ settings, expected }) => Boolean(settings?.net1 && expected?.ucb_choice),
  async check({ settings, expected, tolerance }) {
    const { interface: terms, ...wanted } = expected
    const { gres, ...exact } = terms
    const { interface: found, ...actual } = { ...bandit(settings), ...losses(settings) } as Inputs
    return [
      ...differences({ ...actual, interface: found }, { ...wanted, interface: exact }, () => tolerance.default),
      ...differences({ gres: found.gres }, { gres }, () => tolerance.gres),
    ]
  },
}
