import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import type { Client } from '../../../preload/contract/call.ts'
import type { CommandResult } from '../../../preload/contract/command.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { BlobId, ProjectId } from '../../../preload/contract/ids.ts'
import { studio as contract, type Studio } from '../../../preload/contract/studio.ts'
import { connect } from '../../../preload/wire/connect.ts'
import { pair } from '../../../preload/wire/pair.ts'
import { serve } from '../../../preload/wire/serve.ts'
import { startNodeStudio } from '../node-studio.ts'
import type { ProgressLine } from './progress-line.ts'

/** A studio of its own for one command, behind the same contract as the page's. Its unsaved projects vanish with it. */
export interface Session extends AsyncDisposable {
  readonly client: Client<Studio>
  /** Bytes of a blob of an open project. @throws FaultError `missing` */
  blob(project: ProjectId, id: BlobId): Uint8Array
  /** Runs one command to its end, telling how far it is. @throws FaultError */
  run(call: Parameters<Client<Studio>['run']>[0], progress: ProgressLine, signal: AbortSignal): Promise<CommandResult>
}

export async function openSession(): Promise<Session> {
  await using cleanup = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-'))
  cleanup.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const studio = cleanup.use(await startNodeStudio('cli', folder))
  const [here, there] = pair()
  serve(contract, studio.service, there)
  cleanup.defer(() => here.close())
  const client = connect(contract, here)
  const ends = cleanup.move()
  return {
    client,
    blob(project, id) {
      const stored = studio.blob(project, id)
      if (!stored) throw fault('missing', 'A part of the picture is not there.', `The project holds no blob ${id}.`, 'Run it again.')
      return zstdDecompressSync(stored.zstd)
    },
    async run(call, progress, signal) {
      using line = progress
      const jobs = client.run(call, signal)
      for (;;) {
        const next = await jobs.next()
        if (next.done) return next.value
        line.show(next.value)
      }
    },
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  }
}
