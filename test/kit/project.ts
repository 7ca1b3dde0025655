import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import type { StartEngine } from '../../main/engine/contract.ts'
import type { StudioHandle } from '../../main/studio/handle.ts'
import { createStudio } from '../../main/studio/studio.ts'
import {
  type BlobId,
  type Client,
  type CommandResult,
  type ProjectId,
  type ProjectState,
  type Studio,
  studio,
} from '../../preload/contract/index.ts'
import { connect, pair, serve } from '../../preload/wire/index.ts'
import { startTinyEngine } from './tiny-engine.ts'

/** A folder of its own that goes when it is disposed. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'palimpsest-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A real studio behind a real wire. */
export interface TestStudio extends AsyncDisposable {
  readonly handle: StudioHandle
  readonly client: Client<Studio>
  /** Closes the studio as a host would; a second time does nothing. */
  stop(): Promise<void>
  run(project: ProjectId, command: CommandInput, signal?: AbortSignal): Promise<CommandResult>
  /** The state of an open project, as a newcomer sees it. */
  state(project: ProjectId): Promise<ProjectState>
  /** The blobs of an open project, as a host serves them. */
  blobs(project: ProjectId): { get(id: BlobId): Uint8Array }
  size(width: number, height: number, background?: [number, number, number] | null): Promise<ProjectState>
}
export type CommandInput = Parameters<Client<Studio>['run']>[0]['command']

export async function testStudio(
  dataFolder: string,
  options: { readonly startEngine?: StartEngine; readonly host?: 'electron' | 'web' | 'cli'; readonly samplesFolder?: string } = {},
): Promise<TestStudio> {
  const handle = await createStudio({
    dataFolder,
    samplesFolder: options.samplesFolder ?? dataFolder,
    startEngine: options.startEngine ?? startTinyEngine,
    host: options.host ?? 'web',
    version: '0.0.0',
  })
  const [near, far] = pair()
  serve(studio, handle.service, far)
  const client = connect(studio, near)
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= Promise.resolve(handle[Symbol.asyncDispose]()).then(() => near.close()))
  return {
    handle,
    client,
    stop,
    run: (project, command, signal) => outcome(client.run({ project, command }, signal)),
    async state(project) {
      for await (const event of client.watch({ project })) if (event.type === 'project.opened') return event.state
      throw new Error('The project did not open.')
    },
    blobs: (project) => ({ get: (id) => zstdDecompressSync(handle.blob(project, id)!.zstd) }),
    size: (width, height, background = null) => client.open({ from: 'size', width, height, background }),
    [Symbol.asyncDispose]: stop,
  }
}

/** What a generator returns. */
export async function outcome<R>(work: AsyncGenerator<unknown, R, void>): Promise<R> {
  for (;;) {
    const next = await work.next()
    if (next.done) return next.value
  }
}
