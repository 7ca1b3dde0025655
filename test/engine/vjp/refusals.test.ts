import { Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { type Attribute, FLOAT, type Model, type Node } from '../../../main/engine/vjp/file/model.ts'
import { Message } from '../../../main/engine/vjp/file/protobuf.ts'
import { writeModel } from '../../../main/engine/vjp/file/write.ts'
import { vjpModel } from '../../../main/engine/vjp/vjp.ts'
import { session } from './differences.ts'

const node = (op: string, inputs: string[], outputs: string[], more: Partial<Node> = {}): Node => ({
  op,
  domain: '',
  name: `a ${op}`,
  inputs,
  outputs,
  attributes: {},
  rest: [],
  ...more,
})
const port = (name: string, type = FLOAT) => ({ name, type, shape: [2, 3] })

function model(nodes: Node[], opset = 17): Model {
  const graph = {
    name: 'g',
    nodes,
    constants: [],
    inputs: [port('x'), port('other'), { name: 'flag', type: 9, shape: [] }, port('whole', 7)],
    outputs: [port('y')],
    values: [],
    rest: [],
  }
  return { irVersion: 8, opsets: new Map([['', opset]]), graph, rest: [] }
}
const bytes = (...given: Parameters<typeof model>) => writeModel(model(...given))
const why = (of: () => unknown): unknown => {
  try {
    return of()
  } catch (thrown) {
    return (thrown as { fault: unknown }).fault
  }
}

/** A graph of one node, as a branch holds it. */
function branch(op: string, input: string, output: string): Attribute {
  const inner = new Message().text(1, input).text(2, output).text(4, op)
  const value = new Message().message(1, inner).text(2, 'branch').message(12, new Message().text(1, output)).encode()
  return { type: 'graph', value }
}
const choose = (from: string, to: string) =>
  node('If', ['flag'], [to], { attributes: { then_branch: branch('Neg', from, 'p'), else_branch: branch('Exp', from, 'q') } })

describe('refused, in words', () => {
  test('an operator without a rule, by node and operator', () => {
    expect(why(() => vjpModel(bytes([node('Acos', ['x'], ['y'])]), { wrt: ['x'] }))).toMatchObject({
      kind: 'unsupported',
      why: 'Its node "a Acos" uses the operator "Acos", whose derivative is not known.',
    })
    const foreign = node('Relu', ['x'], ['y'], { domain: 'com.example' })
    expect(why(() => vjpModel(bytes([foreign]), { wrt: ['x'] }))).toMatchObject({
      why: 'Its node "a Relu" uses the operator "com.example.Relu", whose derivative is not known.',
    })
  })
  test('a branch that the gradient would pass through', () => {
    expect(why(() => vjpModel(bytes([choose('x', 'y')]), { wrt: ['x'] }))).toMatchObject({
      kind: 'unsupported',
      why: 'Its node "a If" uses the operator "If", which decides while it runs what is computed.',
    })
  })
  test('names that are not there, or hold no float32', () => {
    const sound = bytes([node('Neg', ['x'], ['y'])])
    expect(why(() => vjpModel(sound, { wrt: ['z'] }))).toMatchObject({ kind: 'invalid', why: 'It has no value "z".' })
    expect(why(() => vjpModel(sound, { wrt: ['whole'] }))).toMatchObject({ kind: 'invalid' })
    expect(why(() => vjpModel(sound, { wrt: ['x'], outputs: ['z'] }))).toMatchObject({ kind: 'invalid', why: 'It has no value "z".' })
  })
  test('an opset from before shapes were inputs', () => {
    expect(why(() => vjpModel(bytes([node('Neg', ['x'], ['y'])], 11), { wrt: ['x'] }))).toMatchObject({ kind: 'unsupported' })
  })
  test.for<[string, Uint8Array]>([
    ['no bytes', new Uint8Array()],
    ['a text', new TextEncoder().encode('this is not a model')],
    ['half a model', bytes([node('Neg', ['x'], ['y'])]).subarray(0, 40)],
  ])('%s', ([, broken]) => {
    expect(why(() => vjpModel(broken, { wrt: ['x'] }))).toMatchObject({ kind: 'damaged' })
  })
})

describe('let through', () => {
  const x = new Tensor('float32', [1, -2, 3, -4, 5, -6], [2, 3])
  const feeds = {
    x,
    other: new Tensor('float32', new Float32Array(6).fill(2), [2, 3]),
    flag: new Tensor('bool', [true], []),
    whole: new Tensor('int64', new BigInt64Array(6), [2, 3]),
    'y/cotangent': new Tensor('float32', new Float32Array(6).fill(1), [2, 3]),
  }

  test('a branch beside the gradient', async () => {
    const open = await session(vjpModel(bytes([choose('other', 'gate'), node('Mul', ['x', 'gate'], ['y'])]), { wrt: ['x'] }))
    const results = await open.run(feeds)
    expect(results['x/gradient']?.data).toEqual(new Float32Array(6).fill(-2))
    await open.release()
  })
  test('no dependence at all: a gradient of zeros', async () => {
    const open = await session(
      vjpModel(bytes([node('Floor', ['x'], ['down']), node('Add', ['down', 'other'], ['y'])]), { wrt: ['x', 'other'] }),
    )
    const results = await open.run(feeds)
    expect(results['x/gradient']?.data).toEqual(new Float32Array(6))
    expect(results['other/gradient']?.data).toEqual(new Float32Array(6).fill(1))
    await open.release()
  })
  test('a value that is used many times: what comes back is added', async () => {
    const nodes = [node('Neg', ['x'], ['a']), node('Exp', ['other'], ['b']), node('Sum', ['a', 'x', 'x', 'a', 'x', 'b'], ['y'])]
    const open = await session(vjpModel(bytes(nodes), { wrt: ['x'] }))
    expect((await open.run(feeds))['x/gradient']?.data).toEqual(new Float32Array(6).fill(1))
    await open.release()
  })
})
