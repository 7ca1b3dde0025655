import { z } from 'zod'
import { mix } from '../../math/mix.ts'
import { norm } from '../../math/norms.ts'
import { paced } from '../../math/paced.ts'
import { clipped, noiseFor, rhoOf } from '../../math/private-budget.ts'
import { define } from '../define.ts'
import type { Budget, PrivateLoss, PrivateStep } from '../privacy.ts'

const params = z.object({
  steps: z.int().min(1).max(10_000).default(200).meta({ title: 'Steps' }),
  phase: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .meta({ title: 'Steps between whole slopes', description: 'Between them only changes are measured.' }),
  steepest: z
    .number()
    .gt(0)
    .meta({
      title: 'Steepest slope',
      description: 'Of one picture; longer slopes are cut. Measured on public pictures, never on the private ones.',
    })
    .default(1),
  curvature: z
    .number()
    .gt(0)
    .default(1)
    .meta({ title: 'Curvature', description: 'How fast one picture’s slope changes; also from public pictures.' }),
})
type Settings = z.output<typeof params>

/** With fewer, one picture changes too much. */
const FEWEST = 50
const LARGEST_EPSILON = 20

export interface Descent extends Settings {
  readonly rate: number
  /** Deviation of the noise over what a single one can change; nothing makes it a plain descent. */
  readonly noise: number
}

type Bare = Omit<PrivateStep, 'card' | 'steps'> & { readonly leftOut: number }

/** The mean of what each one says, cut to c. */
function clippedMean(
  loss: PrivateLoss,
  c: number,
  of: (one: number) => Float64Array,
): { readonly mean: Float64Array; readonly leftOut: number } {
  let [sum, leftOut]: [Float64Array | null, number] = [null, 0]
  for (let one = 0; one < loss.count; one++) {
    const raw = of(one)
    if (!raw.every(Number.isFinite)) leftOut++
    sum = sum ? mix([1, sum], [1, clipped(raw, c)]) : clipped(raw, c)
  }
  if (!sum) throw new RangeError('There is nothing to learn from.')
  return { mean: sum.map((value) => value / loss.count), leftOut }
}

/**
 * The descent itself. `sensitivity` bounds how much the slope of a step changes where one is replaced by another; the noise is a
 * multiple of it.
 */
export function* spiderBoost(
  start: Float64Array,
  loss: PrivateLoss,
  { steps, phase, steepest, curvature, rate, noise }: Descent,
  normal: (count: number) => Float64Array,
): Generator<Bare & { readonly sensitivity: number }, void, void> {
  let [w, before, slope] = [start, start, start]
  let leftOut = 0
  for (let step = 0; step < steps; step++) {
    const isWhole = step % phase === 0
    const moved = norm(mix([1, w], [-1, before]))
    const c = isWhole ? steepest : Math.min(curvature * moved, 2 * steepest)
    const said = clippedMean(loss, c, (one) => (isWhole ? loss.slope(w, one) : mix([1, loss.slope(w, one)], [-1, loss.slope(before, one)])))
    leftOut += said.leftOut
    const sensitivity = (2 * c) / loss.count
    const deviation = noise * sensitivity
    slope = mix([isWhole ? 0 : 1, slope], [1, said.mean], [deviation, normal(w.length)])
    ;[w, before] = [mix([1, w], [-rate, slope]), w]
    yield { step: step + 1, w, slope, deviation, sensitivity, leftOut }
  }
}

/** @throws RangeError where the guarantee would be none. */
export function expectBudget({ epsilon, delta }: Budget, count: number): void {
  if (!(count >= FEWEST)) throw new RangeError(`${count} pictures are too few to hide one among them: it takes ${FEWEST}.`)
  if (!(epsilon > 0 && epsilon <= LARGEST_EPSILON)) throw new RangeError(`Epsilon must lie in 0..${LARGEST_EPSILON}, not be ${epsilon}.`)
  if (!(delta > 0 && delta < 1 / count)) throw new RangeError(`Delta must be less than 1 / ${count}, not ${delta}.`)
}

