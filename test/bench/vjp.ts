import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { jvpModel, vjpModel } from '../../main/engine/vjp/vjp.ts'
import { chance } from '../engine/vjp/differences.ts'

// What a gradient takes, as a ratio to the forward pass of the same network: time, and memory beyond the loaded weights.
// Each model runs in a process of its own, for its peak of memory; the sweeps take turns and the best of each
// counts, so that whatever else the machine does weighs on all alike.

const SIDE = 192
const ROUNDS = 12
const folder = join(import.meta.dirname, '../../native-models')

interface Weighed {
  readonly peak: number
}

const fill = (shape: readonly number[], seed: number): Tensor => {
  const next = chance(seed)
  const size = shape.reduce((all, side) => all * side, 1)
  return new Tensor(
    'float32',
    Float32Array.from({ length: size }, () => 0.3 + 0.4 * next()),
    shape,
  )
}
/** A picture for every input, a time for those called t. */
const feedsFor = (session: InferenceSession): Record<string, Tensor> =>
  Object.fromEntries(session.inputNames.map((name, i) => [name, fill(/^t\b/.test(name) ? [1] : [1, 3, SIDE, SIDE], i)]))
const open = (path: string): Promise<InferenceSession> =>
  InferenceSession.create(path, { intraOpNumThreads: 2, logSeverityLevel: 3, extra: { session: { intra_op: { allow_spinning: '0' } } } })

/** Peak of memory of one run, beyond what was held before it, in MiB. */
async function weigh(path: string): Promise<Weighed> {
  const session = await open(path)
  const before = process.memoryUsage().rss
  await session.run(feedsFor(session))
  return { peak: (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20 }
}

async function measure(name: string, wrt: string[]): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'palimpsest-vjp-'))
  try {
    const bytes = readFileSync(join(folder, `${name}.onnx`))
    const began = performance.now()
    const models = { forward: bytes, vjp: vjpModel(bytes, { wrt }), jvp: jvpModel(bytes, { wrt }) }
    const building = (performance.now() - began) / 2
    const runs = await Promise.all(
      Object.entries(models).map(async ([kind, model]) => {
        const path = join(place, `${kind}.onnx`)
        writeFileSync(path, model)
        const { peak } = JSON.parse(execFileSync(process.execPath, [import.meta.filename, path]).toString()) as Weighed
        const session = await open(path)
        return { kind, peak, session, feeds: feedsFor(session), times: [] as number[], bytes: model.length }
      }),
    )
    for (let round = 0; round <= ROUNDS; round++)
      for (const { session, feeds, times } of runs) {
        const start = performance.now()
        await session.run(feeds)
        // The first round warms up.
        if (round > 0) times.push(performance.now() - start)
      }
    const [forward] = runs
    if (!forward) return
    console.log(`${name} at ${SIDE} × ${SIDE}: forward ${Math.min(...forward.times).toFixed(0)} ms, ${forward.peak.toFixed(0)} MiB`)
    for (const { kind, times, peak, bytes: length } of runs.slice(1)) {
      const time = Math.min(...times) / Math.min(...forward.times)
      console.log(
        `  ${kind}: time × ${time.toFixed(2)}, memory × ${(peak / forward.peak).toFixed(2)}, file × ${(length / bytes.length).toFixed(3)}`,
      )
    }
    console.log(`  a gradient model is made in ${building.toFixed(0)} ms`)
    for (const { session } of runs) await session.release()
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

const [path] = process.argv.slice(2)
if (path) console.log(JSON.stringify(await weigh(path)))
else {
  await measure('restorer-mean', ['y'])
  await measure('restorer-flow', ['z'])
}
