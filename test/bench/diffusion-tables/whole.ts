import { readModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { generate } from '../../../main/engine/diffusion/generate.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { AS_STUDIO, bareLoop, openBare } from '../../engine/diffusion/bare-loop.ts'
import { openDiffusionStudio, request } from '../../engine/diffusion/studio.ts'
import { FACTOR } from '../../kit/tiny-diffusion.ts'
import { leastOf } from './processor-time.ts'
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
  const sessions = await openBare(slow.path, AS_STUDIO)
  const { signal } = new AbortController()
  const least = await leastOf(
    {
      bare: () => bareLoop(slow.path, { prompt, negative }, asked, sessions, true),
      studio: () => outcome(generate(folder, asked, studio.sessions, signal)),
    },
    RUNS,
  )
  return {
    title: 'One generation against a bare loop',
    head: ['', 'CPU ms', 'ratio'],
    rows: [
      ['DDIM over bare sessions, with and without the prompt in one call', least.bare, 1],
      ['`generate`, with previews', least.studio, least.studio / least.bare],
    ],
    least: false,
    note: `${STEPS} guided steps, words to picture, networks loaded, processor time of all threads, the least of ${RUNS} turns each. The aim is 1.03.`,
  }
}