/** A node of the tree that a round of the one-pass method goes through: copies of its parent on the left, fresh things on the right. */
export interface TreeDescent {
  readonly depth: number
  readonly rounds: number
  /** Fresh things at the root; each level takes half of the one above. */
  readonly batch: number
  readonly beta: number
  readonly curvature: number
  /** Ends where a leaf's slope is at most twice as long. */
  readonly still: number
  readonly rootDeviation: number
  readonly nodeDeviation: number
}

export interface Leaf {
  /** Where it stood, and how long its slope was. */
  readonly w: Float64Array
  readonly norm: number
  readonly stopped: boolean
}

/** Tree-based SPIDER: everything private is looked at once. @returns the leaves in order, and how many things were used. */
export function treeSpider(
  start: Float64Array,
  slope: (w: Float64Array, one: number) => Float64Array,
  descent: TreeDescent,
  normal: (count: number) => Float64Array,
): { readonly leaves: readonly Leaf[]; readonly used: number } {
  const { depth, rounds, batch, beta, curvature, still } = descent
  const leaves: Leaf[] = []
  let [w, used, stopped] = [start, 0, false]
  const meanOf = (count: number, of: (one: number) => Float64Array): Float64Array => {
    const first = used
    used += count
    return mix(...Array.from({ length: count }, (_, i) => [1 / count, of(first + i)] as const))
  }
  const visit = (at: number, node: { readonly w: Float64Array; readonly slope: Float64Array }): void => {
    if (at === depth) {
      const length = norm(node.slope)
      stopped = length <= 2 * still
      leaves.push({ w: node.w, norm: length, stopped })
      if (!stopped) w = mix([1, node.w], [-beta / (2 ** (depth / 2) * curvature * length), node.slope])
      return
    }
    visit(at + 1, node)
    if (stopped) return
    const here = w
    const change = meanOf(Math.max(1, Math.floor(batch / 2 ** (at + 1))), (one) => mix([1, slope(here, one)], [-1, slope(node.w, one)]))
    visit(at + 1, { w: here, slope: mix([1, node.slope], [1, change], [descent.nodeDeviation, normal(here.length)]) })
  }
  for (let round = 0; round < rounds && !stopped; round++) {
    const here = w
    const whole = meanOf(batch, (one) => slope(here, one))
    visit(0, { w: here, slope: mix([1, whole], [descent.rootDeviation, normal(here.length)]) })
  }
  return { leaves, used }
}

/**
 * Private SpiderBoost with everybody in each step. A whole slope now and then, its noise a multiple of 2 L0 / n; in between only how
 * slopes changed, cut to c = min(L1 |Δw|, 2 L0), with noise in proportion to 2 c / n: the shorter the steps, the less noise. One
 * multiple m holds for all: T steps cost T / (2 m²) of zero-concentrated privacy, which is made to be what (ε, δ) allows. Stopping
 * early spends less; going on, choosing among runs, or cutting by what the private pictures say would break it, and is not offered.
 */
export const privateStationary = define({
  id: 'private-stationary',
  role: 'private-training',
  title: 'Share my style privately',
  summary: 'Trains on your own pictures so that nobody can tell whether any one of them was among them.',
  paper: {
    title: 'Faster Rates of Convergence to Stationary Points in Differentially Private Optimization',
    year: 2023,
    link: 'https://arxiv.org/abs/2206.00846',
  },
  params,
  needs: {},
  make: (settings) => ({
    async *train(start, loss, budget, normal, signal) {
      expectBudget(budget, loss.count)
      const { steps, curvature } = settings
      const noise = noiseFor(rhoOf(budget.epsilon, budget.delta), steps)
      const cardAfter = (done: number, leftOut: number) => ({ ...budget, rho: done / (2 * noise * noise), steps: done, noise, leftOut })
      let last: PrivateStep = { step: 0, steps, w: start, slope: start, deviation: 0, card: cardAfter(0, 0) }
      const descent = spiderBoost(start, loss, { ...settings, rate: 1 / (2 * curvature), noise }, normal)
      for await (const { step, w, slope, deviation, leftOut } of paced(descent, signal)) {
        last = { step, steps, w, slope, deviation, card: cardAfter(step, leftOut) }
        yield last
      }
      return last
    },
  }),
})
