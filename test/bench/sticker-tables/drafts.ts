import { trajectoryScore } from '../../../main/algorithms/diffusion/trajectory-score.ts'
import type { Choice } from '../../../main/engine/diffusion/course.ts'
import { NOTHING_FOUND, type Tuned } from '../../../main/engine/tuning/tuned.ts'
import type { Table } from '../diffusion-tables/table.ts'
import { type Judge, openJudge } from './judge.ts'
import { pairedKid } from './kid.ts'
import { GUIDANCE, type OwnModel, openOwn } from './model.ts'
import { verdict } from './verdict.ts'

const BUDGETS = [4, 6, 10]
/** Learned captions that are asked for, one picture each, and of these, noises whose long runs are known. */
const PICTURES = 128
const NOISES = 48
const LONG = 100
/** Rest of the learned captions: what steps are sought with is not what they are judged by. */
const SEEKING = 8
const RECIPE = 'found recipe (S³)'

interface Way {
  readonly name: string
  readonly schedule: Choice
  readonly solver: (steps: number) => Choice
  /** What of all that was found it uses; it is left out where that is of other numbers of steps. */
  readonly tuned: Tuned
}

const plain = (id: string, params = {}) => ({ solver: () => ({ id, params }), tuned: NOTHING_FOUND })
const even: Choice = { id: 'uniform' }
const trailing: Choice = { id: 'uniform', params: { spacing: 'trailing', landing: 'clean' } }
const usual: Choice = { id: 'multistep' }
/** What people write by hand. */
const WAYS: readonly Way[] = [
  { name: 'DDIM even', schedule: even, ...plain('ddim') },
  { name: 'DDIM trailing', schedule: trailing, ...plain('ddim') },
  {
    name: 'Time-Shift',
    schedule: even,
    solver: (steps) => ({ id: 'time-shift', params: { window: Math.round(400 / steps) } }),
    tuned: NOTHING_FOUND,
  },
  { name: 'DPM++', schedule: usual, ...plain('dpm-solver-pp') },
  { name: 'UniPC', schedule: usual, ...plain('unipc') },
]
/** Solvers that steps are sought for. */
const SOUGHT = { ddim: 'DDIM found', unipc: 'UniPC found' } as const

/** The ways that use what was found for the model: what came with it, and what that lacks, sought here. */
async function foundWays(model: OwnModel, judge: Judge): Promise<readonly Way[]> {
  const given = model.folder.tuned ?? NOTHING_FOUND
  const common = { guidance: GUIDANCE, prompts: judge.asked.learned.captions.slice(PICTURES, PICTURES + SEEKING).join('\n') }
  const ways: Way[] = []
  for (const [solver, name] of Object.entries(SOUGHT)) {
    const known = given.steps.filter((one) => one.solver === solver && one.guidance === GUIDANCE)
    const lacking = BUDGETS.filter((steps) => !known.some(({ levels }) => levels.length === steps))
    const sought = await model.tuned(lacking.map((steps) => ({ what: 'steps', params: { ...common, steps, solver } })))
    const tuned = { ...NOTHING_FOUND, steps: [...known, ...sought.steps] }
    ways.push({ name, schedule: { id: 'auto-diffusion' }, solver: () => ({ id: solver }), tuned })
  }
  const measured = given.statistics.filter(({ guidance }) => guidance === GUIDANCE)
  const { statistics } = measured.length > 0 ? { statistics: measured } : await model.tuned([{ what: 'statistics', params: common }])
  ways.push({ name: 'DPM-Solver-v3', schedule: usual, solver: () => ({ id: 'dpm-solver-v3' }), tuned: { ...NOTHING_FOUND, statistics } })
  const recipes = given.recipes.filter(({ calls, guidance }) => BUDGETS.includes(calls) && guidance === GUIDANCE)
  const tuned = { ...given, recipes }
  return recipes.length === 0 ? ways : [...ways, { name: RECIPE, schedule: usual, solver: () => ({ id: 'unified-sampling' }), tuned }]
}

/** Pictures of few steps by the usual and the found ways: how far from a long run of the same noise, and from drawn pictures. */
export async function drafts(): Promise<readonly Table[]> {
  await using model = await openOwn('sticker')
  const judge = await openJudge()
  const { captions, drawn, kid } = judge.asked.learned
  const asked = captions.slice(0, PICTURES).map((prompt, i) => ({ prompt, seed: i + 1 }))
  const ways = [...WAYS, ...(await foundWays(model, judge))]

  const references: Float64Array[] = []
  for (const one of asked.slice(0, NOISES)) {
    const long = { ...one, steps: LONG, solver: { id: 'unipc', params: { order: 3 } } }
    references.push((await model.make(long)).latent.data)
  }
  const [near, alike]: [[string, ...(number | null)[]][], [string, ...(number | null)[]][]] = [[], []]
  for (const { name, schedule, solver, tuned } of ways) {
    const [scores, distances]: [(number | null)[], (number | null)[]] = [[], []]
    for (const steps of BUDGETS) {
      const isKnown = name !== RECIPE || tuned.recipes.some(({ calls }) => calls === steps)
      const result = isKnown ? await judged(steps) : { score: null, distance: null }
      scores.push(result.score)
      distances.push(result.distance)
    }
    near.push([name, ...scores])
    alike.push([name, ...distances])

    async function judged(steps: number) {
      const [ends, features]: [Float64Array[], Float64Array[]] = [[], []]
      for (const one of asked) {
        const { latent, picture } = await model.make({ ...one, steps, schedule, solver: solver(steps) }, tuned)
        ends.push(latent.data)
        features.push((await judge.look(picture)).features)
      }
      return {
        score: trajectoryScore(ends.slice(0, NOISES), references),
        distance: 1000 * pairedKid(features, drawn.slice(0, PICTURES)),
      }
    }
  }
  const head = ['steps', ...BUDGETS.map(String)]
  const pairs = [
    ['DDIM found', 'DDIM even'],
    ['DDIM found', 'DDIM trailing'],
    ['UniPC found', 'UniPC'],
    ['Time-Shift', 'DDIM even'],
    ['UniPC', 'DPM++'],
    ['DPM-Solver-v3', 'UniPC'],
  ] as const
  const told = (rows: readonly (readonly [string, ...(number | null)[]])[]) => pairs.map(([a, b]) => verdict(rows, a, b, BUDGETS)).join(' ')
  return [
    {
      title: 'Stickers in few steps, trajectory score',
      head,
      rows: near,
      least: true,
      note: `Distance of latents from ${LONG} steps of UniPC 3 from the same noise, mean of ${NOISES} noises and captions, guidance ${GUIDANCE}. Steps and statistics that did not come with the model were sought on other captions, as \`tune\` seeks them by default. ${told(near)}`,
    },
    {
      title: 'Stickers in few steps, kernel distance',
      head,
      rows: [...alike, ['drawn pictures of other captions', ...BUDGETS.map(() => kid)]],
      least: false,
      note: `KID × 1000 in the judge's features, ${PICTURES} pictures of learned captions against the drawn ones of these, no picture with its own: no FID, and no figure of another judge. ${told(alike)}`,
    },
  ]
}
