import { Bench } from 'tinybench'
import { blur as blurOperator } from '../../main/algorithms/restoration/operators/blur.ts'
import { jpegRoundTrip } from '../../main/algorithms/restoration/operators/jpeg.ts'
import { radon } from '../../main/algorithms/restoration/operators/radon.ts'
import { resize } from '../../main/algorithms/restoration/operators/resize.ts'
import { blendModes } from '../../main/math/blend.ts'
import { gatherInto } from '../../main/math/composite.ts'
import { transformPlanes } from '../../main/math/fft.ts'
import { gmsd } from '../../main/math/metrics/gmsd.ts'
import { ssim } from '../../main/math/metrics/ssim.ts'
import { noiseOf, normalsInto, uniformsInto } from '../../main/math/random.ts'
import { beginStroke, paintTileInto } from '../../main/math/stroke.ts'

/** `node test/bench/math.ts`: milliseconds of the building blocks, on pictures of 512 × 512 × 3 where nothing else is said. */
const SIDE = 512
const shape: [number, number, number] = [3, SIDE, SIDE]
const length = 3 * SIDE * SIDE
const data = new Float64Array(length)
uniformsInto(data, noiseOf(1))
const other = data.map((value, i) => value + 0.02 * Math.sin(i))
const [a, b] = [data, other].map((values) => ({ shape, data: values }))
const angles = Array.from({ length: 60 }, (_, i) => 3 * i)

const gaussian = blurOperator.make(blurOperator.params.parse({ shape, kernel: { kind: 'gaussian', sigma: 2 } }), {})
const projections = radon.make(radon.params.parse({ shape, angles }), {})
const half = resize.make(resize.params.parse({ shape, out: [SIDE / 2, SIDE / 2] }), {})
const re = data.slice()
const im = new Float64Array(length)
const normals = new Float32Array(length)

const stroke = (size: number, hardness: number) => () => {
  const line = beginStroke({ size, hardness, opacity: 1, spacing: 0.1, pressureSize: true }, { x: 0, y: 0 }, { width: 4000, height: 3000 })
  for (let i = 0; i < 1000; i++) line.extend([500 + 3 * i, 1500 + 1000 * Math.sin(i / 60), 0.3 + (0.6 * i) / 1000])
}
const tile = Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) => (i * 97) % 256)
const coverage = new Uint8Array(256 * 256).fill(99)
const painted = new Uint8Array(tile.length)
const gathered = new Float32Array(tile.length)

const bench = new Bench({ time: 500, iterations: 3, warmupIterations: 1, warmupTime: 100 })
bench
  .add('Gaussian blur, sigma 2', () => void gaussian.apply(data))
  .add('Fourier transform', () => transformPlanes(re, im, SIDE, SIDE, 'forward'))
  .add('Radon, 60 angles', () => void projections.apply(data))
  .add('resize to half, bicubic', () => void half.apply(data))
  .add('JPEG round trip, 4:2:0', () => void jpegRoundTrip(a, { quality: 75, chroma: '420', rounding: 'ideal' }))
  .add('SSIM', () => void ssim(a, b))
  .add('GMSD', () => void gmsd(a, b))
  .add('normal noise', () => normalsInto(normals, noiseOf(1)))
  .add('stroke, 1000 points, 60 px', stroke(60, 0.8))
  .add('stroke, 1000 points, 500 px, soft', stroke(500, 0))
  .add('paint one tile', () => paintTileInto(painted, tile, coverage, [10, 200, 30], 0.7, false))
for (const blend of blendModes.filter((mode) => ['normal', 'multiply', 'soft-light', 'luminosity'].includes(mode)))
  bench.add(`composite one tile, ${blend}`, () => {
    gathered.fill(0.5)
    gatherInto(gathered, tile, { blend, opacity: 0.8, mask: coverage })
  })

await bench.run()
for (const { name, result } of bench.tasks) {
  const latency = 'latency' in result ? result.latency : null
  console.log(`${name.padEnd(36)} ${latency ? `${latency.p50.toFixed(2)} ms` : 'failed'}`)
}
