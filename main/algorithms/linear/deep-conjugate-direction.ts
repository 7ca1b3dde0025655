import { z } from 'zod'
import { type Apply, dotOf, type Solution } from '../../math/conjugate-gradient.ts'
import { mix } from '../../math/mix.ts'
import { applyPoisson } from '../../math/poisson-grid.ts'
import { define } from '../define.ts'
import type { Direction } from '../poisson.ts'
import { levelled } from './poisson-system.ts'

const params = z.object({
  iterations: z.int().min(1).max(10_000).default(100).meta({ title: 'Most rounds' }),
  tolerance: z
    .number()
    .min(0)
    .max(1)
    .default(1e-4)
    .meta({ title: 'Tolerance', description: 'Residual as a share of the first one: 0.0001 is enough for 8 bits.' }),
})

/** So often a network may fail before it is not asked again. */
const PATIENCE = 3

/** A direction, its image, and the product of both. */
interface Past {
  readonly p: Float64Array
  readonly q: Float64Array
  readonly a: number
}

const turned = (d: Float64Array, past: readonly Past[]): Float64Array =>
  mix([1, d], ...past.map(({ p, q, a }) => [-dotOf(d, q) / a, p] as const))

export interface DirectionRun extends Solution {
  readonly fallbacks: number
}

/** The steps themselves, on any symmetric, positive map. */
export async function* directionSteps(
  apply: Apply,
  b: Float64Array,
  start: Float64Array,
  direction: Direction,
  { iterations, tolerance }: z.output<typeof params>,
  signal: AbortSignal,
): AsyncGenerator<DirectionRun, DirectionRun, void> {
  let value = start
  let r = mix([1, b], [-1, apply(value)])
  const first = Math.sqrt(dotOf(r, r))
  let residual = first
  let past: readonly Past[] = []
  let fallbacks = 0
  const run = (status: Solution['status'], done: number): DirectionRun => ({ value, status, iterations: done, residual, fallbacks })
  if (first === 0) return run('converged', 0)
  for (let i = 1; i <= iterations; i++) {
    signal.throwIfAborted()
    const unit = r.map((one) => one / residual)
    let p = turned(fallbacks < PATIENCE ? await direction(unit, signal) : unit, past)
    let q = apply(p)
    let a = dotOf(p, q)
    if (!(a > 0 && Number.isFinite(a))) {
      fallbacks++
      p = turned(unit, past)
      q = apply(p)
      a = dotOf(p, q)
      if (!(a > 0)) return run('indefinite', i - 1)
    }
    value = mix([1, value], [dotOf(p, r) / a, p])
    // Anew, not by what was added: the directions of a network need not be exact.
    r = mix([1, b], [-1, apply(value)])
    residual = Math.sqrt(dotOf(r, r))
    past = [{ p, q, a }, ...past].slice(0, 2)
    const isDone = residual === 0 || residual < tolerance * first
    yield run(isDone ? 'converged' : 'limit', i)
    if (isDone) return run('converged', i)
  }
  return run('limit', iterations)
}

/**
 * A network looks at the residual and says where to go; the direction is made conjugate to the last two, d -= p (d·q) / a, and the length
 * is the best one along it. So the error never grows, whatever the network says, and with the residual itself for a direction this is
 * conjugate gradients. Where a network fails, the residual stands in; where it fails three times, for good. On a processor multigrid is
 * several times quicker: this is for systems that no multigrid is at hand for.
 */
export const deepConjugateDirection = define({
  id: 'deep-conjugate-direction',
  role: 'direction-solver',
  title: 'Learned directions',
  summary: 'Pastes seamlessly in a few rounds, each led by a small network.',
  paper: {
    title: 'A Deep Conjugate Direction Method for Iteratively Solving Linear Systems',
    year: 2023,
    link: 'https://arxiv.org/abs/2205.10763',
  },
  params,
  needs: {},
  make: (settings) => ({
    async *solve(system, direction, signal) {
      signal.throwIfAborted()
      const { b, start, pieces } = levelled(system)
      if (!system.grid.unknown.some((one) => one)) throw new RangeError('The mask is empty.')
      const run = directionSteps((u) => applyPoisson(system.grid, u), b, start, direction, settings, signal)
      for (let next = await run.next(); ; next = await run.next()) {
        if (next.done) return { ...next.value, value: pieces.settle(next.value.value), floating: pieces.count }
        yield next.value
      }
    },
  }),
})
