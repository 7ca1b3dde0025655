import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Table } from '../diffusion-tables/table.ts'
import { type GroupName, type Judge, openJudge } from './judge.ts'
import { pairedKid } from './kid.ts'
import { GUIDANCE, type OwnModel, openOwn } from './model.ts'
import { ahead, found } from './retrieval.ts'

const COUNTS = [10, 25, 50]
const GROUPS = ['held out', 'learned'] as const
const TRAINING = join(import.meta.dirname, '../../../native-models/training')

const Shares = z.object({ first: z.number(), amongFive: z.number() })
const Judged = z.record(z.string(), z.object({ kid: z.number(), made: Shares }))
const Figures = z.object({ figures: z.object({ judged: z.record(z.string(), Judged).nullable() }) })
export type TrainingFigures = NonNullable<z.output<typeof Figures>['figures']['judged']>

/** What `evaluate` wrote of a network, by number of steps and group; null where nothing was written. */
export function figuresOf(name: string): TrainingFigures | null {
  const path = join(TRAINING, `${name}.figures.json`)
  return existsSync(path) ? Figures.parse(JSON.parse(readFileSync(path, 'utf8'))).figures.judged : null
}

/** KID × 1000, and shares of captions that the judge finds first and among five, in per cent. */
export type Judgement = readonly [kid: number, first: number, amongFive: number]

/** One picture for each caption of a group, judged. */
export async function judgedBy(
  judge: Judge,
  group: GroupName,
  make: (prompt: string, seed: number) => ReturnType<OwnModel['make']>,
): Promise<Judgement> {
  const { captions, drawn } = judge.asked[group]
  const [features, ranks]: [Float64Array[], number[]] = [[], []]
  for (const [i, caption] of captions.entries()) {
    const look = await judge.look((await make(caption, i + 1)).picture)
    features.push(look.features)
    ranks.push(ahead(look.logits, caption, judge.candidates))
  }
  return [1000 * pairedKid(features, drawn), ...found(ranks)]
}

/** The same figures of training, in the same units. */
export function fromTraining({ kid, made }: z.output<typeof Judged>[string]): Judgement {
  return [kid, 100 * made.first, 100 * made.amongFive]
}

/** What the judge finds in pictures by the studio's own pipeline, beside the figures of training, whose noises are others. */
export async function captions(): Promise<readonly Table[]> {
  await using model = await openOwn('sticker')
  const judge = await openJudge()
  const figures = figuresOf('sticker')
  const rows: [string, ...(number | null)[]][] = []
  let furthest = 0
  for (const group of GROUPS) {
    const { captions: wanted, kid, found: real } = judge.asked[group]
    for (const steps of COUNTS) {
      const schedule = { id: 'uniform', params: { spacing: 'trailing', landing: 'clean' } }
      const here = await judgedBy(judge, group, (prompt, seed) => model.make({ prompt, seed, steps, schedule, solver: { id: 'ddim' } }))
      rows.push([`${group}, ${steps} steps`, ...here])
      const there = figures?.[`${steps} steps`]?.[group]
      if (!there) continue
      const compared = fromTraining(there)
      rows.push([`${group}, ${steps} steps, in training`, ...compared])
      furthest = Math.max(furthest, apart(here[2], compared[2], wanted.length))
    }
    rows.push([`${group}, drawn`, kid, 100 * real.first, 100 * real.amongFive])
  }
  const agreement = figures
    ? `Among five, both pipelines differ by at most ${furthest.toFixed(1)} times what chance alone would.`
    : 'There are no figures of training to compare with.'
  return [
    {
      title: 'Stickers by their captions',
      head: ['captions', 'KID × 1000', 'found first, %', 'among five, %'],
      rows,
      least: false,
      note: `One picture for each of ${GROUPS.map((group) => `${judge.asked[group].captions.length} ${group === 'held out' ? 'held-out' : 'learned'}`).join(' and ')} captions, DDIM on trailing steps, guidance ${GUIDANCE}; the judge chooses among ${judge.candidates.captions.length.toLocaleString('en-US')} captions. Drawn: the drawn pictures of these captions, and the KID of drawn pictures of others. The held-out captions are of few things, so that their KID says little. ${agreement}`,
    },
  ]
}

/** How many deviations two shares of so many, in per cent, are apart. */
function apart(a: number, b: number, count: number): number {
  const mean = (a + b) / 200
  const deviation = 100 * Math.sqrt((2 * Math.max(mean * (1 - mean), 1 / count)) / count)
  return Math.abs(a - b) / deviation
}
