import { z } from 'zod'
import { advance, noiseOf, uniformsInto } from '../../math/random.ts'
import { seamNames } from '../../math/seam-terms.ts'
import { allSwitches, expectedOf, likeliest, switchProcess } from '../../math/switch-process.ts'
import type { Tried } from '../decision.ts'
import { define } from '../define.ts'

const params = z.object({
  first: z.int().min(1).max(100).default(5).meta({ title: 'Tries at random', description: 'Before anything is expected.' }),
  courage: z.number().min(0).max(10).default(1).meta({ title: 'Courage', description: 'How much what is unsure is liked while learning.' }),
})
type Settings = z.output<typeof params>

/** Where the search for the likeliest widths and noise begins. */
const START = { width: 0, switches: 0, precision: 0 }
const ARMS = allSwitches(seamNames.length)

function expectTried(tried: readonly Tried[], context: readonly number[]): void {
  for (const one of tried)
    if (one.switches.length !== seamNames.length || one.context.length !== context.length || !Number.isFinite(one.reward))
      throw new RangeError('What was tried does not fit the switches or the situation.')
}

/** The arm with the highest mean and so many deviations. */
function highest(tried: readonly Tried[], context: readonly number[], courage: number): readonly number[] {
  if (tried.length === 0) throw new RangeError('Nothing was tried.')
  const mean = tried.reduce((sum, { reward }) => sum + reward, 0) / tried.length
  const centred = tried.map((one) => ({ ...one, reward: one.reward - mean }))
  const { hyper } = likeliest(centred, START)
  const process = switchProcess(centred, hyper)
  let [best, most]: [readonly number[], number] = [ARMS[0], Number.NEGATIVE_INFINITY]
  for (const switches of ARMS) {
    const expected = expectedOf(process, { context, switches })
    const bound = expected.mean + courage * Math.sqrt(expected.variance)
    if (bound > most) [best, most] = [switches, bound]
  }
  return best
}

function nextTry(tried: readonly Tried[], context: readonly number[], seed: number, { first, courage }: Settings): readonly number[] {
  expectTried(tried, context)
  if (tried.length >= first) return highest(tried, context, courage)
  const chance = new Float64Array(1)
  uniformsInto(chance, advance(noiseOf(seed), tried.length))
  return ARMS[Math.floor(chance[0] * ARMS.length)]
}

/**
 * METALIC: where a picture is filled cell by cell, each a small function that solves u_xx + u_yy = f, what the cells must agree on
 * along a seam decides how good it becomes: values, slopes, curvatures, residuals, nine conditions that may each be on or off. Which
 * to put on depends on the situation and is learned by a bandit: a Gaussian process over situation and switches, with kernel
 * exp(-|s - s'|² / ℓ) exp(κ · the share of switches alike), tried next where mean + courage · deviation is highest. All at once is bad.
 */
export const interfaceConditions = define({
  id: 'interface-conditions',
  role: 'switch-bandit',
  title: 'Smooth fill',
  summary: 'Learns how the cells of a smooth fill must meet, so that no seam is seen at any zoom.',
  paper: {
    title: 'Meta Learning of Interface Conditions for Multi-Domain Physics-Informed Neural Networks',
    year: 2023,
    link: 'https://arxiv.org/abs/2210.12669',
  },
  params,
  needs: {},
  make: (settings) => ({
    names: seamNames,
    next: (tried, context, seed) => nextTry(tried, context, seed, settings),
    best: (tried, context) => {
      expectTried(tried, context)
      return highest(tried, context, 0)
    },
  }),
})
