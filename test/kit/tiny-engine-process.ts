import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type EngineExit, type EngineProcess, engine } from '../../main/engine/contract.ts'
import { parentWire } from '../../main/engine/process-wire.ts'
import { serve } from '../../preload/wire/index.ts'
import { tinyService } from './tiny-engine.ts'

const SELF = fileURLToPath(import.meta.url)

/** The tiny engine in a process of its own, which can be killed. */
export function forkTinyEngine(): EngineProcess {
  const child = fork(SELF, ['serve'], { execArgv: ['--disable-warning=ExperimentalWarning'], serialization: 'advanced' })
  let asked = false
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('exit', (code, signal) => {
      if (asked) resolve({ reason: 'asked' })
      else resolve(signal ? { reason: 'killed', signal } : { reason: 'exited', code: code ?? 0 })
    })
  })
  return {
    pid: child.pid,
    exited,
    wire: {
      send: (message) => void (child.connected && child.send(message, () => {})),
      receive: (listener) => void child.on('message', listener),
      closed: (listener) => void child.once('disconnect', listener),
      close: () => child.disconnect(),
    },
    async stop() {
      asked = true
      child.kill('SIGKILL')
      return await exited
    },
  }
}

if (process.argv[2] === 'serve' && process.argv[1] === SELF) {
  process.on('disconnect', () => process.exit(0))
  serve(
    engine,
    tinyService(() => process.kill(process.pid, 'SIGKILL')),
    parentWire(),
  )
}
