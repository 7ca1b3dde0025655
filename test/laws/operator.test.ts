import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operators } from '../../main/algorithms/index.ts'
import { adjointGap, compose, dot, operatorNorm, stack } from '../../main/algorithms/restoration/operators/linear.ts'
import type { LinearOperator } from '../../main/algorithms/roles.ts'
import { noiseOf, normalsInto } from '../../main/math/random.ts'
import { sizeOf } from '../../main/math/tensor.ts'

const side = fc.integer({ min: 1, max: 14 })
const shapes = fc.tuple(fc.integer({ min: 1, max: 3 }), side, side)
const reals = (length: number) => fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length })
const bits = (length: number) => fc.array(fc.constantFrom(0 as const, 1 as const), { minLength: length, maxLength: length })
type Id = (typeof operators)[number]['id']

const kernels = fc.oneof(
  fc.record({ kind: fc.constant('gaussian'), sigma: fc.double({ min: 0.2, max: 4, noNaN: true }) }),
  fc.record({
    kind: fc.constant('motion'),
    length: fc.double({ min: 1, max: 12, noNaN: true }),
    angle: fc.double({ min: -180, max: 180, noNaN: true }),
  }),
  fc
    .tuple(fc.constantFrom(1, 3, 5), fc.constantFrom(1, 3, 7))
    .chain(([rows, columns]) => fc.array(reals(columns), { minLength: rows, maxLength: rows }))
    .filter((rows) => Math.abs(rows.flat().reduce((sum, value) => sum + value, 0)) > 0.1)
    .map((rows) => ({ kind: 'custom', rows })),
)

/** Random settings of each operator for a picture of that shape. A new operator cannot compile without. */
const settings: Readonly<Record<Id, (shape: readonly [number, number, number]) => fc.Arbitrary<object>>> = {
  blur: (shape) => fc.record({ shape: fc.constant(shape), kernel: kernels, boundary: fc.constantFrom('symmetric', 'circular', 'zero') }),
  fourier: ([channels, rows, columns]) =>
    fc.record({
      shape: fc.constant([channels, rows, columns]),
      mask: bits(rows * columns),
      coils: fc.option(
        fc
          .integer({ min: 1, max: 3 })
          .chain((coils) => fc.record({ re: reals(coils * rows * columns), im: reals(coils * rows * columns) })),
      ),
    }),
  grey: (shape) => fc.record({ shape: fc.constant(shape), weights: reals(shape[0]).filter((w) => w.some((v) => Math.abs(v) > 0.01)) }),
  mask: (shape) => fc.record({ shape: fc.constant(shape), mask: bits(shape[1] * shape[2]) }),
  radon: (shape) =>
    fc.record({
      shape: fc.constant(shape),
      angles: fc.array(fc.double({ min: -360, max: 360, noNaN: true }), { minLength: 1, maxLength: 5 }),
      detectors: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    }),
  resize: (shape) =>
    fc.record({ shape: fc.constant(shape), out: fc.tuple(side, side), filter: fc.constantFrom('box', 'bilinear', 'bicubic') }),
}

const normals = (length: number, seed: number) => {
  const values = new Float64Array(length)
  normalsInto(values, noiseOf(seed))
  return values
}
const furthest = (a: Float64Array, b: Float64Array) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
const largest = (a: Float64Array) => a.reduce((most, value) => Math.max(most, Math.abs(value)), 1)

/** A random instance of an operator. */
const instances = (method: (typeof operators)[number]): fc.Arbitrary<LinearOperator> =>
  shapes.chain((shape) => settings[method.id](shape)).map((params) => make(method, params))

// Each method parses its own parameters: here the union of their types meets, which TypeScript cannot follow.
const make = (method: (typeof operators)[number], params: object): LinearOperator =>
  (method.make as (params: unknown, networks: object) => LinearOperator)(method.params.parse(params), {})

const seeds = fc.integer({ min: 0, max: 1e6 })

