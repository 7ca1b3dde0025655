import { fault } from '../../../preload/contract/fault.ts'
import { multistepRecipe } from '../../algorithms/diffusion/solvers/unified-recipe.ts'
import { CLEAN, type Leg, legsOf, nodeAt, type Path } from '../../math/gaussian-path.ts'
import type { ModelStatistics } from '../../math/model-statistics.ts'
import { listedLegs, tableOfPath } from '../../math/timesteps.ts'
import type { FoundBoard } from './found.ts'
import { unpack32 } from './packed.ts'
import { evenInTime, type SkipAt, skipAtLevels } from './subject.ts'
import type { Tuned } from './tuned.ts'

/** What a generation asks for: how many steps, under what guidance, of latents of what shape. */
export interface Wish {
  readonly path: Path
  readonly steps: number
  readonly schedule: Chosen
  readonly solver: Chosen
  readonly guidance: number
  readonly shape: readonly number[]
}
interface Chosen {
  readonly id: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** What was found for a model, where it bears on a generation. */
export interface Picked {
  /** Settings that are added to the schedule's and the solver's own. */
  readonly schedule: Readonly<Record<string, unknown>>
  readonly solver: Readonly<Record<string, unknown>>
  /** Legs that go before those of the schedule. */
  readonly legs: readonly Leg[] | null
  readonly statistics: ModelStatistics | null
  readonly skipAt: SkipAt | null
  /** What the artist should know, a sentence each. */
  readonly notes: readonly string[]
}

const NOTHING: Picked = { schedule: {}, solver: {}, legs: null, statistics: null, skipAt: null, notes: [] }

/**
 * What of all that was found a generation uses: found steps by the schedule of that name, a recipe, statistics or a board by their
 * solvers. Settings that were given go before what was found. @throws FaultError `invalid` where a board is of another size.
 */
export function pickFor(tuned: Tuned, wish: Wish): Picked {
  const { schedule, solver } = wish
  const parts: Partial<Picked>[] = []
  if (schedule.id === 'auto-diffusion' && !schedule.params?.found) parts.push(steps(tuned, wish))
  if (solver.id === 'unified-sampling' && !solver.params?.recipe) parts.push(recipe(tuned, wish))
  if (solver.id === 'dpm-solver-v3') parts.push(statistics(tuned, wish))
  if (solver.id === 'dpm-ot' && !solver.params?.targets) parts.push(board(tuned, wish))
  return Object.assign({ ...NOTHING }, ...parts, { notes: parts.flatMap(({ notes = [] }) => notes) })
}

function steps({ steps: lists }: Tuned, wish: Wish): Partial<Picked> {
  const found = lists.map(({ levels }) => ({ kind: 'levels', at: levels }))
  const used = lists.find(({ levels }) => levels.length === wish.steps)
  if (!used) return { schedule: { found } }
  const notes = [...otherGuidance('The found steps', used.guidance, wish.guidance)]
  if (used.solver !== wish.solver.id)
    notes.push(`The found steps were found for the solver ${used.solver}; with ${wish.solver.id} they may be no better than even ones.`)
  return { schedule: { found }, skipAt: skipAtLevels(used.levels, used.skip), notes }
}

function recipe(tuned: Tuned, wish: Wish): Partial<Picked> {
  const { path, steps: calls } = wish
  const found = tuned.recipes.find((one) => one.calls === calls)
  if (!found) {
    const times = [...evenInTime(path, calls).map(({ from }) => from.t), path.tData]
    const notes = [`No recipe was found for ${calls} calls of this model: DPM++ on even times was used. Tune the model for so many.`]
    return { solver: { recipe: multistepRecipe(times, 'data', 2, true) }, legs: legsOf(times.map((t) => nodeAt(path, t))), notes }
  }
  return {
    solver: { recipe: found.recipe },
    legs: legsOf(found.recipe.timesteps.map((t) => nodeAt(path, t))),
    statistics: statistics(tuned, wish).statistics ?? null,
    notes: otherGuidance('The recipe', found.guidance, wish.guidance),
  }
}

/** Those of the same guidance, or of the nearest. */
function statistics({ statistics: all }: Tuned, { guidance }: Wish): Partial<Picked> {
  const away = (one: (typeof all)[number]) => Math.abs(Math.log(one.guidance / guidance))
  const [nearest] = all.toSorted((a, b) => away(a) - away(b))
  return nearest ? { statistics: nearest.statistics, notes: otherGuidance('The statistics', nearest.guidance, guidance) } : {}
}

function board({ boards }: Tuned, { path, shape, steps: count }: Wish): Partial<Picked> {
  if (boards.length === 0)
    return { notes: ['This model has no board of pictures yet, so this was plain sampling with fresh noise. Tune the model for one.'] }
  const fitting = boards.find((one) => one.shape.every((side, i) => side === shape[i]))
  if (!fitting) {
    const sizes = boards.map(({ shape: [, rows, columns] }) => `${columns} × ${rows}`).join(', ')
    const why = `The board was made for latents of ${sizes} cells; this picture has ${shape[2]} × ${shape[1]}.`
    throw fault('invalid', 'The board of pictures does not fit.', why, 'Choose the size of the board, or tune the model for this one.')
  }
  return {
    solver: { targets: fitting.targets.map((target) => Array.from(unpack32(target))), heights: fitting.heights },
    legs: tailOf(path, fitting, count),
  }
}

/** Even levels from the board's down. */
export function tailOf(path: Path, { level }: Pick<FoundBoard, 'level'>, count: number): readonly Leg[] {
  if (count > level) throw new RangeError(`There are ${level} levels below the board: ${count} steps are too many.`)
  const levels = Array.from({ length: count }, (_, i) => Math.round((level * (count - i)) / count))
  return listedLegs(tableOfPath(path), levels, { ...CLEAN, label: 0 })
}

const otherGuidance = (what: 'The found steps' | 'The recipe' | 'The statistics', found: number, wished: number): readonly string[] =>
  found === wished ? [] : [`${what} may be no better than usual: the model was tuned at guidance ${found}, and this is ${wished}.`]
