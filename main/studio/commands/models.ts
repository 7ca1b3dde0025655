import { FaultError } from '../../../preload/contract/fault.ts'
import type { ModelProgress, ModelRequest, ModelResult } from '../../../preload/contract/models.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import { insisted } from './tasks.ts'

/**
 * What the engine does about the models of this machine; once more where it died under it, since what takes long goes on where it
 * ended. A job does not die because this does not answer a cancel: it is insisted on when no job runs.
 * @throws FaultError
 */
export async function* askModels(
  engine: EngineSupervisor,
  request: ModelRequest,
  isBusy: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<ModelProgress, ModelResult, void> {
  const betweenJobs = { kill: () => void (isBusy() || engine.kill()) }
  for (let attempt = 1; ; attempt++) {
    try {
      return yield* insisted(betweenJobs, engine.models(request, signal), signal)
    } catch (thrown) {
      const engineDied = thrown instanceof FaultError && thrown.fault.kind === 'engine'
      if (!engineDied || attempt === 2 || signal.aborted) throw thrown
    }
  }
}
