import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import { readManifest } from '../../main/engine/models/manifest.ts'
import { tensor } from '../../main/math/tensor.ts'
import { cut, planTiles } from '../../main/math/tiles.ts'
import { BUILT_IN, openWorkshop } from '../engine/workshop.ts'

/**
 * Restore throughput, against the same two ONNX models called in a bare loop over the same tiles. Both take turns, and the
 * best of each counts, so that whatever else the machine does weighs on both alike. Time on the clock tells what an artist waits,
 * processor time (of every thread) what the task costs beside the network where the machine is busy with other things.
 */
const SIDES = { width: 1024, height: 768 }
const TILE = 512
/** As the panel comes, and the quickest that is worth having; how often each is run. */
const COURSES = [
  { steps: 25, rounds: 2 },
  { steps: 5, rounds: 4 },
] as const
const megapixels = (SIDES.width * SIDES.height) / 1e6

const entries = await readManifest(BUILT_IN)
const load = async (role: string) => {
  const entry = entries.find((candidate) => candidate.role === role)
  if (!entry) throw new Error(`No model for ${role}.`)
  const options = {
    executionProviders: ['cpu'],
    intraOpNumThreads: availableParallelism(),
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  } as const
  return { entry, session: await InferenceSession.create(readFileSync(join(BUILT_IN, entry.file)), options) }
}
const [mean, flow] = [await load('posterior-mean'), await load('rectified-flow')]
const picture = tensor([3, SIDES.height, SIDES.width])
for (let i = 0; i < picture.data.length; i++) picture.data[i] = 0.5 + 0.4 * Math.sin(i * 0.013)
const { overlap, multiple } = mean.entry
const plan = planTiles(SIDES.width, SIDES.height, { size: TILE, overlap, multiple })
const tiles = plan.rows.starts.flatMap((y) => plan.columns.starts.map((x) => cut(picture, x, y, plan.columns.length, plan.rows.length)))

async function bareLoop(steps: number): Promise<void> {
  const time = new OnnxTensor('float32', Float32Array.of(0), [1])
  for (const { shape, data } of tiles) await mean.session.run({ y: new OnnxTensor('float32', data, shape) })
  for (let step = 0; step < steps; step++)
    for (const { shape, data } of tiles) await flow.session.run({ z: new OnnxTensor('float32', data, shape), t: time })
}

await using shop = openWorkshop({ models: BUILT_IN })
const { pixels } = await shop.run({ type: 'fill', ...SIDES, color: [90, 120, 150] })
const restore = (steps: number) => shop.run({ type: 'restore', pixels, ...SIDES, method: 'pmrf', params: { steps, tile: TILE }, seed: 1 })
/** Seconds that a process has had of all processors; nobody says so outside Linux. */
const processorTime = (pid: number): number => {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return Number.NaN
  const [user, system] = readFileSync(file, 'utf8').split(') ')[1]!.split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

await bareLoop(1)
await restore(1)
for (const { steps, rounds } of COURSES) {
  /** Least seconds over the rounds: on the clock, of the processors. */
  const best = { bare: [Infinity, Infinity], whole: [Infinity, Infinity] }
  const time = async (what: keyof typeof best, pid: number, work: (steps: number) => Promise<unknown>) => {
    const [began, before] = [performance.now(), processorTime(pid)]
    await work(steps)
    const spent = [(performance.now() - began) / 1000, processorTime(pid) - before]
    best[what] = best[what].map((least, i) => Math.min(least, spent[i]!))
  }
  for (let round = 0; round < rounds; round++) {
    await time('bare', process.pid, bareLoop)
    await time('whole', shop.pids.at(-1)!, restore)
  }
  const [bare, whole] = [best.bare[0]!, best.whole[0]!]
  const over = (i: number) => `${(100 * (best.whole[i]! / best.bare[i]! - 1)).toFixed(1)} %`
  const rate = (seconds: number) => `${(megapixels / seconds).toFixed(3)} MP/s`
  const calls = (1 + steps) * tiles.length
  console.log(
    `engine: restore, faithful and ${steps} steps, ${megapixels.toFixed(1)} MP in ${calls} calls, ${availableParallelism()} threads`,
  )
  console.log(`  bare loop over the models  ${bare.toFixed(2)} s  ${rate(bare)}`)
  console.log(`  whole task in the engine   ${whole.toFixed(2)} s  ${rate(whole)}`)
  console.log(`  overhead on the clock      ${over(0)}`)
  if (existsSync('/proc')) console.log(`  overhead in processor time ${over(1)}`)
}
