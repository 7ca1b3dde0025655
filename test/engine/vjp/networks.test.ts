import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { readManifest } from '../../../main/engine/models/manifest.ts'
import { writeModel } from '../../../main/engine/vjp/file/write.ts'
import { jvp, jvpModel, type Runs, vjp, vjpModel } from '../../../main/engine/vjp/vjp.ts'
import { tensor } from '../../../main/math/tensor.ts'
import { chain, type Step } from './chain.ts'
import { chance, compareModel, session } from './differences.ts'

const folder = join(import.meta.dirname, '../../../native-models')

/** float32 through a hundred layers; the slopes of kinks that are crossed on the way (a clip to 0..1) are the larger part. */
const TOLERANCE = 2e-3
/** The same products summed in another order. */
const SAME = 1e-4

function random(shape: readonly number[], from: number, to: number, seed: number): Tensor {
  const next = chance(seed)
  const values = Float32Array.from({ length: shape.reduce((size, side) => size * side, 1) }, () => from + (to - from) * next())
  return new Tensor('float32', values, shape)
}

async function holds(...given: Parameters<typeof compareModel>): Promise<void> {
  const { differences, gradient, derivative, scale, strayed, shapes } = await compareModel(...given)
  expect(shapes.gradients).toEqual(shapes.operands)
  expect(strayed).toBeLessThan(1e-4)
  expect(Math.abs(gradient - differences) / scale).toBeLessThan(TOLERANCE)
  expect(Math.abs(derivative - gradient) / scale).toBeLessThan(SAME)
}

/** Networks from pictures (and a time) to pictures, in one file. */
const restorers = (await readManifest(folder)).filter(
  ({ file, inputs }) =>
    file.endsWith('.onnx') && inputs.every(({ type, shape }) => type === 'float32' && ['n,3,h,w', 'n'].includes(shape.join())),
)
test('the networks of the studio are there', () => {
  expect(restorers.map(({ id }) => id)).toEqual(expect.arrayContaining(['restorer-mean', 'restorer-flow']))
})
test.for(restorers.map((entry): [string, typeof entry] => [entry.id, entry]))(
  'the gradient of %s is what differences say, in reverse and in forward mode',
  async ([, { file, multiple, inputs }]) => {
    // Of small pictures of a piecewise linear network one kink is a large part.
    const side = Math.max(24, 3 * multiple)
    const feeds = Object.fromEntries(
      inputs.map(({ name, shape }, i) => [
        name,
        random(
          shape.map((axis) => (axis === 'n' ? 2 : typeof axis === 'string' ? side : axis)),
          0.2,
          0.8,
          i,
        ),
      ]),
    )
    // The clock of a flow has sines of 159 radians a unit: it moves a hundredth as far.
    const reach = Object.fromEntries(inputs.map(({ name, shape }) => [name, shape.length === 1 ? 0.01 : 0.5]))
    await holds(readFileSync(join(folder, file)), feeds, reach, [], 7)
  },
)

