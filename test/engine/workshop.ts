import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EngineProcessOptions, startEngineProcess } from '../../main/engine/child-process.ts'
import type { Task, TaskOf, TaskResultOf } from '../../main/engine/contract.ts'
import { type Blobs, openBlobs } from '../../main/store/blobs.ts'
import { createProject } from '../../main/store/project-file.ts'
import { type EngineSupervisor, superviseEngine } from '../../main/studio/engine-supervisor.ts'
import type { Progress } from '../../preload/contract/event.ts'
import { type Fault, FaultError } from '../../preload/contract/fault.ts'
import type { ProjectId } from '../../preload/contract/ids.ts'
import { boxModel, scaleModel } from '../kit/models.ts'

/** The models that the studio is made with. */
export const BUILT_IN = join(import.meta.dirname, '../../native-models')

/** A folder of its own with a project file, models, and a real engine process. */
export interface Workshop extends AsyncDisposable {
  readonly folder: string
  readonly store: string
  readonly models: string
  readonly blobs: Blobs
  readonly engine: EngineSupervisor
  /** Process ids of the engines started so far. */
  readonly pids: readonly number[]
  run<T extends Task['type']>(task: TaskOf<T>, options?: RunOptions): Promise<TaskResultOf<T>>
}
export interface RunOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

export function openWorkshop(options: Partial<EngineProcessOptions> = {}): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-engine-'))
  const store = join(folder, 'test.palimpsest')
  const models = options.models ?? join(folder, 'models')
  if (options.models === undefined) writeTinyModels(models)
  const project = createProject(store, { id: randomUUID() as ProjectId, title: 'Test' }, null)
  const blobs = openBlobs(store)
  const pids: number[] = []
  // What other programs of this machine keep is none of the tests' business.
  const nowhere = join(folder, 'nowhere')
  const alone = { PALIMPSEST_LIBRARY: join(folder, 'library'), HF_HUB_CACHE: nowhere, COMFYUI_PATH: nowhere }
  const engine = superviseEngine((safe) => {
    const process = startEngineProcess({ provider: 'cpu', ...options, ...safe, models, env: { ...alone, ...options.env } })
    if (process.pid !== undefined) pids.push(process.pid)
    return process
  })
  return {
    folder,
    store,
    models,
    blobs,
    engine,
    pids,
    async run(task, { signal = new AbortController().signal, onProgress } = {}) {
      const steps = engine.run(store, task, signal)
      for (;;) {
        const next = await steps.next()
        if (next.done) return next.value
        onProgress?.(next.value)
      }
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      blobs[Symbol.dispose]()
      project[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Two networks of one layer in place of the trained ones: a box mean, and a flow that shrinks what it gets. */
export function writeTinyModels(folder: string): void {
  const picture = (name: string) => ({ name, type: 'float32', shape: ['n', 3, 'h', 'w'] })
  const entry = (id: string, role: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, `${id}.onnx`), bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { id, role, title: id, file: `${id}.onnx`, sha256, bytes: bytes.length, licence: 'MIT', multiple: 8, overlap: 16 }
  }
  mkdirSync(folder, { recursive: true })
  const models = [
    { ...entry('tiny-mean', 'posterior-mean', boxModel()), inputs: [picture('y')], outputs: [picture('x')] },
    {
      ...entry('tiny-flow', 'rectified-flow', scaleModel(-0.1)),
      inputs: [picture('z'), { name: 't', type: 'float32', shape: ['n'] }],
      outputs: [picture('v')],
      sigmaSource: 0.05,
    },
  ]
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ models }))
}

/** The fault that something fails with. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work
  } catch (thrown) {
    if (thrown instanceof FaultError) return thrown.fault
    throw thrown
  }
  throw new Error('It did not fail.')
}
