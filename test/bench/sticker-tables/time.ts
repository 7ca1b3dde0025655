import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { drawsOf } from '../../../main/algorithms/diffusion/sample.ts'
import { solvers } from '../../../main/algorithms/index.ts'
import { type Generation, generate } from '../../../main/engine/diffusion/generate.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { imagined, layerOf } from '../../engine/imagination/studio.ts'
import type { Table } from '../diffusion-tables/table.ts'
import { CANVAS, composed } from './compose.ts'
import { GUIDANCE, type OwnModel, openOwn, SIDE, signal } from './model.ts'
import { scenes } from './scenes.ts'

const STEPS = 20
const RUNS = 5
/** Those that go with even steps and need nothing; the others cost what these cost. */
const CHOSEN = ['ddim', 'dpm-solver-pp', 'unipc', 'bdia', 'heun']
const EDITED = 4

const request: Generation = {
  ...{ prompt: '3d red apple', negative: '', guidance: GUIDANCE, seed: 1, width: SIDE, height: SIDE, steps: STEPS },
  ...{ schedule: { id: 'uniform' }, solver: { id: 'ddim' } },
}
const total = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

/** Time outside the networks, a generation beside a bare loop, and BDIA's edit beside EDICT's. */
export async function time(): Promise<readonly Table[]> {
  await using model = await openOwn('sticker')
  return [await shares(model), await whole(model), await edits(model)]
}

/** Processor time of whole steps: of this thread, where everything but the network happens, and of all others. */
async function shares({ folder, sessions }: OwnModel): Promise<Table> {
  const once = async (solver: string): Promise<readonly [here: number, others: number]> => {
    const steps = generate(folder, { ...request, solver: { id: solver } }, sessions, signal)
    await steps.next()
    const [thread, all] = [process.threadCpuUsage(), process.cpuUsage()]
    for (let i = 1; i < STEPS; i++) await steps.next()
    const here = total(process.threadCpuUsage(thread)) / (STEPS - 1)
    const others = total(process.cpuUsage(all)) / (STEPS - 1) - here
    await steps.return(undefined as never)
    return [here, others]
  }
  const cores = availableParallelism()
  const rows: [string, ...number[]][] = []
  for (const { id, title } of solvers.filter((solver) => CHOSEN.includes(solver.id))) {
    const runs: (readonly [number, number])[] = []
    for (let i = 0; i <= RUNS; i++) runs.push(await once(id))
    const [here, others] = [0, 1].map((part) => Math.min(...runs.slice(1).map((run) => run[part as 0 | 1]))) as [number, number]
    rows.push([title, others, here, (100 * here) / (here + others / cores)])
  }
  return {
    title: 'Stickers, time outside the network',
    head: ['solver', 'network, CPU ms a step', 'all else, CPU ms a step', 'share of time, %'],
    rows,
    least: false,
    note: `Whole steps of \`generate\`, previews included, guided: two calls a step, Heun four. The least of ${RUNS} runs each; the network works on ${cores} cores, all else on one. The aim is under 3 %, and the sticker network is far smaller than any that is usual.`,
  }
}

async function whole({ folder, sessions }: OwnModel): Promise<Table> {
  const bare = await bareLoop(folder.path, folder.autoencoder.scale, (text) => folder.textEncoders[0]?.tokenize(text).ids ?? [])
  const ways = { bare: () => bare(request), studio: async () => (await outcome(generate(folder, request, sessions, signal))).latent.data }
  const least = { bare: Number.POSITIVE_INFINITY, studio: Number.POSITIVE_INFINITY }
  const [ours, theirs] = [await ways.studio(), await ways.bare()]
  const furthest = Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] as number))))
  for (let i = 0; i < RUNS; i++)
    for (const way of ['bare', 'studio'] as const) {
      const began = process.cpuUsage()
      await ways[way]()
      least[way] = Math.min(least[way], total(process.cpuUsage(began)))
    }
  return {
    title: 'Stickers, one generation against a bare loop',
    head: ['', 'CPU ms', 'ratio'],
    rows: [
      ['DDIM over bare sessions', least.bare, 1],
      ['`generate`, with previews', least.studio, least.studio / least.bare],
    ],
    least: false,
    note: `${STEPS} guided steps, words to picture, networks loaded, processor time of all threads, the least of ${RUNS} turns each; the latents of both differ by ${furthest.toExponential(1)} at most. The aim is 1.03.`,
  }
}