/** GroupNorm as exporters write it: two groups as the channels of an instance normalisation, then scale and bias per channel. */
const groupNorm = (channels: number): Step[] => [
  ['Shape', ['$'], 'shape'],
  ['Reshape', ['$', [0, 2, -1]], 'groups'],
  ['InstanceNormalization', ['groups', { ones: [2] }, { zeros: [2] }], 'even'],
  ['Reshape', ['even', 'shape'], 'back'],
  ['Mul', ['back', { random: [channels, 1, 1] }], 'scaled'],
  ['Add', ['scaled', { random: [channels, 1, 1] }], '$'],
]
const silu: Step[] = [
  ['Sigmoid', ['$'], 'gate'],
  ['Mul', ['$', 'gate'], '$'],
]
const conv = (from: number, to: number, kernel: number, attributes = {}): Step[] => [
  ['Conv', ['$', { random: [to, from, kernel, kernel] }, { random: [to] }], '$', attributes],
]
const residual = (channels: number): Step[] => [
  ['Identity', ['$'], 'kept'],
  ...groupNorm(channels),
  ...silu,
  ...conv(channels, channels, 3, { pads: [1, 1, 1, 1] }),
  ['Add', ['$', 'kept'], '$'],
]
/** Attention of pixels to each other, its shapes found while it runs. */
const attention = (channels: number): Step[] => [
  ['Identity', ['$'], 'kept'],
  ['Shape', ['$'], 'whole'],
  ['Gather', ['whole', { index: 0 }], 'n'],
  ['Unsqueeze', ['n', [0]], 'batch'],
  ['Concat', ['batch', [channels, -1]], 'flatShape', { axis: 0 }],
  ['Reshape', ['$', 'flatShape'], 'flat'],
  ['Transpose', ['flat'], 'tokens', { perm: [0, 2, 1] }],
  ...(['q', 'k', 'v'] as const).map((name): Step => ['MatMul', ['tokens', { random: [channels, channels] }], name]),
  ['Transpose', ['k'], 'keys', { perm: [0, 2, 1] }],
  ['MatMul', ['q', 'keys'], 'scores'],
  ['Mul', ['scores', { scalar: channels ** -0.5 }], 'scaledScores'],
  ['Softmax', ['scaledScores'], 'shares', { axis: -1 }],
  ['MatMul', ['shares', 'v'], 'mixed'],
  ['Transpose', ['mixed'], 'channelsFirst', { perm: [0, 2, 1] }],
  ['Reshape', ['channelsFirst', 'whole'], 'restored'],
  ['Add', ['restored', 'kept'], '$'],
]
/** Twice as large, to sizes that are computed from the shape. */
const enlarged: Step[] = [
  ['Shape', ['$'], 'from'],
  ['Slice', ['from', [0], [2], [0]], 'kept2'],
  ['Slice', ['from', [2], [4], [0]], 'sides'],
  ['Mul', ['sides', [2, 2]], 'doubled'],
  ['Concat', ['kept2', 'doubled'], 'sizes', { axis: 0 }],
  ['Resize', ['$', '', '', 'sizes'], '$', { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }],
]
/** Half as large as the encoders of latent diffusion do it: padded at the end alone. */
const halved = (channels: number): Step[] => [
  ['Pad', ['$', [0, 0, 0, 0, 0, 0, 1, 1]], '$'],
  ...conv(channels, channels, 3, { strides: [2, 2] }),
]
/** LayerNorm as it was written before it was an operator, then a gated feed-forward layer with GELU from Erf. */
const feedForward = (channels: number): Step[] => [
  ['Shape', ['$'], 'outer'],
  ['Reshape', ['$', [0, channels, -1]], 'flat'],
  ['Transpose', ['flat'], 'x', { perm: [0, 2, 1] }],
  ['ReduceMean', ['x'], 'mean', { axes: [-1] }],
  ['Sub', ['x', 'mean'], 'centred'],
  ['Pow', ['centred', { scalar: 2 }], 'squared'],
  ['ReduceMean', ['squared'], 'variance', { axes: [-1] }],
  ['Add', ['variance', { scalar: 0.1 }], 'safe'],
  ['Sqrt', ['safe'], 'deviation'],
  ['Div', ['centred', 'deviation'], 'even'],
  ['MatMul', ['even', { random: [channels, 4 * channels] }], 'wide'],
  ['Split', ['wide'], ['value', 'gateIn'], { axis: -1 }],
  ['Mul', ['gateIn', { scalar: Math.SQRT1_2 }], 'root'],
  ['Erf', ['root'], 'erf'],
  ['Add', ['erf', { scalar: 1 }], 'share'],
  ['Mul', ['gateIn', 'share'], 'gate'],
  ['Mul', ['value', 'gate'], 'gated'],
  ['MatMul', ['gated', { random: [2 * channels, channels] }], 'narrow'],
  ['Transpose', ['narrow'], 'turned', { perm: [0, 2, 1] }],
  ['Reshape', ['turned', 'outer'], '$'],
]

test('a leased network gives outputs and gradients by the names of the model, in both directions', async () => {
  const bytes = writeModel(chain([...conv(3, 2, 3), ...silu], 17))
  const { signal } = new AbortController()
  const x = tensor([1, 3, 4, 4], random([1, 3, 4, 4], -1, 1, 5).data as Float32Array)
  const ones = (shape: readonly number[]) => tensor(shape, new Float32Array(shape.reduce((size, side) => size * side)).fill(1))
  const { outputs, gradients } = await vjp(await network(vjpModel(bytes, { wrt: ['x'] })), { x }, { y: ones([1, 2, 2, 2]) }, signal)
  const sweep = await jvp(await network(jvpModel(bytes, { wrt: ['x'] })), { x }, { x: ones([1, 3, 4, 4]) }, signal)
  expect([Object.keys(outputs), Object.keys(gradients)]).toEqual([['y'], ['x']])
  expect([Object.keys(sweep.outputs), Object.keys(sweep.derivatives)]).toEqual([['y'], ['y']])
  expect(sweep.outputs.y?.data).toEqual(outputs.y?.data)
  const sum = (values: Float32Array | undefined) => values?.reduce((all, value) => all + value, 0)
  expect(sum(gradients.x?.data)).toBeCloseTo(sum(sweep.derivatives.y?.data) ?? Number.NaN, 4)
})

/** As a session runs a model. */
async function network(bytes: Uint8Array): Promise<Runs> {
  const open = await session(bytes)
  return {
    async run(inputs) {
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, new Tensor('float32', data, shape)]))
      const results = await open.run(feeds)
      return Object.fromEntries(Object.entries(results).map(([name, { dims, data }]) => [name, tensor(dims, data as Float32Array)]))
    },
  }
}

test.for<[string, Step[], number, number]>([
  ['an encoder block', [...conv(3, 4, 3, { pads: [1, 1, 1, 1] }), ...residual(4), ...halved(4), ...attention(4)], 6, 7],
  ['a decoder block', [...conv(3, 4, 1), ...attention(4), ...residual(4), ...enlarged, ...conv(4, 3, 3, { pads: [1, 1, 1, 1] })], 5, 3],
  ['a transformer block', [...conv(3, 4, 1), ...feedForward(4)], 4, 5],
])('%s as exporters write it, with any sides', async ([, steps, height, width]) => {
  for (const opset of [14, 17]) {
    const bytes = writeModel(chain(steps, opset))
    await holds(bytes, { x: random([2, 3, height, width], -1, 1, 3) }, { x: 1 }, [], 11)
  }
})
