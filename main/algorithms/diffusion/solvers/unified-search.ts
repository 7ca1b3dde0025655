import { type Dice, diceOf } from '../../../math/dice.ts'
import type { Tick } from '../../../math/integrate.ts'
import type { Noise } from '../../../math/random.ts'
import { callsOf, expectRecipe, multistepRecipe, type Recipe, type RecipeStep, unipcRecipe } from './unified-recipe.ts'

/** What recipes are sought for. */
export interface Hunt {
  /** Most network calls of a recipe. */
  readonly calls: number
  /** First and last time on the model's path. */
  readonly from: number
  readonly to: number
  /** Recipes to score in all. */
  readonly evaluations: number
  /** May steps use the model's statistics? */
  readonly measured: boolean
  /** Recipes known to be good, looked at after the known solvers: where the evaluations reach them the result is no worse. */
  readonly firsts?: readonly Recipe[]
}

export interface ScoredRecipe {
  readonly recipe: Recipe
  /** Lower is better. */
  readonly score: number
}

/** Where a hunt stands: all it needs to go on. */
export interface HuntState {
  /** Best first. */
  readonly scored: readonly ScoredRecipe[]
  readonly noise: Noise
}

const PARENTS = 15
const CROSSING = 0.3
/** Attempts at a child that stands up to the checks before a parent's time is moved instead. */
const ATTEMPTS = 50

/** The known solvers on even and on quadratic times: what every hunt begins with. */
export function knownRecipes({ calls, from, to }: Hunt): Recipe[] {
  const even = Array.from({ length: calls + 1 }, (_, i) => from + ((to - from) * i) / calls)
  const [high, low] = [Math.sqrt(from), Math.sqrt(to)]
  const dense = Array.from({ length: calls + 1 }, (_, i) => (high + ((low - high) * i) / calls) ** 2)
  return [even, dense].flatMap((times) => [
    multistepRecipe(times, 'data', 1, true),
    multistepRecipe(times, 'data', 2, true),
    multistepRecipe(times, 'noise', 2, true),
    unipcRecipe(times, 2),
    unipcRecipe(times, 3),
  ])
}

/** Draws by weight. */
function weighted<T>(dice: Dice, choices: readonly (readonly [T, number])[]): T {
  let left = dice.uniform() * choices.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [choice, weight] of choices) {
    left -= weight
    if (left < 0) return choice
  }
  return choices[choices.length - 1][0]
}

/** Lists for the derivatives of a step: all of the places that its order needs, the first derivative from so many. */
function pointsOf(order: number, first: number, corrector: boolean): number[][] {
  const all = Array.from({ length: order - 1 }, (_, i) => (corrector ? (i === 0 ? -1 : -i - 2) : -i - 2))
  return all.map((_, k) => (k === 0 ? all.slice(0, Math.min(first, all.length)) : all))
}

function mutateStep(step: RecipeStep, i: number, last: boolean, measured: boolean, dice: Dice): RecipeStep {
  let { pred, order, points, relax, corrector } = step
  if (dice.chance(0.2)) {
    pred = weighted(dice, [['noise', 0.3], ['data', 0.3], ...(measured ? [['v3', 0.4] as const] : [])])
  }
  if (dice.chance(0.3))
    order = Math.min(
      i + 1,
      weighted(dice, [
        [1, 0.2],
        [2, 0.4],
        [3, 0.3],
        [4, 0.1],
      ]),
    )
  const redrawn = dice.chance(0.2)
  if (order !== step.order || redrawn)
    points = pointsOf(
      order,
      redrawn
        ? weighted(dice, [
            [1, 0.5],
            [2, 0.5],
          ])
        : 2,
      false,
    )
  if (dice.chance(0.2) && dice.chance(0.2)) relax = { kind: 'linear', c: (relax.kind === 'linear' ? relax.c : 0) + 0.06 * dice.normal() }
  const mended = last ? false : dice.chance(0.2) ? dice.chance(0.5) : corrector !== undefined
  if (!mended) corrector = undefined
  else if (!corrector || corrector.order !== order + 1)
    corrector = { order: order + 1, points: pointsOf(order + 1, order, true), relax: { kind: order === 1 ? 'dpm2' : 'none', c: 0 } }
  return { pred, order, points, relax, ...(corrector ? { corrector } : {}) }
}

/** Order and points cut down to what the history holds at a step's new place. */
function fitted(step: RecipeStep, i: number): RecipeStep {
  if (step.order <= i + 1) return step
  const order = i + 1
  const { corrector, ...rest } = step
  const cut: RecipeStep = { ...rest, order, points: pointsOf(order, 2, false) }
  return corrector ? { ...cut, corrector: { order: order + 1, points: pointsOf(order + 1, order, true), relax: corrector.relax } } : cut
}

