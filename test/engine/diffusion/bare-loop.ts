import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { drawsOf } from '../../../main/algorithms/diffusion/sample.ts'
import type { Generation } from '../../../main/engine/diffusion/generate.ts'
import { CHANNELS } from '../../kit/tiny-diffusion.ts'

/** The networks of a folder, opened without a studio around them. */
export type BareSessions = Readonly<Record<'text' | 'unet' | 'decoder', InferenceSession>>

/** How the studio opens them. */
export const AS_STUDIO: InferenceSession.SessionOptions = {
  intraOpNumThreads: availableParallelism(),
  executionMode: 'sequential',
  extra: { session: { intra_op: { allow_spinning: '0' } } },
}

export async function openBare(folder: string, options: InferenceSession.SessionOptions = {}): Promise<BareSessions> {
  const open = (part: string) => InferenceSession.create(join(folder, part, 'model.onnx'), { executionProviders: ['cpu'], ...options })
  return { text: await open('text_encoder'), unet: await open('unet'), decoder: await open('vae_decoder') }
}

/**
 * DDIM as it is written in the paper, over bare sessions: what any studio around them must give. One text encoder, 32 bits, v.
 * @param inPairs asks with and without the prompt in one run.
 */
export async function bareLoop(
  folder: string,
  ids: Readonly<Record<'prompt' | 'negative', readonly number[]>>,
  asked: Generation,
  { text, unet, decoder }: BareSessions,
  inPairs = false,
) {
  const context = async (list: readonly number[]) => {
    const input_ids = new Tensor('int64', BigInt64Array.from(list, BigInt), [1, list.length])
    return (await text.run({ input_ids })).last_hidden_state as Tensor
  }
  const [withPrompt, without] = [await context(ids.prompt), await context(ids.negative)]

  const told = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const config = told('scheduler/scheduler_config.json')
  const { block_out_channels, scaling_factor } = told('vae_decoder/config.json')
  const factor = 2 ** (block_out_channels.length - 1)
  const count = config.num_train_timesteps
  const [low, high] = [Math.sqrt(config.beta_start), Math.sqrt(config.beta_end)]
  const abar: number[] = []
  for (let t = 0; t < count; t++) abar.push((abar[t - 1] ?? 1) * (1 - (low + ((high - low) * t) / (count - 1)) ** 2))

  const dims = [1, CHANNELS, asked.height / factor, asked.width / factor]
  let x = drawsOf(asked.seed)(dims.reduce((a, b) => a * b, 1))
  const gap = Math.floor(count / asked.steps)
  for (let i = asked.steps - 1; i >= 0; i--) {
    const t = i * gap + config.steps_offset
    const timestep = new Tensor('float32', [t], [])
    const said = async (...contexts: readonly Tensor[]) => {
      const rows = (lists: readonly ArrayLike<number>[], shape: readonly number[]) => {
        const all = new Float32Array(lists.length * (lists[0]?.length ?? 0))
        for (const [i, list] of lists.entries()) all.set(list, i * list.length)
        return new Tensor('float32', all, [lists.length, ...shape.slice(1)])
      }
      const words = contexts.map(({ data }) => data as Float32Array)
      const feeds = { sample: rows(new Array(words.length).fill(x), dims), encoder_hidden_states: rows(words, without.dims) }
      return (await unet.run({ ...feeds, timestep })).out_sample?.data as Float32Array
    }
    const both = inPairs ? await said(without, withPrompt) : null
    const plain = both?.subarray(0, x.length) ?? (await said(without))
    const prompted = both?.subarray(x.length) ?? (await said(withPrompt))
    const [a, s] = [Math.sqrt(abar[t]), Math.sqrt(1 - abar[t])]
    const to = abar[Math.max(0, t - gap)]
    x = x.map((value, k) => {
      const v = plain[k] + asked.guidance * (prompted[k] - plain[k])
      return Math.sqrt(to) * (a * value - s * v) + Math.sqrt(1 - to) * (a * v + s * value)
    })
  }
  const latent_sample = new Tensor(
    'float32',
    Float32Array.from(x, (value) => value / scaling_factor),
    dims,
  )
  const picture = (await decoder.run({ latent_sample })).sample?.data as Float32Array
  return { latent: x, picture: picture.map((value) => Math.min(1, Math.max(0, value / 2 + 0.5))) }
}
