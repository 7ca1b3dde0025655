import { blur } from '../../../main/algorithms/restoration/operators/blur.ts'
import { fourier } from '../../../main/algorithms/restoration/operators/fourier.ts'
import { grey } from '../../../main/algorithms/restoration/operators/grey.ts'
import { dot } from '../../../main/algorithms/restoration/operators/linear.ts'
import { mask } from '../../../main/algorithms/restoration/operators/mask.ts'
import { radon } from '../../../main/algorithms/restoration/operators/radon.ts'
import { resize } from '../../../main/algorithms/restoration/operators/resize.ts'
import type { LinearOperator } from '../../../main/algorithms/roles.ts'
import { gaussianKernel } from '../../../main/math/convolution.ts'
import type { Picture } from '../../../main/math/picture.ts'
import { resizeRows } from '../../../main/math/resample.ts'
import type { Adapter, Case, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { pictureOf } from '../picture-of.ts'

type Shape = [number, number, number]
const numbers = (nested: unknown[]): number[] => nested.flat(4) as number[]

/** The product's operator of a case, parsed as the product parses it, for a picture of that shape. */
function operatorOf({ operator, settings = {} }: Case, shape: Shape): LinearOperator {
  switch (operator) {
    case 'mask':
      return mask.make(mask.params.parse({ shape, mask: numbers(settings.mask) }), {})
    case 'gaussian_blur': {
      const { sigma, radius, boundary, kernel1d } = settings
      if (kernel1d) expectKernel(sigma, radius, kernel1d)
      return blur.make(blur.params.parse({ shape, kernel: { kind: 'gaussian', sigma, radius }, boundary }), {})
    }
    case 'blur_kernel': {
      const kernel = { kind: 'custom', rows: settings.kernel, normalise: false }
      return blur.make(blur.params.parse({ shape, kernel, boundary: settings.boundary }), {})
    }
    case 'resize_antialias':
      return resize.make(resize.params.parse({ shape, out: settings.out, filter: settings.filter }), {})
    case 'grey':
      return grey.make(grey.params.parse({ shape, weights: settings.weights }), {})
    case 'fourier_undersampled':
      return fourier.make(fourier.params.parse({ shape, mask: numbers(settings.mask) }), {})
    case 'fourier_multicoil': {
      const coils = { re: numbers(settings.coils.re), im: numbers(settings.coils.im) }
      return fourier.make(fourier.params.parse({ shape, mask: numbers(settings.mask), coils }), {})
    }
    case 'radon':
      return radon.make(radon.params.parse({ shape, angles: settings.angles_deg, detectors: settings.detectors }), {})
    default:
      throw new Error(`there is no operator "${operator}"`)
  }
}

/** The file shows the taps that its sigma and radius mean. */
function expectKernel(sigma: number, radius: number, taps: readonly number[]): void {
  const [wrong] = differences(gaussianKernel(sigma, radius), taps, () => 1e-8, 'kernel1d')
  if (wrong) throw new RangeError(wrong)
}

/** Which channels of x a case is about: `uses` says "channel N of x", otherwise all. */
function pictureFor(x: Picture & { data: Float64Array }, uses: string | undefined): Picture & { data: Float64Array } {
  const channel = uses?.match(/channel (\d+)/)?.[1]
  if (channel === undefined) return x
  const size = x.shape[1] * x.shape[2]
  return { shape: [1, x.shape[1], x.shape[2]], data: x.data.slice(Number(channel) * size, (Number(channel) + 1) * size) }
}

const isComplex = (value: unknown): value is { re: unknown[]; im: unknown[] } =>
  typeof value === 'object' && value !== null && 're' in value
const flat = (value: unknown[] | { re: unknown[]; im: unknown[] }): Float64Array =>
  Float64Array.from(isComplex(value) ? [...numbers(value.re), ...numbers(value.im)] : numbers(value))
const halves = (values: Float64Array): Inputs => ({ re: values.subarray(0, values.length / 2), im: values.subarray(values.length / 2) })

export const restorationOperators: Adapter = {
  name: 'restoration-operators',
  recognises: ({ cases }) => cases?.[0]?.expected?.Ax !== undefined,
  compute(one, vector) {
    const { settings = {}, inputs = {}, expected } = one
    const picture = pictureFor(pictureOf(inputs.x ?? vector.inputs?.x), settings.uses)
    const operator = operatorOf(one, picture.shape as unknown as Shape)
    // Where the operator takes complex planes, a real picture has imaginary parts of 0.
    const isComplexIn = one.operator === 'fourier_multicoil'
    const x = isComplexIn ? Float64Array.from([...picture.data, ...new Float64Array(picture.data.length)]) : picture.data
    const y = flat(inputs.y)
    const ax = operator.apply(x)
    const aty = operator.adjoint(y)
    return {
      Ax: isComplex(expected.Ax) ? halves(ax) : ax,
      ATy: aty,
      ATy_complex: halves(aty),
      inner_product: agreeing(dot(ax, y), dot(x, aty)),
      ...(expected.row0_vertical_weights && { row0_vertical_weights: denseRow(settings, picture.shape[1]) }),
      ...(expected.row_sums_equal !== undefined && { row_sums_equal: agreeing(...rowSums(ax, operator.outShape)) }),
    }
  },
}

/** One value for several that ought to be the same. */
function agreeing(...values: number[]): number {
  const [first] = values
  if (values.some((value) => Math.abs(value - first) > 1e-9 * Math.max(1, Math.abs(first))))
    throw new Error(`these should be equal: ${values.join(', ')}`)
  return first
}

function denseRow(settings: Inputs, rows: number): Float64Array {
  const { starts, weights } = resizeRows(rows, settings.out[0], settings.filter)
  const dense = new Float64Array(rows)
  dense.set(weights[0], starts[0])
  return dense
}

function rowSums(y: Float64Array, shape: readonly number[]): number[] {
  const length = shape[shape.length - 1]
  return Array.from({ length: y.length / length }, (_, i) =>
    y.subarray(i * length, (i + 1) * length).reduce((sum, value) => sum + value, 0),
  )
}
