import type { Progress } from '../../../preload/contract/event.ts'
import { FaultError } from '../../../preload/contract/fault.ts'
import type { Task, TaskOf, TaskResultOf } from '../../engine/contract.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'

/** How long a cancelled task may take to answer before its engine is killed, in milliseconds. */
const PATIENCE = 900

/** Runs a task whose cancelling is obeyed within a second. */
export const steps = <T extends Task['type']>(
  engine: EngineSupervisor,
  store: string,
  task: TaskOf<T>,
  signal: AbortSignal,
): AsyncGenerator<Progress, TaskResultOf<T>, void> => insisted(engine, engine.run(store, task, signal), signal)

/** What the engine does, ended within a second of being cancelled: an engine that does not answer is killed. */
export async function* insisted<E, R>(
  engine: Pick<EngineSupervisor, 'kill'>,
  work: AsyncGenerator<E, R, void>,
  signal: AbortSignal,
): AsyncGenerator<E, R, void> {
  let timer: NodeJS.Timeout | undefined
  const insist = () => {
    timer = setInterval(() => engine.kill(), PATIENCE)
  }
  signal.addEventListener('abort', insist, { once: true })
  try {
    return yield* work
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', insist)
  }
}

/** Runs a short task to its end; once more where the engine died under it. */
export async function perform<T extends Task['type']>(
  engine: EngineSupervisor,
  store: string,
  task: TaskOf<T>,
  signal: AbortSignal,
): Promise<TaskResultOf<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await finish(steps(engine, store, task, signal))
    } catch (thrown) {
      const engineDied = thrown instanceof FaultError && thrown.fault.kind === 'engine'
      if (!engineDied || attempt === 2 || signal.aborted) throw thrown
    }
  }
}

async function finish<R>(work: AsyncGenerator<unknown, R, void>): Promise<R> {
  for (;;) {
    const next = await work.next()
    if (next.done) return next.value
  }
}
