import { type Episode, softmaxChances } from '../../main/math/policy.ts'

/** A world of few states: chances of the next state [state, action, next], rewards [state, action], of the first state, and how long it goes. */
export interface TinyWorld {
  readonly P: readonly (readonly (readonly number[])[])[]
  readonly R: readonly (readonly number[])[]
  readonly rho: readonly number[]
  readonly H: number
}

export const seenOf = (state: number, states: number): Float64Array =>
  Float64Array.from({ length: states }, (_, i) => (i === state ? 1 : 0))

/** Every episode there can be, with its chance under a table of weights. */
export function* everyEpisode({ P, R, rho, H }: TinyWorld, theta: Float64Array): Generator<readonly [chance: number, episode: Episode]> {
  const actions = R[0].length
  const policy = rho.map((_, state) => softmaxChances(theta, seenOf(state, rho.length), actions))
  function* from(state: number, chance: number, so: Episode): Generator<readonly [number, Episode]> {
    for (let action = 0; action < actions; action++) {
      const now = chance * policy[state][action]
      const episode = {
        seen: [...so.seen, seenOf(state, rho.length)],
        actions: [...so.actions, action],
        rewards: [...so.rewards, R[state][action]],
      }
      if (episode.rewards.length === H) yield [now, episode]
      else for (const [next, share] of P[state][action].entries()) yield* from(next, now * share, episode)
    }
  }
  for (const [state, chance] of rho.entries()) yield* from(state, chance, { seen: [], actions: [], rewards: [] })
}
