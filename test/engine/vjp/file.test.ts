import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { floatsOf, integersOf, Message, readFields } from '../../../main/engine/vjp/file/protobuf.ts'
import { readModel } from '../../../main/engine/vjp/file/read.ts'
import { numbersOf } from '../../../main/engine/vjp/file/tensor-data.ts'
import { makeConstant, writeModel } from '../../../main/engine/vjp/file/write.ts'
import { session } from './differences.ts'

const models = ['restorer-mean', 'restorer-flow']

test('integers of 64 bits, floats and texts come back as they were', () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  fc.assert(
    fc.property(fc.array(int64), fc.array(fc.float({ noNaN: true })), fc.string({ unit: 'grapheme' }), (integers, floats, text) => {
      const message = new Message()
      for (const value of integers) message.integer(3, value)
      for (const value of floats) message.float(70, value)
      const fields = readFields(message.text(5, text).encode())
      expect(integersOf(fields, 3)).toEqual(integers)
      expect(floatsOf(fields, 70)).toEqual(floats)
      expect(new TextDecoder().decode(fields.at(-1)?.value as Uint8Array)).toBe(text)
    }),
  )
})

test('packed runs of integers are read like single ones', () => {
  const run = new Message().integer(1, 1).encode()
  const packed = new Message().bytes(1, Uint8Array.of(...run.subarray(1), 0x96, 0x01, 0xff, ...Array(8).fill(0xff), 0x01)).encode()
  expect(integersOf(readFields(packed), 1)).toEqual([1n, 150n, -1n])
})

test('fields that nothing knows are kept, at every depth', () => {
  const unknown = (message: Message) => message.text(201, 'kept').fields([{ number: 202, wire: 1, value: new Uint8Array(8).fill(7) }])
  const node = unknown(new Message().text(1, 'x').text(2, 'y').text(4, 'Neg').text(6, 'a note'))
  const graph = unknown(new Message().message(1, node).text(2, 'g').text(10, 'about it'))
  const bytes = unknown(new Message().integer(1, 8).text(2, 'maker').message(7, graph)).message(8, new Message().integer(2, 17)).encode()
  const model = readModel(writeModel(readModel(bytes)))
  expect(model.rest.map(({ number }) => number)).toEqual([2, 201, 202])
  expect(model.graph.rest.map(({ number }) => number)).toEqual([10, 201, 202])
  expect(model.graph.nodes[0]?.rest.map(({ number }) => number)).toEqual([6, 201, 202])
})

test.for(models)('%s, read and written, gives the same bytes of the same picture', async (name) => {
  const bytes = readFileSync(join(import.meta.dirname, '../../../native-models', `${name}.onnx`))
  const [own, again] = [await session(bytes), await session(writeModel(readModel(bytes)))]
  const feeds = Object.fromEntries(
    own.inputNames.map((input) => {
      const shape = input === 't' ? [1] : [1, 3, 16, 16]
      return [
        input,
        new Tensor(
          'float32',
          Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => 0.5 + 0.3 * Math.sin(i)),
          shape,
        ),
      ]
    }),
  )
  const [output = ''] = own.outputNames
  expect((await again.run(feeds))[output]?.data).toEqual((await own.run(feeds))[output]?.data)
  for (const open of [own, again]) await open.release()
})

test('numbers of constants, in any of the forms that files use', () => {
  const of = (type: number, fill: (message: Message) => Message) => {
    const bytes = fill(new Message().integer(1, 2).integer(2, type)).encode()
    return numbersOf({ name: '', type, shape: [2], bytes })
  }
  expect(numbersOf(makeConstant('c', [2], Float32Array.of(0.5, -1)))).toEqual([0.5, -1])
  expect(numbersOf(makeConstant('c', [2], BigInt64Array.of(-1n, 7n)))).toEqual([-1, 7])
  expect(of(1, (message) => message.float(4, 0.25).float(4, 2))).toEqual([0.25, 2])
  expect(of(7, (message) => message.integer(7, -3).integer(7, 4))).toEqual([-3, 4])
  expect(of(6, (message) => message.integer(5, -3).integer(5, 4))).toEqual([-3, 4])
  expect(of(6, (message) => message.bytes(9, new Uint8Array(Int32Array.of(-5, 6).buffer)))).toEqual([-5, 6])
  expect(of(11, (message) => message.bytes(9, new Uint8Array(Float64Array.of(1.5, 6).buffer)))).toEqual([1.5, 6])
  // Half floats are nobody's shape; values in another file are not read.
  expect(of(10, (message) => message)).toBeUndefined()
  expect(of(1, (message) => message.integer(14, 1))).toBeUndefined()
})