function mutate({ from, to, measured }: Hunt, recipe: Recipe, dice: Dice): Recipe {
  let times = [...recipe.timesteps]
  let steps = [...recipe.steps]
  if (dice.chance(0.2)) {
    const at = 1 + dice.below(steps.length)
    times = [...times.slice(0, at), (times[at - 1] + times[at]) / 2, ...times.slice(at)]
    steps = [...steps.slice(0, at), steps[at - 1], ...steps.slice(at)]
  }
  if (dice.chance(0.2) && steps.length > 1) {
    const at = dice.below(steps.length - 1)
    times = times.filter((_, i) => i !== at + 1)
    steps = steps.filter((_, i) => i !== at)
  }
  times = times.map((t, i) => {
    if (i === 0) return from
    if (i === times.length - 1) return to
    const moved = dice.chance(0.5) ? t + 0.08 * dice.normal() * (from - to) : t
    return moved > to && moved < from ? moved : t
  })
  times = [from, ...times.slice(1, -1).sort((a, b) => b - a), to]
  steps = steps.map((step, i) => mutateStep(fitted(step, i), i, i === steps.length - 1, measured, dice))
  const afs = dice.chance(0.3) ? (dice.chance(0.5) ? 'zero_x0' : 'none') : recipe.afs
  return { ...recipe, timesteps: times, steps, afs }
}

/** Field by field from one parent or the other, of equal length. */
function cross(a: Recipe, b: Recipe, dice: Dice): Recipe {
  if (a.steps.length !== b.steps.length) return a
  const either = <T>(x: T, y: T) => (dice.chance(0.5) ? x : y)
  const steps = dice.chance(0.8) ? a.steps.map((step, i) => either(step, b.steps[i])) : either(a.steps, b.steps)
  return { ...a, timesteps: either(a.timesteps, b.timesteps), afs: either(a.afs, b.afs), steps }
}

function valid(recipe: Recipe, { calls }: Hunt): boolean {
  if (callsOf(recipe) > calls || callsOf(recipe) < 1) return false
  try {
    expectRecipe(recipe)
    return true
  } catch {
    return false
  }
}

function child(hunt: Hunt, parents: readonly Recipe[], dice: Dice): Recipe {
  for (let i = 0; i < ATTEMPTS; i++) {
    const one = dice.pick(parents)
    const born = mutate(hunt, dice.chance(CROSSING) ? cross(one, dice.pick(parents), dice) : one, dice)
    if (valid(born, hunt)) return born
  }
  const { timesteps, ...rest } = dice.pick(parents)
  const at = 1 + dice.below(Math.max(1, timesteps.length - 2))
  return { ...rest, timesteps: timesteps.map((t, i) => (i === at && i < timesteps.length - 1 ? (t + timesteps[i + 1]) / 2 : t)) }
}

/**
 * Seeks a recipe for one model and a budget of calls: the known solvers first, then children of the best so far. Each recipe is
 * scored once; where there are evaluations for all known solvers the result is never worse than they. Yields after each score.
 * @param noise randomness, for a new hunt. @param from a hunt that was stopped.
 * @throws the signal's reason once it is aborted; RangeError where the budget is none.
 */
export async function* searchRecipe(
  hunt: Hunt,
  score: (recipe: Recipe, signal: AbortSignal) => Promise<number>,
  noise: Noise,
  signal: AbortSignal,
  from: HuntState = { scored: [], noise },
): AsyncGenerator<Tick<HuntState>, ScoredRecipe, void> {
  if (!(hunt.calls >= 1 && hunt.evaluations >= 1))
    throw new RangeError(`A hunt of ${hunt.evaluations} recipes with ${hunt.calls} calls finds nothing.`)
  const firsts = [...knownRecipes(hunt), ...(hunt.firsts ?? [])]
  let state = from
  const names = new Set(state.scored.map(({ recipe }) => JSON.stringify(recipe)))
  while (state.scored.length < hunt.evaluations) {
    signal.throwIfAborted()
    const dice = diceOf(state.noise)
    const waiting = firsts.find((recipe) => !names.has(JSON.stringify(recipe)))
    const parents = state.scored.slice(0, PARENTS).map(({ recipe }) => recipe)
    let recipe = waiting ?? child(hunt, parents, dice)
    while (names.has(JSON.stringify(recipe))) recipe = child(hunt, parents, dice)
    names.add(JSON.stringify(recipe))
    const found = await score(recipe, signal)
    // A recipe that runs away is no recipe.
    const scored = [...state.scored, { recipe, score: Number.isFinite(found) ? found : Number.MAX_VALUE }]
    state = { scored: scored.sort((a, b) => a.score - b.score), noise: dice.noise }
    yield { step: state.scored.length, steps: hunt.evaluations, state }
  }
  return state.scored[0]
}
