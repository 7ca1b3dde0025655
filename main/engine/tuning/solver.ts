import { z } from 'zod'
import { callsOf, type Recipe, recipeSchema } from '../../algorithms/diffusion/solvers/unified-recipe.ts'
import { unifiedSampling } from '../../algorithms/diffusion/solvers/unified-sampling.ts'
import {
  type Hunt,
  type HuntState,
  knownRecipes,
  type ScoredRecipe,
  searchRecipe,
} from '../../algorithms/diffusion/solvers/unified-search.ts'
import { legsOf, nodeAt } from '../../math/gaussian-path.ts'
import type { ModelStatistics } from '../../math/model-statistics.ts'
import { noiseOf } from '../../math/random.ts'
import type { Scores } from './found.ts'
import type { Kind, Look, Outcome } from './kind.ts'
import { pack } from './packed.ts'
import { callsForReferences, references } from './references.ts'
import { digits, distancesOf, scoreOf } from './score.ts'
import { judged, settings } from './settings.ts'
import { firstTime, type Subject } from './subject.ts'
import { runsOfTrial, trial } from './trial.ts'
import { tunedIn } from './tuned.ts'

const Params = z.object({
  steps: z.int().min(2).max(30).default(6).meta({ title: 'Calls', description: 'Network calls that a picture may take.' }),
  evaluations: z.int().min(10).max(5000).default(60).meta({ title: 'Recipes', description: 'How many recipes are tried.' }),
  ...judged,
  ...settings,
})
type Params = z.output<typeof Params>

const State: z.ZodType<HuntState, unknown> = z.object({
  scored: z.array(z.object({ recipe: recipeSchema, score: z.number() })),
  noise: z.object({ seed: z.number(), counter: z.number() }),
})

const huntOf = ({ path }: Subject, { steps, evaluations }: Params, measured: boolean, firsts: readonly Recipe[]): Hunt => ({
  calls: steps,
  from: firstTime(path),
  to: path.tData,
  evaluations,
  measured,
  firsts,
})

/**
 * S³: a recipe of the unified sampling framework for one model and so many calls, by evolution from the known solvers. Steps may use the
 * model's statistics where they were measured at this guidance. What does not hold up on the held-out cases is not kept.
 */
export const solverKind: Kind<Params, HuntState> = {
  id: 'tune-solver',
  role: 'tuning',
  title: 'Found recipe',
  summary: 'A sampler of its own for this model and few calls.',
  paper: {
    title: 'A Unified Sampling Framework for Solver Searching of Diffusion Probabilistic Models',
    year: 2023,
    link: 'https://arxiv.org/abs/2312.07243',
  },
  params: Params,
  state: State,
  name: ({ steps }) => `solver-${steps}`,
  async ground({ folder, params }) {
    const { statistics, recipes } = await knownOf(folder, params)
    return {
      recipes,
      statistics: statistics && { ...statistics, l: statistics.l.map(pack), s: statistics.s.map(pack), b: statistics.b.map(pack) },
    }
  },
  calls({ subject, params }) {
    const { evaluations, cases, heldOut, steps } = params
    const known = knownRecipes(huntOf(subject, params, false, [])).length
    const calls = evaluations * cases + runsOfTrial(known) * heldOut
    return callsForReferences(cases + heldOut, params, subject) + calls * steps * subject.callsPerAnswer
  },
  async *find({ subject, params, folder }, from, signal): AsyncGenerator<Look<HuntState>, Outcome, void> {
    const { cases, heldOut, steps, evaluations, seed, guidance, prompts, negative } = params
    const { statistics, recipes: before } = await knownOf(folder, params)
    const ends = yield* references(subject, params, { from: 0, count: cases + heldOut }, 'first', folder, signal)

    const score = (recipe: Recipe, stop: AbortSignal) => scoreOf(subject, wayOf(subject, recipe, statistics), ends.slice(0, cases), 0, stop)
    const hunt = huntOf(subject, params, statistics !== null, before)
    const search = searchRecipe(hunt, score, noiseOf(seed), signal, from)
    const firsts = new Set(knownRecipes(hunt).map((recipe) => JSON.stringify(recipe)))
    const isKnown = ({ recipe }: ScoredRecipe) => firsts.has(JSON.stringify(recipe))
    let scored: readonly ScoredRecipe[] = from?.scored ?? []
    let tick = await search.next()
    for (; !tick.done; tick = await search.next()) {
      const { state } = tick.value
      scored = state.scored
      const [best, usual] = [scored[0]?.score ?? 0, scored.find(isKnown)?.score ?? 0]
      yield { label: `Recipe ${scored.length} of ${evaluations}; best ${digits(best)}, known solvers ${digits(usual)}`, state }
    }
    const { kept, usual, isFound, keptHeldOut, usualHeldOut } = yield* trial(scored, isKnown, heldOut, ({ recipe }) =>
      distancesOf(subject, wayOf(subject, recipe, statistics), ends.slice(cases), cases, signal),
    )
    const scores = { found: kept.score, usual: usual.score, foundHeldOut: keptHeldOut, usualHeldOut }
    return {
      found: { what: 'solver', version: 1, guidance, prompts, negative, scores, calls: steps, recipe: kept.recipe },
      notes: notesOf(kept.recipe, !isFound, scores, params),
    }
  },
}

/** What was found before that a search begins with: statistics at its guidance, recipes of so many calls. */
async function knownOf(folder: string, { steps, guidance }: Params) {
  const tuned = await tunedIn(folder)
  return {
    statistics: tuned.statistics.find((one) => one.guidance === guidance)?.statistics ?? null,
    recipes: tuned.recipes.filter(({ calls }) => calls === steps).map(({ recipe }) => recipe),
  }
}

function wayOf({ path }: Subject, recipe: Recipe, statistics: ModelStatistics | null) {
  return {
    solver: unifiedSampling.make({ recipe }, {}),
    legs: legsOf(recipe.timesteps.map((t) => nodeAt(path, t))),
    statistics,
  }
}

function notesOf(
  recipe: Recipe,
  isUsual: boolean,
  { found, usual, foundHeldOut, usualHeldOut }: Scores,
  { steps, cases }: Params,
): string[] {
  if (isUsual) return [`For ${steps} calls no recipe was found that beats the known solvers on other noises: the best of them is kept.`]
  const onOthers =
    foundHeldOut === null || usualHeldOut === null ? '' : ` On other noises: ${digits(foundHeldOut)} against ${digits(usualHeldOut)}.`
  return [
    `A recipe of ${callsOf(recipe)} calls was found. Trajectory score, the distance from long runs of ${cases} noises: ${digits(found)}; the best of the known solvers comes to ${digits(usual)}.${onOthers}`,
  ]
}
