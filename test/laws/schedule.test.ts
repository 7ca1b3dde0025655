import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paths, schedules } from '../../main/algorithms/index.ts'
import type { Schedule } from '../../main/algorithms/roles.ts'
import { type Leg, lambdaOf, nodeAt, type Path } from '../../main/math/gaussian-path.ts'

type Id = (typeof schedules)[number]['id']
type PathId = (typeof paths)[number]['id']

interface Claim {
  readonly settings: (steps: number) => fc.Arbitrary<object>
  /** Where it can be used. */
  readonly on: readonly PathId[]
  /** Do its legs hang together end to end? */
  readonly chained: boolean
  /** Is the first node the path's own start? */
  readonly startsAtNoise: boolean
}

const spacing = fc.constantFrom('linspace', 'leading', 'trailing')
const anywhere: readonly PathId[] = ['edm', 'kinetic-optimal', 'rectified-flow', 'trig', 'vp-cosine', 'vp-discrete', 'vp-linear']

/** What each schedule promises. A new schedule cannot compile without. */
const claims: Readonly<Record<Id, Claim>> = {
  'auto-diffusion': {
    settings: (steps) =>
      fc
        .uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: steps, maxLength: steps })
        .map((at) => ({ found: [{ kind: 'levels', at }] })),
    on: ['vp-discrete'],
    chained: true,
    startsAtNoise: false,
  },
  'euler-discrete': { settings: () => fc.record({ spacing }), on: ['vp-discrete'], chained: true, startsAtNoise: false },
  karras: {
    settings: () => fc.record({ landing: fc.constantFrom('zero', 'sigma_min') }),
    on: ['edm', 'vp-cosine', 'vp-discrete', 'vp-linear'],
    chained: true,
    startsAtNoise: true,
  },
  'kinetic-spacing': { settings: () => fc.constant({}), on: anywhere, chained: true, startsAtNoise: true },
  'log-snr': { settings: () => fc.constant({}), on: anywhere, chained: true, startsAtNoise: false },
  multistep: {
    settings: () => fc.record({ spacing, landing: fc.constantFrom('zero', 'sigma_min') }),
    on: ['vp-discrete'],
    chained: true,
    startsAtNoise: false,
  },
  quadratic: { settings: () => fc.constant({}), on: anywhere, chained: true, startsAtNoise: true },
  uniform: {
    settings: () => fc.record({ spacing, landing: fc.constantFrom('first', 'clean') }),
    on: anywhere,
    chained: false,
    startsAtNoise: false,
  },
}

const makeSchedule = (method: (typeof schedules)[number], params: object): Schedule =>
  (method.make as (params: unknown, networks: object) => Schedule)(method.params.parse(params), {})
const pathNamed = (id: PathId): Path => {
  const method = paths.find((one) => one.id === id)!
  return (method.make as (params: unknown, networks: object) => Path)(method.params.parse({}), {})
}
const ratio = ({ alpha, sigma }: Leg['from']) => sigma / alpha

describe.each(schedules.map((method) => [method.id, method] as const))('the schedule %s', (id, method) => {
  const { settings, on, chained, startsAtNoise } = claims[id]
  const courses = fc.integer({ min: 2, max: 60 }).chain((steps) => fc.tuple(settings(steps), fc.constantFrom(...on), fc.constant(steps)))

  it('takes so many steps, each away from the noise', () => {
    fc.assert(
      fc.property(courses, ([params, on, steps]) => {
        const [schedule, path] = [makeSchedule(method, params), pathNamed(on)]
        const legs = schedule.legs(path, steps)
        expect(legs.length).toBe(steps)
        for (const [i, { from, to }] of legs.entries()) {
          // Landing on the cleanest level from itself is a step that goes nowhere: only the even schedule of a table has it.
          if (chained) expect(ratio(to)).toBeLessThan(ratio(from))
          else expect(ratio(to)).toBeLessThanOrEqual(ratio(from))
          if (i > 0) expect(ratio(from)).toBeLessThan(ratio(legs[i - 1].from))
          if (i > 0 && chained) expect(from).toEqual(legs[i - 1].to)
        }
      }),
    )
  })

  it('keeps to the path', () => {
    fc.assert(
      fc.property(courses, ([params, on, steps]) => {
        const [schedule, path] = [makeSchedule(method, params), pathNamed(on)]
        for (const { from } of schedule.legs(path, steps)) {
          if (!Number.isFinite(lambdaOf(from))) continue
          const own = nodeAt(path, path.tOfLambda(lambdaOf(from)))
          expect(Math.abs(ratio(own) / ratio(from) - 1)).toBeLessThan(1e-8)
        }
      }),
    )
  })

  it('ends where it should', () => {
    fc.assert(
      fc.property(courses, ([params, on, steps]) => {
        const [schedule, path] = [makeSchedule(method, params), pathNamed(on)]
        const legs = schedule.legs(path, steps)
        const { to } = legs[legs.length - 1]
        if (startsAtNoise) expect(legs[0].from.sigma).toBeCloseTo(path.sigma(path.tNoise), 9)
        const clean = ratio(nodeAt(path, path.tData))
        expect(to.sigma === 0 || ratio(to) <= Math.max(clean * (1 + 1e-9), 0.01)).toBe(true)
      }),
    )
  })

  it('is the same every time, and refuses no steps', () => {
    fc.assert(
      fc.property(courses, ([params, on, steps]) => {
        const [schedule, path] = [makeSchedule(method, params), pathNamed(on)]
        expect(schedule.legs(path, steps)).toEqual(schedule.legs(path, steps))
        for (const none of [0, -1, 2.5, Number.NaN]) expect(() => schedule.legs(path, none)).toThrow()
      }),
      { numRuns: 20 },
    )
  })
})
