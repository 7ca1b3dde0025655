import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { externalFiles, GradientCache } from '../../../main/engine/vjp/cache.ts'
import type { Model } from '../../../main/engine/vjp/file/model.ts'
import { Message } from '../../../main/engine/vjp/file/protobuf.ts'
import { writeModel } from '../../../main/engine/vjp/file/write.ts'
import { build } from './operator.ts'

const { signal } = new AbortController()
const WEIGHTS = Float32Array.of(1, 2, 3, 4, 5, 6)
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-vjp-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

/** x [1, 2] times a matrix [2, 3] that lies in another file. */
function apart(location: string): Uint8Array {
  const { model } = build({ op: 'MatMul', operands: [{ shape: [1, 2] }, { shape: [2, 3], isWeight: true }], seed: 1 })
  const entry = (key: string, value: string) => new Message().text(1, key).text(2, value)
  const bytes = new Message()
    .integer(1, 2)
    .integer(1, 3)
    .integer(2, 1)
    .text(8, 'x1')
    .message(13, entry('location', location))
    .integer(14, 1)
    .encode()
  const moved: Model = { ...model, graph: { ...model.graph, constants: [{ name: 'x1', type: 1, shape: [2, 3], bytes }] } }
  return writeModel(moved)
}

async function place(name: string, location: string): Promise<string> {
  const path = join(folder, name, 'model.onnx')
  await mkdir(join(folder, name, 'parts'), { recursive: true })
  await writeFile(path, apart(location))
  await writeFile(join(folder, name, location), WEIGHTS)
  return path
}

test('weights in another file stay there: linked, not copied, and found by the runtime', async () => {
  const model = await place('linked', 'parts/weights.bin')
  expect(externalFiles(await readFile(model))).toEqual(['parts/weights.bin'])
  const { path: file, bytes } = await new GradientCache(join(folder, 'cache')).get(model, 'vjp', { wrt: ['x0'] }, signal)
  expect(bytes).toEqual(new Uint8Array(await readFile(file)))
  const [own, linked] = await Promise.all([stat(join(dirname(model), 'parts/weights.bin')), stat(join(dirname(file), 'parts/weights.bin'))])
  expect(linked.ino).toBe(own.ino)
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 })
  const results = await session.run({ x0: new Tensor('float32', [1, 1], [1, 2]), 'y0/cotangent': new Tensor('float32', [1, 0, 2], [1, 3]) })
  expect(results.y0?.data).toEqual(Float32Array.of(5, 7, 9))
  expect(results['x0/gradient']?.data).toEqual(Float32Array.of(7, 16))
  await session.release()
})

test('made once for a model and a choice; again when the weights beside it change, or it was damaged', async () => {
  const model = await place('once', 'weights.bin')
  const cache = new GradientCache(join(folder, 'once-cache'))
  const { path, bytes } = await cache.get(model, 'vjp', { wrt: ['x0'] }, signal)
  const { mtimeMs, ino } = await stat(path)
  expect((await cache.get({ path: model, bytes: await readFile(model) }, 'vjp', { wrt: ['x0'] }, signal)).path).toBe(path)
  expect(await stat(path)).toMatchObject({ mtimeMs, ino })
  const others = [
    await cache.get(model, 'jvp', { wrt: ['x0'] }, signal),
    await cache.get(model, 'vjp', { wrt: ['x1'] }, signal),
    await cache.get(model, 'vjp', { wrt: ['x0'], outputs: ['y0'] }, signal),
  ]
  expect(new Set([path, ...others.map((other) => other.path)]).size).toBe(4)
  await writeFile(path, bytes.subarray(0, 50))
  expect((await cache.get(model, 'vjp', { wrt: ['x0'] }, signal)).bytes).toEqual(bytes)
  expect(new Uint8Array(await readFile(path))).toEqual(bytes)
  await utimes(join(dirname(model), 'weights.bin'), 1, 1)
  expect((await cache.get(model, 'vjp', { wrt: ['x0'] }, signal)).path).not.toBe(path)
})

test('two at once agree, and leave no drafts', async () => {
  const model = await place('twice', 'weights.bin')
  const cache = new GradientCache(join(folder, 'twice-cache'))
  const ask = () => cache.get(model, 'vjp', { wrt: ['x0'] }, signal)
  const [a, b] = await Promise.all([ask(), ask()])
  expect(a).toEqual(b)
  expect(await readdir(join(folder, 'twice-cache'))).toHaveLength(1)
})

test('a missing file, weights outside the folder and a cancel are told', async () => {
  const cache = new GradientCache(join(folder, 'faults'))
  const ask = async (model: string, by: AbortSignal = signal) => await cache.get(model, 'vjp', { wrt: ['x0'] }, by)
  await expect(ask(join(folder, 'nowhere.onnx'))).rejects.toMatchObject({ fault: { kind: 'missing' } })
  const model = await place('lost', 'weights.bin')
  await rm(join(dirname(model), 'weights.bin'))
  await expect(ask(model)).rejects.toMatchObject({ fault: { kind: 'missing' } })
  await writeFile(model, apart('../weights.bin'))
  await expect(ask(model)).rejects.toMatchObject({ fault: { kind: 'damaged' } })
  const sound = await place('cancelled', 'weights.bin')
  await expect(ask(sound, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
})
