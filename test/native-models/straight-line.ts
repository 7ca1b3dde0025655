import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { drawsOf } from '../../main/algorithms/diffusion/sample.ts'
import { session } from '../engine/vjp/differences.ts'

/** What the flow's ladder leaves of the picture at its last level. */
const MOST = 0.999
const LEVELS = 1000

/**
 * Latents [4, 16, 16] of a sticker flow by Euler along z = u x + (1 - u) e, from the noise of a seed: written out, beside any path,
 * schedule or solver. The network tells v = a e - s x of z / n, n = sqrt(u² + (1 - u)²), a = u / n, s = (1 - u) / n.
 */
export async function straightLine(
  folder: string,
  ids: readonly number[],
  { seed, steps }: { seed: number; steps: number },
): Promise<Float64Array> {
  const [text, unet] = await Promise.all(['text_encoder', 'unet'].map((part) => session(readFileSync(join(folder, part, 'model.onnx')))))
  const words = await text.run({ input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]) })
  let z = drawsOf(seed)(4 * 16 * 16)
  for (let step = 0; step < steps; step++) {
    const share = (steps - step) / steps
    const noise = MOST * share
    const n = Math.hypot(noise, 1 - noise)
    const [a, s] = [(1 - noise) / n, noise / n]
    const x = z.map((value) => value / n)
    const { out_sample } = await unet.run({
      sample: new Tensor('float32', Float32Array.from(x), [1, 4, 16, 16]),
      timestep: new Tensor('float32', [LEVELS * share - 1], []),
      encoder_hidden_states: words.last_hidden_state,
    })
    const v = out_sample.data as Float32Array
    const width = step === steps - 1 ? noise : MOST / steps
    z = z.map((value, i) => value + width * (a * x[i] - s * v[i] - (s * x[i] + a * v[i])))
  }
  await Promise.all([text.release(), unet.release()])
  return z
}
