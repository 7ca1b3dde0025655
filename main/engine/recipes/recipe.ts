import type { Progress } from '../../../preload/contract/event.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Task, TaskOf, TaskResultOf } from '../contract.ts'
import type { Library } from '../models/library.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { TileCache } from '../tile-cache.ts'

/** What a recipe works with. */
export interface Kitchen {
  /** The blobs of the project file the task is about. */
  readonly blobs: Blobs
  /** Tiles read lately, shared by all tasks. */
  readonly cache: TileCache
  readonly sessions: Sessions
  /** The models of this machine that make pictures from words. */
  readonly library: Library
}

/** One verb of the engine: yields how far it is, returns what it made. Blobs are written before they are named. */
export type Recipe<T extends Task['type']> = (
  task: TaskOf<T>,
  kitchen: Kitchen,
  signal: AbortSignal,
) => AsyncGenerator<Progress, TaskResultOf<T>, void>

/** A recipe too short to tell how far it is. */
export function atOnce<T extends Task['type']>(
  work: (task: TaskOf<T>, kitchen: Kitchen, signal: AbortSignal) => Promise<TaskResultOf<T>>,
): Recipe<T> {
  return async function* (task, kitchen, signal) {
    yield* []
    return await work(task, kitchen, signal)
  }
}
