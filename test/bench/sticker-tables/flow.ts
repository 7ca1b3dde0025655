import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Table } from '../diffusion-tables/table.ts'
import { figuresOf, fromTraining, judgedBy } from './captions.ts'
import { openJudge } from './judge.ts'
import { GUIDANCE, MODELS, openOwn } from './model.ts'

const COUNTS = [1, 2, 4]
const GROUP = 'learned'

/** The flow that was rectified twice, in one to four steps, beside the model it began as and the first round. */
export async function flow(): Promise<readonly Table[]> {
  if (!existsSync(join(MODELS, 'sticker-flow', 'model_index.json'))) {
    console.log('There is no sticker-flow among the models: the table of the rectified flow is left out.')
    return []
  }
  const judge = await openJudge()
  const rows: [string, ...number[]][] = []
  const trailing = { id: 'uniform', params: { spacing: 'trailing', landing: 'clean' } }
  for (const [id, name, guidance] of [
    ['sticker', 'sticker, guided', GUIDANCE],
    ['sticker-flow', 'sticker-flow', 1],
  ] as const) {
    await using model = await openOwn(id)
    for (const steps of COUNTS) {
      const make = (prompt: string, seed: number) =>
        model.make({ prompt, seed, steps, guidance, schedule: trailing, solver: { id: 'ddim' } })
      rows.push([`${name}, ${steps} ${steps === 1 ? 'step' : 'steps'}`, ...(await judgedBy(judge, GROUP, make))])
    }
  }
  const figures = figuresOf('sticker-flow')
  for (const [count, groups] of Object.entries(figures ?? {}))
    if (groups[GROUP]) rows.push([`first round, ${count}, in training`, ...fromTraining(groups[GROUP])])
  return [
    {
      title: 'Stickers on straight lines',
      head: ['model', 'KID × 1000', 'found first, %', 'among five, %'],
      rows,
      least: false,
      note: `One picture for each of ${judge.asked[GROUP].captions.length} learned captions, DDIM on trailing steps, which on the ladder of the flow are steps of Euler. The guided model takes two calls a step, the flow one. The first round, before its pairs are learned, is not shipped: its figures are those of training, guided as well.`,
    },
  ]
}
