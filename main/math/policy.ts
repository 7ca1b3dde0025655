import { dotOf } from './conjugate-gradient.ts'

/** Chances of actions by what is seen, with a weight vector theta: what a policy gradient needs to know of them. */
export interface Policy {
  /** Slope of log π(action | seen) in theta. */
  score(theta: Float64Array, seen: Float64Array, action: number): Float64Array
  /** Its second slope, times w. */
  bend(theta: Float64Array, seen: Float64Array, action: number, w: Float64Array): Float64Array
}

/** Any number, normal around theta · seen with a deviation that stays as it is. */
export const gaussianPolicy = (deviation: number): Policy => ({
  score: (theta, seen, action) => {
    const pull = (action - dotOf(theta, seen)) / deviation ** 2
    return seen.map((value) => pull * value)
  },
  bend: (_theta, seen, _action, w) => {
    const along = dotOf(seen, w) / deviation ** 2
    return seen.map((value) => -along * value)
  },
})

/** seenᵀ theta, theta being [seen, action] row by row. */
function logitsOf(theta: Float64Array, seen: Float64Array, actions: number): Float64Array {
  const out = new Float64Array(actions)
  for (let k = 0; k < seen.length; k++) for (let a = 0; a < actions; a++) out[a] += seen[k] * theta[k * actions + a]
  return out
}

/** Chances of each of so many actions, in proportion to exp(seenᵀ theta). A table of states is seen as one 1 among zeros. */
export function softmaxChances(theta: Float64Array, seen: Float64Array, actions: number): Float64Array {
  const logits = logitsOf(theta, seen, actions)
  const most = logits.reduce((a, b) => Math.max(a, b))
  const sizes = logits.map((value) => Math.exp(value - most))
  const whole = sizes.reduce((sum, value) => sum + value, 0)
  return sizes.map((value) => value / whole)
}

const spread = (seen: Float64Array, row: Float64Array): Float64Array =>
  Float64Array.from({ length: seen.length * row.length }, (_, i) => seen[Math.floor(i / row.length)] * row[i % row.length])

/** Parameters [feature, action]; the chance of an action goes by e to its score. */
export const softmaxPolicy = (actions: number): Policy => ({
  score: (theta, seen, action) =>
    spread(
      seen,
      softmaxChances(theta, seen, actions).map((chance, a) => (a === action ? 1 : 0) - chance),
    ),
  bend: (theta, seen, _action, w) => {
    const chances = softmaxChances(theta, seen, actions)
    const along = logitsOf(w, seen, actions)
    const mean = dotOf(chances, along)
    return spread(
      seen,
      chances.map((chance, a) => -chance * (along[a] - mean)),
    )
  },
})

/** What was seen, done and got, one after another. */
export interface Episode {
  readonly seen: readonly Float64Array[]
  readonly actions: readonly number[]
  readonly rewards: readonly number[]
  /** What was expected to come at each step, as known before the episode: taken off what came. */
  readonly expected?: readonly number[]
}

/** What came from each step on, discounted to the start. */
function returnsOf({ rewards, expected }: Episode, discount: number): number[] {
  const out = new Array<number>(rewards.length).fill(0)
  let rest = 0
  for (let h = rewards.length - 1; h >= 0; h--) {
    rest += discount ** h * rewards[h]
    out[h] = rest - (expected ? discount ** h * expected[h] : 0)
  }
  return out
}

/** One episode's estimate of the slope of what is got on the mean: Σ q score. */
export function episodeGradient(policy: Policy, theta: Float64Array, episode: Episode, discount: number): Float64Array {
  const out = new Float64Array(theta.length)
  for (const [h, q] of returnsOf(episode, discount).entries())
    for (const [i, value] of policy.score(theta, episode.seen[h], episode.actions[h]).entries()) out[i] += q * value
  return out
}

/** One episode's estimate of the second slope times w: g (Σ score · w) + Σ q bend. */
export function episodeBend(policy: Policy, theta: Float64Array, episode: Episode, w: Float64Array, discount: number): Float64Array {
  const { seen, actions } = episode
  const along = seen.reduce((sum, one, h) => sum + dotOf(policy.score(theta, one, actions[h]), w), 0)
  const out = episodeGradient(policy, theta, episode, discount).map((value) => value * along)
  for (const [h, q] of returnsOf(episode, discount).entries())
    for (const [i, value] of policy.bend(theta, seen[h], actions[h], w).entries()) out[i] += q * value
  return out
}
