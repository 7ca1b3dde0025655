import type { Client } from '../../preload/contract/call.ts'
import type { EngineState, MethodCard, ModelCard } from '../../preload/contract/catalog.ts'
import type { Progress } from '../../preload/contract/event.ts'
import { FaultError, fault } from '../../preload/contract/fault.ts'
import type { ModelProgress, ModelRequest, ModelResult } from '../../preload/contract/models.ts'
import { connect } from '../../preload/wire/connect.ts'
import type { Wire } from '../../preload/wire/message.ts'
import {
  type Engine,
  type EngineExit,
  type EngineProcess,
  engine,
  type StartEngine,
  type Task,
  type TaskOf,
  type TaskResultOf,
} from '../engine/contract.ts'

/** An engine that is always there: started when first needed, started again when it dies. */
export interface EngineSupervisor extends AsyncDisposable {
  readonly state: EngineState
  /** Calls `listener` on every change of `state`; returns how to stop that. */
  onState(listener: (state: EngineState) => void): () => void
  /** @throws FaultError `engine` when no engine can be started. */
  catalogue(): Promise<{ methods: MethodCard[]; models: ModelCard[] }>
  /**
   * Runs one task on the blobs of the project file at `store`.
   * @throws FaultError of the task's own, `cancelled`, or `engine` with the reason in words when the process died under it.
   */
  run<T extends Task['type']>(store: string, task: TaskOf<T>, signal: AbortSignal): AsyncGenerator<Progress, TaskResultOf<T>, void>
  /** Does something about the models of this machine. @throws FaultError as `run` does */
  models(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelProgress, ModelResult, void>
  /** Ends the engine at once, for work that does not answer. What was running fails; the next engine is started right away. */
  kill(): void
}

/** Pauses before the first, second, third… restart after deaths in quick succession, in milliseconds. */
const PAUSES = [0, 500, 2000] as const
/** A death this long after the one before counts as the first again, in milliseconds. */
const QUICK = 30_000
const SAFE_REASON = 'An accelerator crashed the engine: the processor is used until the studio is opened again.'

interface Running {
  readonly process: EngineProcess
  readonly client: Client<Engine>
  /** Set as soon as nothing more can come from it. */
  gone: boolean
}

/** Watches over the engine process that `start` starts. Nothing is started before the first call. */
export function superviseEngine(start: StartEngine): EngineSupervisor {
  const listeners = new Set<(state: EngineState) => void>()
  let state: EngineState = { status: 'stopped', provider: null, why: 'It starts when it is needed.', memory: { used: 0, budget: 0 } }
  let running: Running | null = null
  let restart: Promise<void> | null = null
  let hurry = () => {}
  let deaths: number[] = []
  let disposed = false
  let doomed: Running | null = null
  let safe = false

  const tell = (change: Partial<EngineState>) => {
    state = { ...state, ...change }
    for (const listener of [...listeners]) listener(state)
  }

  const launch = (): Running => {
    const process = start(safe ? { provider: 'cpu' } : {})
    const started: Running = {
      process,
      gone: false,
      client: connect(
        engine,
        watched(process, () => (started.gone = true)),
      ),
    }
    running = started
    void follow(started)
    void process.exited.then((exit) => died(started, exit))
    return started
  }

  /** Mirrors the health the engine tells of itself. */
  const follow = async (one: Running) => {
    try {
      for await (const health of one.client.state({})) if (running === one) tell(safe ? { ...health, why: SAFE_REASON } : health)
    } catch {
      // The engine is gone; `died` tells why.
    }
  }

  const died = (one: Running, exit: EngineExit) => {
    one.gone = true
    if (running !== one) return
    running = null
    if (disposed) return tell({ status: 'stopped', why: 'The studio is closing.' })
    safe ||= one !== doomed && isCrash(exit) && state.status === 'working' && state.provider !== 'cpu'
    const now = Date.now()
    if (one !== doomed) {
      if (now - (deaths.at(-1) ?? 0) > QUICK) deaths = []
      deaths.push(now)
    }
    const pause = PAUSES[Math.max(0, deaths.length - 1)]
    const memory = { ...state.memory, used: 0 }
    if (pause === undefined || exit.reason === 'unstartable')
      return tell({ status: 'stopped', memory, why: `${inWords(exit)} It is tried again with the next task.` })
    tell({ status: 'restarting', memory, why: inWords(exit) })
    restart = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause)
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    }).then(() => {
      restart = null
      if (!disposed && !running) launch()
    })
  }

  const ensure = async (): Promise<Running> => {
    if (disposed) throw fault('engine', 'The engine is not running.', 'The studio is closing.', 'Open the studio again.')
    await restart
    if (running && !running.gone) return running
    if (running) await running.process.exited
    await restart
    if (running && !running.gone) return running
    tell({ status: 'starting', why: 'It is starting.' })
    return launch()
  }

  const explained = async (one: Running, thrown: unknown): Promise<unknown> => {
    const lost = one.gone && thrown instanceof FaultError && thrown.fault.kind === 'engine'
    if (!lost) return thrown
    const exit = await one.process.exited
    return fault('engine', 'The engine stopped while it was working.', inWords(exit), 'Your picture is untouched; run it again.')
  }

  /** Something that takes its time on an engine that is there. */
  const watching = async function* <E, R>(work: (client: Client<Engine>) => AsyncGenerator<E, R, void>, signal: AbortSignal) {
    signal.throwIfAborted()
    const one = await ensure()
    try {
      return yield* work(one.client)
    } catch (thrown) {
      throw await explained(one, thrown)
    }
  }

  return {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async catalogue() {
      const one = await ensure()
      try {
        return await one.client.catalogue({})
      } catch (thrown) {
        throw await explained(one, thrown)
      }
    },
    run: <T extends Task['type']>(store: string, task: TaskOf<T>, signal: AbortSignal) =>
      watching((client) => client.run({ store, task }, signal) as AsyncGenerator<Progress, TaskResultOf<T>, void>, signal),
    models: (request, signal) => watching((client) => client.models(request, signal), signal),
    kill() {
      if (!running) return
      doomed = running
      // What comes next waits for the next engine, even before this one is seen to be dead.
      running.gone = true
      const { pid } = running.process
      try {
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself in the meantime.
      }
    },
    async [Symbol.asyncDispose]() {
      disposed = true
      hurry()
      await running?.process.stop()
    },
  }
}

