import { cholesky } from './cholesky.ts'
import { type Matrix, matrix } from './matrix.ts'
import { solveLower } from './triangle.ts'

/** What was tried: numbers of the situation, switches that were on (1) or off, and what came of it. */
export interface Play {
  readonly context: readonly number[]
  readonly switches: readonly number[]
  readonly reward: number
}

/** Logarithms: of the squared width in the context, of how much switches matter, and of one over the noise's variance. */
export interface Hyper {
  readonly width: number
  readonly switches: number
  readonly precision: number
}

const JITTER = 1e-5
/** The precision is thought of as drawn from a Gamma distribution of this shape. */
const SHAPE = 100

/** exp(-|s - s'|² / e^width) · exp(e^switches · the share of switches that stand alike) */
export function switchKernel(a: Omit<Play, 'reward'>, b: Omit<Play, 'reward'>, { width, switches }: Hyper): number {
  const gap = a.context.reduce((sum, value, i) => sum + (value - b.context[i]) ** 2, 0)
  const alike = a.switches.reduce((sum, value, j) => sum + 1 - Math.abs(value - b.switches[j]), 0) / a.switches.length
  return Math.exp(-gap / Math.exp(width)) * Math.exp(Math.exp(switches) * alike)
}

/** A Gaussian process over what was tried, factorised. */
export interface SwitchProcess {
  readonly plays: readonly Play[]
  readonly hyper: Hyper
  readonly lower: Matrix
  /** The lower triangle's inverse times the rewards. */
  readonly whitened: Float64Array
}

/** @throws RangeError where nothing was tried, or the plays cannot be told apart. */
export function switchProcess(plays: readonly Play[], hyper: Hyper): SwitchProcess {
  if (plays.length === 0) throw new RangeError('Nothing was tried.')
  const n = plays.length
  const k = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) k.data[i * n + j] = switchKernel(plays[i], plays[j], hyper)
    k.data[i * n + i] += JITTER + Math.exp(-hyper.precision)
  }
  const lower = cholesky(k)
  return {
    plays,
    hyper,
    lower,
    whitened: solveLower(
      lower,
      Float64Array.from(plays, ({ reward }) => reward),
    ),
  }
}

/** What is expected of a try, and how unsure that is: the noise of single tries is not counted. */
export function expectedOf({ plays, hyper, lower, whitened }: SwitchProcess, at: Omit<Play, 'reward'>) {
  const near = solveLower(
    lower,
    Float64Array.from(plays, (play) => switchKernel(play, at, hyper)),
  )
  const mean = near.reduce((sum, value, i) => sum + value * whitened[i], 0)
  const explained = near.reduce((sum, value) => sum + value * value, 0)
  return { mean, variance: Math.max(0, Math.exp(Math.exp(hyper.switches)) + JITTER - explained) }
}

/** log Γ(n) of a whole number. */
const logGamma = (n: number): number => Array.from({ length: n - 1 }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b, 0)

/** Minus the logarithm of how likely the rewards are, with what is thought of the precision. */
export function unlikeliness({ hyper, lower, whitened }: SwitchProcess): number {
  const n = whitened.length
  let sum = 0.5 * n * Math.log(2 * Math.PI)
  for (let i = 0; i < n; i++) sum += 0.5 * whitened[i] ** 2 + Math.log(lower.data[i * n + i])
  const precision = Math.exp(hyper.precision)
  return sum - ((SHAPE - 1) * hyper.precision - precision - logGamma(SHAPE))
}

const BOUNDS: Readonly<Record<keyof Hyper, readonly [number, number]>> = { width: [-3, 4], switches: [-3, 2], precision: [-2, 6] }

/** The likeliest hyperparameters, by steps along each that shorten where none helps. */
export function likeliest(plays: readonly Play[], start: Hyper): SwitchProcess {
  let best = switchProcess(plays, start)
  let least = unlikeliness(best)
  for (let step = 1; step > 0.05; ) {
    let isBetter = false
    for (const name of Object.keys(BOUNDS) as (keyof Hyper)[])
      for (const by of [step, -step]) {
        const [lowest, highest] = BOUNDS[name]
        const hyper = { ...best.hyper, [name]: Math.max(lowest, Math.min(highest, best.hyper[name] + by)) }
        const tried = switchProcess(plays, hyper)
        const value = unlikeliness(tried)
        if (!(value < least)) continue
        ;[best, least, isBetter] = [tried, value, true]
      }
    if (!isBetter) step /= 2
  }
  return best
}

/** All ways so many switches can stand, counted in binary, the first the highest bit. */
export const allSwitches = (count: number): number[][] =>
  Array.from({ length: 2 ** count }, (_, arm) => Array.from({ length: count }, (_, j) => (arm >> (count - 1 - j)) & 1))
