import { availableParallelism } from 'node:os'
import { readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { generate } from '../../../main/engine/diffusion/generate.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { bareLoop, openBare } from '../../engine/diffusion/bare-loop.ts'
import { openDiffusionStudio, request } from '../../engine/diffusion/studio.ts'
import { FACTOR } from '../../kit/tiny-diffusion.ts'
import { CELLS, slowModel } from './slow-model.ts'
import type { Table } from './table.ts'

const STEPS = 8
const RUNS = 6

/** A whole generation, words to picture, beside DDIM written down bare over the same networks, opened in the same way. */
export async function whole(): Promise<Table> {
  await using studio = openDiffusionStudio()
  using slow = slowModel()
  const folder = await readModelFolder(slow.path)
  const asked = { ...request, width: CELLS * FACTOR, height: CELLS * FACTOR, steps: STEPS }
  const [prompt = [], negative = []] = [asked.prompt, asked.negative].map((text) => folder.textEncoders[0]?.tokenize(text).ids)
  const sessions = await openBare(slow.path, {
    intraOpNumThreads: availableParallelism(),
    executionMode: 'sequential',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
  const { signal } = new AbortController()
  const ways = {
    bare: () => bareLoop(slow.path, { prompt, negative }, asked, sessions),
    studio: () => outcome(generate(folder, asked, studio.sessions, signal)),
  }
  // Processor time, and the least of some turns: what else the machine does makes either longer, never shorter.
  const least = { bare: Number.POSITIVE_INFINITY, studio: Number.POSITIVE_INFINITY }
  for (let i = 0; i <= RUNS; i++)
    for (const way of ['bare', 'studio'] as const) {
      const began = process.cpuUsage()
      await ways[way]()
      const { user, system } = process.cpuUsage(began)
      if (i > 0) least[way] = Math.min(least[way], (user + system) / 1000)
    }
  return {
    title: 'One generation against a bare loop',
    head: ['', 'CPU ms', 'ratio'],
    rows: [
      ['DDIM over bare sessions', least.bare, 1],
      ['`generate`, with previews', least.studio, least.studio / least.bare],
    ],
    least: false,
    note: `${STEPS} guided steps, words to picture, networks loaded, processor time of all threads, the least of ${RUNS} turns each. The aim is 1.03.`,
  }
}
