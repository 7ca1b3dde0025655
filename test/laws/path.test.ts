import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paths } from '../../main/algorithms/index.ts'
import { lambdaOf, nodeAt, type Path, retime } from '../../main/math/gaussian-path.ts'
import { decode, encode, type PredictionKind, rows } from '../../main/math/prediction.ts'

type Id = (typeof paths)[number]['id']

/** Random settings of each path. A new path cannot compile without. */
const settings: Readonly<Record<Id, fc.Arbitrary<object>>> = {
  edm: fc.record({ sigmaMax: fc.double({ min: 30, max: 100, noNaN: true }), sigmaMin: fc.double({ min: 0.001, max: 0.02, noNaN: true }) }),
  // Of all that could be unknown at a signal-to-noise, some share is: more than all of it no data has.
  'kinetic-optimal': fc
    .subarray([0.1, 0.3, 0.7, 1.2, 2, 5, 12])
    .chain((signals) =>
      fc
        .tuple(...signals.map(() => fc.double({ min: 0, max: 0.98, noNaN: true })))
        .map((shares) => ({ separation: signals.map((s, i) => ({ s, unknown: shares[i] / (1 + s * s) })) })),
    ),
  'rectified-flow': fc.constant({}),
  trig: fc.constant({}),
  'vp-cosine': fc.record({ s: fc.double({ min: 0.004, max: 0.02, noNaN: true }) }),
  'vp-discrete': fc.record({
    form: fc.constantFrom('scaled_linear', 'linear'),
    betaStart: fc.double({ min: 0.0005, max: 0.001, noNaN: true }),
    betaEnd: fc.double({ min: 0.0115, max: 0.02, noNaN: true }),
    count: fc.constantFrom(1000, 1200),
  }),
  'vp-linear': fc.record({ beta0: fc.double({ min: 0.05, max: 0.2, noNaN: true }), beta1: fc.double({ min: 15, max: 25, noNaN: true }) }),
}

// Each method parses its own parameters: here the union of their types meets, which TypeScript cannot follow.
const make = (method: (typeof paths)[number], params: object): Path =>
  (method.make as (params: unknown, networks: object) => Path)(method.params.parse(params), {})
/** A share of the way from noise to data, the very ends left out. */
const shares = fc.double({ min: 0.01, max: 0.99, noNaN: true })
const timeAt = ({ tNoise, tData }: Path, share: number) => tNoise + (tData - tNoise) * share
const values = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }).map((list) => Float64Array.from(list))

describe.each(paths.map((method) => [method.id, method] as const))('the path %s', (_, method) => {
  it('begins in noise and ends in the picture', () => {
    fc.assert(
      fc.property(settings[method.id], (params) => {
        const path = make(method, params)
        expect(lambdaOf(nodeAt(path, path.tNoise))).toBeLessThan(-2)
        expect(lambdaOf(nodeAt(path, path.tData))).toBeGreaterThan(3)
      }),
    )
  })

  it('gains on the noise all the way', () => {
    fc.assert(
      fc.property(settings[method.id], shares, shares, (params, a, b) => {
        const path = make(method, params)
        fc.pre(Math.abs(a - b) > 1e-6)
        const [early, late] = [Math.min(a, b), Math.max(a, b)]
        expect(lambdaOf(nodeAt(path, timeAt(path, late)))).toBeGreaterThan(lambdaOf(nodeAt(path, timeAt(path, early))))
      }),
    )
  })

  it('finds the time of a lambda', () => {
    fc.assert(
      fc.property(settings[method.id], shares, (params, share) => {
        const path = make(method, params)
        const t = timeAt(path, share)
        expect(Math.abs(path.tOfLambda(lambdaOf(nodeAt(path, t))) - t)).toBeLessThan(1e-9 * Math.max(1, Math.abs(t)))
      }),
    )
  })

  it('knows its own slopes', () => {
    fc.assert(
      fc.property(settings[method.id], shares, (params, share) => {
        const path = make(method, params)
        const t = timeAt(path, share)
        const h = 1e-6 * Math.max(1, Math.abs(t))
        // A path made of straight pieces has no slope where two of them meet.
        const pieces = path.table?.abar.length
        if (pieces) fc.pre(Math.abs(t * pieces - Math.round(t * pieces)) > 3 * h * pieces)
        for (const [value, slope] of [
          [path.alpha, path.dAlpha],
          [path.sigma, path.dSigma],
        ] as const) {
          const measured = (value(t + h) - value(t - h)) / (2 * h)
          expect(Math.abs(measured - slope(t))).toBeLessThan(1e-6 * Math.max(1, Math.abs(measured)))
        }
      }),
    )
  })

  it('reads back what every kind of prediction says', () => {
    fc.assert(
      fc.property(settings[method.id], shares, values, values, (params, share, x0, eps) => {
        const path = make(method, params)
        const node = nodeAt(path, timeAt(path, share))
        const x = x0.map((value, i) => node.alpha * value + node.sigma * eps[i])
        for (const kind of Object.keys(rows) as PredictionKind[]) {
          const [p, q] = rows[kind](node, path)
          // The raw network of Karras et al. belongs to his path, where alpha is 1; others lose digits where they say little.
          if (Math.abs(node.alpha * q - node.sigma * p) < 1e-3) continue
          const back = decode(x, encode({ x0, eps }, [p, q]), [p, q], node)
          for (let i = 0; i < x.length; i++) {
            expect(Math.abs(back.x0[i] - x0[i])).toBeLessThan(1e-9)
            expect(Math.abs(back.eps[i] - eps[i])).toBeLessThan(1e-9)
          }
        }
      }),
    )
  })

  it('serves every other path by a change of scale and time', () => {
    fc.assert(
      fc.property(settings[method.id], fc.constantFrom(...paths.map((one) => one.id)), shares, (params, otherId, share) => {
        const trained = make(method, params)
        const sampled = make(paths.find((one) => one.id === otherId)!, {})
        const node = nodeAt(sampled, timeAt(sampled, share))
        const lambda = lambdaOf(node)
        fc.pre(lambda > lambdaOf(nodeAt(trained, trained.tNoise)) && lambda < lambdaOf(nodeAt(trained, trained.tData)))
        const { tau, k } = retime(trained, node)
        expect(Math.abs(k * trained.alpha(tau) - node.alpha)).toBeLessThan(1e-9 * Math.max(1, node.alpha))
        expect(Math.abs(k * trained.sigma(tau) - node.sigma)).toBeLessThan(1e-9 * Math.max(1, node.sigma))
      }),
    )
  })

  it('has no time for what is no number', () => {
    expect(() => make(method, {}).tOfLambda(Number.NaN)).toThrow(RangeError)
  })
})
