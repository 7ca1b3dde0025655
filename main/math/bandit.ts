/** One adversarial bandit: what was lost by each arm, each loss over the probability it was played with. */
export interface Losses {
  readonly sums: readonly number[]
  /** The next round, from 1. */
  readonly round: number
  /** Losses are measured in this. */
  readonly scale: number
  /** Of all losses so far. */
  readonly total: number
}

/** A round as contextual bandits remember it. */
export interface Round {
  readonly arm: number
  readonly context: number
  readonly loss: number
}

/** What a bandit knows: plain data, to be kept with a profile. */
export interface BanditState {
  /** One a bin of contexts, or one for all. */
  readonly losses: readonly Losses[]
  /** Kept by policies that fit a curve to them. */
  readonly rounds: readonly Round[]
  /** Squares by which the curve's forecasts were off, summed. */
  readonly regret: number
}

/** Before the first round. */
export const noLosses = (arms: number): Losses => ({ sums: new Array<number>(arms).fill(0), round: 1, scale: 1, total: 0 })

const STEPS = 200

/**
 * Tsallis-INF: p_i = 4 (eta (k_i - x))⁻² with eta = 2 / √round, x such that they sum to 1. From where the sum is surely no less than 1,
 * steps of Newton come to x from one side and cannot pass it.
 */
export function tsallisProbabilities({ sums, round, scale }: Losses): number[] {
  const eta = 2 / Math.sqrt(round)
  const k = sums.map((sum) => sum / scale)
  let x = Math.min(...k) - 2 / eta
  for (let step = 0; step < STEPS; step++) {
    const p = k.map((value) => 4 / (eta * (value - x)) ** 2)
    const excess = p.reduce((sum, value) => sum + value, 0) - 1
    if (excess <= 1e-15) break
    x -= excess / (eta * p.reduce((sum, value) => sum + value ** 1.5, 0))
  }
  const p = k.map((value) => 4 / (eta * (value - x)) ** 2)
  const sum = p.reduce((all, value) => all + value, 0)
  return p.map((value) => value / sum)
}

/** The first arm whose cumulated probability exceeds a number in 0..1. */
export function armOf(probabilities: readonly number[], uniform: number): number {
  let sum = 0
  for (const [arm, probability] of probabilities.entries()) {
    sum += probability
    if (sum > uniform) return arm
  }
  return probabilities.length - 1
}

/** After a loss of at least 1. */
export function afterLoss(losses: Losses, arm: number, probability: number, loss: number): Losses {
  const total = losses.total + loss
  return {
    sums: losses.sums.map((sum, i) => (i === arm ? sum + (loss - 1) / probability : sum)),
    round: losses.round + 1,
    scale: Math.max(total / losses.round - 1, 1e-9),
    total,
  }
}