/** DDIM on leading steps as it is written in the paper, over sessions that are opened as the studio opens them. @returns the latent. */
async function bareLoop(folder: string, scale: number, tokenize: (text: string) => readonly number[]) {
  const options = { executionProviders: ['cpu'], intraOpNumThreads: availableParallelism(), executionMode: 'sequential' } as const
  const open = (part: string) =>
    InferenceSession.create(join(folder, part, 'model.onnx'), { ...options, extra: { session: { intra_op: { allow_spinning: '0' } } } })
  const [text, unet, decoder] = [await open('text_encoder'), await open('unet'), await open('vae_decoder')]
  const [first, last] = [0.00085, 0.012].map(Math.sqrt) as [number, number]
  const abar: number[] = []
  for (let t = 0; t < 1000; t++) abar.push((abar[t - 1] ?? 1) * (1 - (first + ((last - first) * t) / 999) ** 2))
  const context = async (words: string) => {
    const ids = BigInt64Array.from(tokenize(words), BigInt)
    return (await text.run({ input_ids: new Tensor('int64', ids, [1, ids.length]) })).last_hidden_state as Tensor
  }

  return async ({ prompt, negative, guidance, seed, width, height, steps }: Generation): Promise<Float64Array> => {
    const [withPrompt, without] = [await context(prompt), await context(negative)]
    const dims = [1, 4, height / 4, width / 4]
    let x = Float64Array.from(drawsOf(seed)(dims.reduce((a, b) => a * b, 1)))
    const gap = Math.floor(1000 / steps)
    for (let i = steps - 1; i >= 0; i--) {
      const t = i * gap + 1
      const feeds = { sample: new Tensor('float32', Float32Array.from(x), dims), timestep: new Tensor('float32', [t], []) }
      const said = async (encoder_hidden_states: Tensor) =>
        (await unet.run({ ...feeds, encoder_hidden_states })).out_sample?.data as Float32Array
      const [plain, prompted] = [await said(without), await said(withPrompt)]
      const [a, s] = [Math.sqrt(abar[t]), Math.sqrt(1 - abar[t])]
      const to = abar[Math.max(0, t - gap)]
      x = x.map((value, k) => {
        const v = plain[k] + guidance * (prompted[k] - plain[k])
        return Math.sqrt(to) * (a * value - s * v) + Math.sqrt(1 - to) * (a * v + s * value)
      })
    }
    await decoder.run({
      latent_sample: new Tensor(
        'float32',
        Float32Array.from(x, (value) => value / scale),
        dims,
      ),
    })
    return x
  }
}

/** The studio's exact edit of whole scenes by either exact inversion, at equal steps. */
async function edits({ folder, sessions }: OwnModel): Promise<Table> {
  const chosen = await Promise.all(scenes.slice(0, EDITED).map(composed))
  const once = async (inversion: string): Promise<number> => {
    const began = process.cpuUsage()
    for (const { picture, source, objects } of chosen) {
      const prompt = objects.map(({ becomes }) => becomes).join(', ')
      const params = { source, prompt, inversion, guidance: GUIDANCE, steps: STEPS }
      await imagined('exact-edit', { folder, sessions, source: layerOf(picture), ...CANVAS, objects: [], seed: 1, params })
    }
    return total(process.cpuUsage(began)) / chosen.length
  }
  const least = new Map([
    ['bdia-inversion', Number.POSITIVE_INFINITY],
    ['edict', Number.POSITIVE_INFINITY],
  ])
  for (let i = 0; i < 3; i++) for (const [id, before] of least) least.set(id, Math.min(before, await once(id)))
  const [bdia = 0, edict = 0] = [...least.values()]
  return {
    title: 'Stickers, time of an exact edit',
    head: ['inversion', 'CPU ms an edit', 'ratio'],
    rows: [
      ['BDIA', bdia, 1],
      ['EDICT', edict, edict / bdia],
    ],
    least: false,
    note: `\`exact-edit\` of whole scenes of ${CANVAS.width} × ${CANVAS.height} pixels with ${STEPS} steps and strength 0.8, processor time of all threads, the mean of ${EDITED} scenes, the least of 3 turns.`,
  }
}
