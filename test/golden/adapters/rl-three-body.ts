import { adaptiveStepper, lengthsOf, orbit, rewardOf, seenOf } from '../../../main/algorithms/learning/adaptive-stepper.ts'
import type { Watched } from '../../../main/algorithms/orbit.ts'
import { type Bodies, collisionTime, energyOf, follow, hermiteStep, pullOf } from '../../../main/math/three-bodies.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const greatest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** Places after one unit of time in equal steps. */
function places(start: Bodies, steps: number): Float64Array {
  let now = start
  for (let i = 0; i < steps; i++) now = hermiteStep(now, pullOf(now), 1 / steps)
  return now.x
}

/** Three bodies: what pulls at them, decisions with their rewards, and the figure of eight. */
export const rlThreeBodyAdapter: FileAdapter = {
  name: 'rl-three-body',
  recognises: ({ settings, expected }) => Boolean(settings?.fig8 && expected?.reward_table),
  async check({ settings, expected, tolerance }) {
    const { masses, actions, sequence, check_step, fig8 } = settings
    const bodies: Bodies = { x: flat(settings.x0), v: flat(settings.v0), masses }
    const eight: Bodies = { x: flat(fig8.x), v: flat(fig8.v), masses }
    const rules = adaptiveStepper.params.parse({
      every: check_step,
      finest: actions[0],
      coarsest: actions[actions.length - 1],
      choices: actions.length,
    })
    const steps: Watched[] = []
    for (const one of orbit(bodies, () => sequence[steps.length], sequence.length, rules)) steps.push(one)
    const { acceleration, jerk } = pullOf(bodies)
    const fine = places(eight, 20_000)
    const missedBy = (count: number) => greatest(places(eight, count).map((value, i) => value - fine[i]))
    const actual: Inputs = {
      E0: energyOf(bodies),
      acc: acceleration,
      jerk,
      t_coll: collisionTime(bodies),
      reward_table: (expected.reward_table as number[][]).map(([dE, iteration, action]) => [
        dE,
        iteration,
        action,
        rewardOf(dE, iteration, actions[action], rules),
      ]),
    }
    const { trace, fig8: eights, order, ...wanted } = expected
    const notes = [
      ...differences({ lengths: lengthsOf(rules), ...actual }, { lengths: actions, ...wanted }, () => tolerance.default),
      ...differences({ order: Math.log2(missedBy(100) / missedBy(200)) }, { order }, () => tolerance.order),
    ]
    for (const [i, { dE, ...one }] of (trace as Inputs[]).entries()) {
      const { bodies: at, steps: taken, missing } = steps[i]
      const reward = i === 0 ? 0 : rewardOf(dE, i + 1, actions[one.action], rules)
      const told = { action: sequence[i], steps: taken, reward, state: seenOf(at, dE) }
      notes.push(
        ...differences(told, one, () => tolerance.default, `trace.${i}`),
        ...differences({ dE: missing }, { dE }, () => tolerance.dE_absolute, `trace.${i}`),
      )
    }
    for (const [i, { eta, rel_energy_error, ...one }] of (eights as Inputs[]).entries()) {
      const { bodies: end, steps: taken } = follow(eight, fig8.period, eta, Number.POSITIVE_INFINITY)
      const told = { steps: taken, return_distance: greatest(end.x.map((value, k) => value - eight.x[k])) }
      const missing = Math.abs((energyOf(end) - energyOf(eight)) / energyOf(eight))
      notes.push(
        ...differences(told, one, () => tolerance.default, `fig8.${i}`),
        ...differences({ rel_energy_error: missing }, { rel_energy_error }, () => tolerance.dE_absolute, `fig8.${i}`),
      )
    }
    return notes
  },
}
