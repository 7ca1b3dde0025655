import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import type { Inverted } from '../../../main/algorithms/editing.ts'
import type { Leg, Node } from '../../../main/math/gaussian-path.ts'
import type { Tick } from '../../../main/math/integrate.ts'
import { type Denoise, guide } from '../../../main/math/prediction.ts'
import { lastLegs, nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import { type Mixture, predictMixture, restrict } from '../../kit/mixture.ts'
import type { Inputs } from '../adapter.ts'
import { landingOf, pathOf } from './diffusion-world.ts'

/** A discrete path, and a mixture for a network that is asked by timestep, with words for its parts. */
export interface EditingWorld {
  /** The legs of a block's ladder. */
  legs(block: Inputs): readonly Leg[]
  /** What the mixture of some components says, read as a network's noise at the node's own level. */
  says(mixture: Mixture): Denoise
  denoise(prompt: string, guidance?: number): Denoise
}

export function editingWorld(
  settings: Inputs,
  mixture: Mixture,
  conditions: Readonly<Record<string, readonly number[]>> = {},
): EditingWorld {
  const path = pathOf(settings.schedule)
  const table = tableOfPath(path)
  const of = (prompt: string) => (prompt ? restrict(mixture, conditions[prompt]) : mixture)
  const says =
    (asked: Mixture): Denoise =>
    async (x, at: Node) => {
      // A network knows its timestep alone: on a landing without noise it still answers for its first level.
      const { eps } = predictMixture(asked, x, nodeOfLevel(table, at.label ?? 0))
      return { eps, x0: x.map((value, i) => (value - at.sigma * eps[i]) / at.alpha) }
    }
  return {
    says,
    legs: (block) => {
      const landing = landingOf(settings, block.final_abar)
      const params = uniform.params.parse({ spacing: block.spacing ?? settings.spacing, offset: block.steps_offset, landing })
      return lastLegs(uniform.make(params, {}).legs(path, block.steps), block.strength ?? 1)
    },
    denoise: (prompt, guidance = 1) => {
      const asked = says(of(prompt))
      if (guidance === 1 || !prompt) return asked
      return async (x, at, signal) => guide(await says(mixture)(x, at, signal), await asked(x, at, signal), guidance)
    },
  }
}

/** The states on the way, the start first, and what the way ends in. */
export async function journey<T>(ticks: AsyncGenerator<Tick<readonly Float64Array[]>, T, void>, start: readonly Float64Array[]) {
  const states = [start]
  for (let next = await ticks.next(); ; next = await ticks.next()) {
    if (next.done) return { states, end: next.value }
    states.push(next.value.state)
  }
}

/** A pair that was kept, to go back from. */
export const kept = (inverted: Inverted, states: readonly Float64Array[]): Inverted => ({ ...inverted, states })

export const everyFifth = <T>(list: readonly T[]): T[] => list.filter((_, k) => k % 5 === 0)

export const furthestApart = (a: readonly Float64Array[], b: readonly Float64Array[]): number =>
  Math.max(...a.flatMap((state, s) => [...state].map((value, i) => Math.abs(value - b[s][i]))))
