import { afterLoss, type BanditState, noLosses, type Round, tsallisProbabilities } from '../../math/bandit.ts'
import { chebyshevFeatures, type Interval, inverseGapProbabilities, lossCurves } from '../../math/chebyshev-bandit.ts'

/** How arms are chosen for a context. */
export interface Policy {
  start(): BanditState
  probabilities(state: BanditState, context: number): readonly number[]
  learn(state: BanditState, round: Round, probability: number): BanditState
}

/** A bandit for each of several bins of contexts; one for all where there is one bin. */
export const tsallisPolicy = (arms: number, bins: number, [from, to]: Interval): Policy => {
  const binOf = (context: number) => Math.min(bins - 1, Math.max(0, Math.floor((bins * (context - from)) / (to - from))))
  return {
    start: () => ({ losses: Array.from({ length: bins }, () => noLosses(arms)), rounds: [], regret: 0 }),
    probabilities: ({ losses }, context) => tsallisProbabilities(losses[binOf(context)]),
    learn: (state, { arm, context, loss }, probability) => ({
      ...state,
      losses: state.losses.map((one, bin) => (bin === binOf(context) ? afterLoss(one, arm, probability, loss) : one)),
    }),
  }
}

/** A smooth curve of the loss over the context for each arm. */
export const chebyshevPolicy = (arms: number, degree: number, interval: Interval): Policy => ({
  start: () => ({ losses: [], rounds: [], regret: 0 }),
  probabilities: (state, context) => {
    const curves = lossCurves(state, arms, interval, degree)
    if (!curves) return new Array<number>(arms).fill(1 / arms)
    return inverseGapProbabilities(curves.theta, chebyshevFeatures(context, interval, degree), curves.eta)
  },
  learn: (state, round) => {
    const curves = lossCurves(state, arms, interval, degree)
    const features = chebyshevFeatures(round.context, interval, degree)
    const forecast = curves ? curves.theta[round.arm].reduce((sum, value, j) => sum + value * features[j], 0) : 0
    const off = curves ? (forecast - round.loss / curves.scale) ** 2 : 0
    return { ...state, rounds: [...state.rounds, round], regret: state.regret + off }
  },
})