/** A process's wire, closed at the latest when the process has ended; `onClosed` hears of it before the client does. */
function watched({ wire, exited }: EngineProcess, onClosed: () => void): Wire {
  return {
    send: wire.send.bind(wire),
    receive: wire.receive.bind(wire),
    close: wire.close.bind(wire),
    closed(listener) {
      let told = false
      const tell = () => {
        if (told) return
        told = true
        onClosed()
        listener()
      }
      wire.closed(tell)
      void exited.then(tell)
    },
  }
}

/** Did it fall over its own feet, rather than being ended from outside? */
const isCrash = (exit: EngineExit): boolean =>
  exit.reason === 'exited' ? exit.code !== 0 : exit.reason === 'killed' && exit.signal !== 'SIGKILL' && exit.signal !== 'SIGTERM'

/** Why an engine ended, as a sentence. */
function inWords(exit: EngineExit): string {
  if (exit.reason === 'unstartable') return `The engine could not be started: ${exit.message}.`
  if (exit.reason === 'exited') return `The engine ended by itself with code ${exit.code}.`
  if (exit.reason === 'asked') return 'The engine was asked to stop.'
  if (exit.signal === 'SIGKILL') return 'The engine was killed (SIGKILL): perhaps the system ran out of memory.'
  return `The engine crashed (${exit.signal}).`
}
