import { irradiance } from '../../../main/algorithms/splats/gaunt-relight.ts'
import { gauntProduct, toTorus, weighted } from '../../../main/math/gaunt.ts'
import { degreeOf } from '../../../main/math/spherical-function.ts'
import { assume, type FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const single = (l: number, m: number) => Float64Array.from({ length: (l + 1) ** 2 }, (_, i) => Number(i === l * l + l + m))

/** Products of functions on the sphere, the integrals they are made of, and the light that falls on normals. */
export const gauntTensorProductAdapter: FileAdapter = {
  name: 'gaunt-tensor-product',
  recognises: ({ expected }) => Boolean(expected?.weighted_product),
  async check({ settings, a, b, weights, normals, expected, tolerance }) {
    const [f, h] = [flat(a), flat(b)]
    assume(settings, { La: degreeOf(f), Lb: degreeOf(h) })
    const product = gauntProduct(f, h)
    const { degree, re, im } = toTorus(f)
    const byRows = (values: Float64Array) =>
      Array.from({ length: 2 * degree + 1 }, (_, u) => [...values.subarray(u * (2 * degree + 1), (u + 1) * (2 * degree + 1))])
    const integral = ([l1, m1, l2, m2, l3, m3]: number[]) => gauntProduct(single(l1, m1), single(l2, m2))[l3 * l3 + l3 + m3] ?? 0
    const actual = {
      product,
      weighted_product: weighted(gauntProduct(weighted(f, weights.wa), weighted(h, weights.wb)), weights.wc),
      gaunt_l1m1l2m2l3m3_value: expected.gaunt_l1m1l2m2l3m3_value.map((row: number[]) => [...row.slice(0, 6), integral(row)]),
      irradiance: normals.map((normal: number[]) => irradiance(product, normal)),
      fourier_a_real: byRows(re),
      fourier_a_imag: byRows(im),
    }
    return differences(actual, expected, () => tolerance.float64)
  },
}
