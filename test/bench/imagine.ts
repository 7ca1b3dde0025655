import { availableParallelism } from 'node:os'
import { drawsOf, sample } from '../../main/algorithms/diffusion/sample.ts'
import { solvers } from '../../main/algorithms/index.ts'
import { courseOf } from '../../main/engine/diffusion/course.ts'
import { generate } from '../../main/engine/diffusion/generate.ts'
import { outcome } from '../../main/math/integrate.ts'
import type { Denoise } from '../../main/math/prediction.ts'
import { FaultError } from '../../preload/contract/fault.ts'
import { bareLoop, openBare } from '../engine/diffusion/bare-loop.ts'
import { openDiffusionStudio, request } from '../engine/diffusion/studio.ts'
import { CHANNELS, FACTOR } from '../kit/tiny-diffusion.ts'

/**
 * What is spent around the networks. A whole generation against a loop over bare sessions of the same networks, in turns, the best of
 * each; and the time a solver takes for a step, at the latent of a picture of 512 × 512, as a share of a step with its network.
 * The network here is hundreds of times smaller than Stable Diffusion's: with a real one every share is that much smaller.
 */
const CELLS = 64
const STEPS = 10
const ROUNDS = 3
const BUSY = 8
const { signal } = new AbortController()

await using studio = openDiffusionStudio()
const folder = await studio.model({ busy: BUSY })
const asked = { ...request, width: CELLS * FACTOR, height: CELLS * FACTOR, steps: STEPS }
const [prompt = [], negative = []] = [asked.prompt, asked.negative].map((text) => folder.textEncoders[0]?.tokenize(text).ids)
const sessions = await openBare(folder.path, {
  intraOpNumThreads: availableParallelism(),
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
})

/** Milliseconds of processor that this thread has used. The networks run on another: this one works on what surrounds them. */
const active = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
const ours: { all: number; outside: number }[] = []
const bare: number[] = []
for (let round = 0; round <= ROUNDS; round++) {
  const [began, before] = [performance.now(), active()]
  await outcome(generate(folder, asked, studio.sessions, signal))
  const one = { all: performance.now() - began, outside: active() - before }
  const start = performance.now()
  await bareLoop(folder.path, { prompt, negative }, asked, sessions)
  // The first round opens sessions and warms up.
  if (round > 0) {
    bare.push(performance.now() - start)
    ours.push(one)
  }
}
const [all, outside] = [Math.min(...ours.map((one) => one.all)), Math.min(...ours.map((one) => one.outside))]
const call = Math.min(...bare) / (2 * STEPS)
console.log(`one call of the network ${call.toFixed(1)} ms; ${STEPS} guided steps of ${CHANNELS} × ${CELLS} × ${CELLS} values`)
console.log(`a generation against a bare loop: × ${(all / Math.min(...bare)).toFixed(3)} (target below 1.03)`)
console.log(`time that the engine itself works: ${((100 * outside) / all).toFixed(1)} % (target below 3 %)`)

const silent: Denoise = async (x) => ({ x0: x.map((value) => value * 0.5), eps: x })
console.log('a step without its network, in ms, and as a share of a guided one:')
for (const { id } of solvers) {
  try {
    const { solver, legs, path } = courseOf(folder.noise, STEPS, { id: id === 'time-shift' ? 'uniform' : 'multistep' }, { id })
    const times: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const draw = drawsOf(1)
      const x = draw(CHANNELS * CELLS * CELLS)
      const began = performance.now()
      await outcome(sample({ solver, legs, model: { path, statistics: null }, denoise: silent, x, draw }, signal))
      times.push((performance.now() - began) / STEPS)
    }
    const step = Math.min(...times)
    console.log(`  ${id.padEnd(18)} ${step.toFixed(2).padStart(6)}  ${((100 * step) / (step + 2 * call)).toFixed(2).padStart(6)} %`)
  } catch (thrown) {
    if (!(thrown instanceof FaultError || thrown instanceof Error)) throw thrown
    console.log(`  ${id.padEnd(18)} ${thrown.message}`)
  }
}
for (const session of Object.values(sessions)) await session.release()