describe.each(operators.map((method) => [method.id, method] as const))('the operator %s', (_, method) => {
  it('has an exact adjoint', () => {
    fc.assert(
      fc.property(instances(method), seeds, (operator, seed) => {
        expect(adjointGap(operator, noiseOf(seed))).toBeLessThan(1e-12)
      }),
    )
  })

  it('is linear, has the shape it says, and leaves its input alone', () => {
    fc.assert(
      fc.property(instances(method), seeds, fc.double({ min: -3, max: 3, noNaN: true }), (operator, seed, scale) => {
        const x = normals(sizeOf(operator.inShape), seed)
        const z = normals(x.length, seed + 1)
        const before = x.slice()
        const both = operator.apply(x.map((value, i) => value + scale * z[i]))
        const ax = operator.apply(x)
        const az = operator.apply(z)
        expect(ax.length).toBe(sizeOf(operator.outShape))
        expect(operator.adjoint(ax).length).toBe(x.length)
        expect(x).toEqual(before)
        const sum = ax.map((value, i) => value + scale * az[i])
        expect(furthest(both, sum)).toBeLessThan(1e-11 * largest(sum))
      }),
    )
  })

  it('has a pseudo-inverse that is one, where it has any', () => {
    fc.assert(
      fc.property(instances(method), seeds, (operator, seed) => {
        if (!operator.pinv) return
        const ax = operator.apply(normals(sizeOf(operator.inShape), seed))
        expect(furthest(operator.apply(operator.pinv(ax)), ax)).toBeLessThan(1e-9 * largest(ax))
      }),
    )
  })
})

describe('operators together', () => {
  const shape = [3, 12, 10] as const
  const blurs = { kind: 'gaussian', sigma: 1.3 }
  const byId = Object.fromEntries(operators.map((method) => [method.id, method])) as Record<Id, (typeof operators)[number]>
  const blur = make(byId.blur, { shape, kernel: blurs })
  const resize = make(byId.resize, { shape, out: [6, 5], filter: 'bicubic' })

  it('have exact adjoints composed and stacked', () => {
    expect(adjointGap(compose(resize, blur), noiseOf(3))).toBeLessThan(1e-12)
    expect(adjointGap(stack([blur, resize, make(byId.grey, { shape })]), noiseOf(4))).toBeLessThan(1e-12)
    expect(() => compose(blur, resize)).toThrow(RangeError)
  })

  it('tell an operator whose adjoint is another’s', () => {
    expect(adjointGap({ ...blur, adjoint: (y) => y }, noiseOf(1))).toBeGreaterThan(1e-3)
  })

  it('have their norms: 1 for blur and a full Fourier mask', () => {
    expect(operatorNorm(blur, noiseOf(1))).toBeCloseTo(1, 3)
    const full = Array.from({ length: 120 }, () => 1)
    const fourier = make(byId.fourier, { shape, mask: full })
    expect(operatorNorm(fourier, noiseOf(1))).toBeCloseTo(1, 9)
    const x = normals(360, 9)
    expect(furthest(fourier.adjoint(fourier.apply(x)), x)).toBeLessThan(1e-12)
  })

  it('keep a constant picture: rows of blur and resize sum to 1', () => {
    const ones = new Float64Array(360).fill(1)
    for (const operator of [
      blur,
      resize,
      make(byId.blur, { shape, kernel: { kind: 'motion', length: 7, angle: 30 }, boundary: 'circular' }),
    ])
      for (const value of operator.apply(ones)) expect(value).toBeCloseTo(1, 12)
  })

  it('keep all mass in projections, and a disc looks alike from everywhere', () => {
    const disc = new Float64Array(64 * 64)
    for (let i = 0; i < 64; i++) for (let j = 0; j < 64; j++) if (Math.hypot(i - 31.5, j - 31.5) <= 20) disc[i * 64 + j] = 1
    const angles = Array.from({ length: 12 }, (_, k) => 15 * k)
    const radon = make(byId.radon, { shape: [1, 64, 64], angles })
    const y = radon.apply(disc)
    const length = y.length / 12
    const mass = disc.reduce((sum, value) => sum + value, 0)
    const rows = angles.map((_, a) => y.subarray(a * length, (a + 1) * length))
    const mean = Float64Array.from({ length }, (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length)
    for (const row of rows) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(mass, 8)
    // Pixels are points here, so that even a disc has a grain: 2.7 % over all angles, 5.5 % at 45 degrees.
    const apart = rows.reduce((sum, row) => sum + row.reduce((s, value, i) => s + (value - mean[i]) ** 2, 0), 0)
    expect(Math.sqrt(apart / (rows.length * dot(mean, mean)))).toBeLessThan(0.04)
  })
})
