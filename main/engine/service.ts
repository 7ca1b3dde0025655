import { writeFileSync } from 'node:fs'
import type { Service } from '../../preload/contract/call.ts'
import type { Progress } from '../../preload/contract/event.ts'
import { serve } from '../../preload/wire/serve.ts'
import { openBlobs } from '../store/blobs.ts'
import { methodCards } from './catalogue.ts'
import { type Engine, engine, type Task, type TaskResult } from './contract.ts'
import { Health } from './health.ts'
import { Library } from './models/library.ts'
import { Models } from './models/models.ts'
import { placesOf } from './models/places.ts'
import { parentWire } from './process-wire.ts'
import { exportPicture } from './recipes/export.ts'
import { fill } from './recipes/fill.ts'
import { imagine } from './recipes/imagine.ts'
import { paint } from './recipes/paint.ts'
import { paintMask } from './recipes/paint-mask.ts'
import { place } from './recipes/place.ts'
import type { Kitchen, Recipe } from './recipes/recipe.ts'
import { region } from './recipes/region.ts'
import { restore } from './recipes/restore.ts'
import { thumbnail } from './recipes/thumbnail.ts'
import { memoryBudget, Sessions } from './sessions/sessions.ts'
import { TileCache } from './tile-cache.ts'

const recipes: { readonly [T in Task['type']]: Recipe<T> } = {
  place,
  fill,
  paint,
  'paint-mask': paintMask,
  export: exportPicture,
  thumbnail,
  restore,
  imagine,
  region,
}

/** Answers the studio until it goes away. `entry` is the file that a session thread is started from. */
export function serveEngine(entry: URL): void {
  standFirstInLine()
  // A Ctrl-C in a terminal reaches the whole group: the studio decides what it means and tells the engine.
  process.on('SIGINT', () => undefined)
  process.on('disconnect', () => process.exit(0))
  const budget = memoryBudget(process.env.PALIMPSEST_MEMORY)
  const health = new Health({ status: 'ready', provider: null, why: 'No model was needed yet.', memory: { used: 0, budget } })
  const models = new Models(process.env.PALIMPSEST_MODELS ?? 'native-models')
  const sessions = new Sessions({
    entry,
    models,
    budget,
    tell: (change) => health.set(change),
  })
  serve(engine, engineService(health, models, new Library(placesOf(process.env), models), sessions), parentWire())
}

function engineService(health: Health, models: Models, library: Library, sessions: Sessions): Service<Engine> {
  const cache = new TileCache()
  return {
    catalogue: async (_, signal) => ({
      methods: methodCards(),
      models: [...(await models.cards()), ...(await library.cards(signal))],
    }),
    state: (_, signal) => health.follow(signal),
    async *run({ store, task }, signal) {
      using _working = task.type === 'restore' || task.type === 'imagine' ? health.working() : null
      using blobs = openBlobs(store)
      return yield* cook(task, { blobs, cache, sessions, library }, signal)
    },
    async *models(request, signal) {
      using _working = request.do === 'tune' ? health.working() : null
      return yield* library.serve(request, sessions, signal)
    },
  }
}

/** Runs the recipe that a task asks for. */
function cook(task: Task, kitchen: Kitchen, signal: AbortSignal): AsyncGenerator<Progress, TaskResult, void> {
  const recipe = recipes[task.type] as Recipe<Task['type']>
  return recipe(task, kitchen, signal)
}

/** Of the two processes the engine is the one that may die: it is first in line when the system runs out of memory. */
function standFirstInLine(): void {
  try {
    if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', '500')
  } catch {
    // Not allowed here; it works all the same.
  }
}
