import { toFault } from '../../preload/contract/fault.ts'
import { EXIT_CODE } from './exit-code.ts'
import { saysStopped, stopped } from './stopped.ts'

// The program as a terminal starts it: `serve` opens the web door, everything else the shell's.

const args = process.argv.slice(2)

// Whoever reads our output may leave (`| head`); that is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })

/** A terminal and a starter may both pass on one Ctrl-C: signals this close together, in milliseconds, are one. */
const ECHO = 500
const interrupted = new AbortController()
let first = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (first === 0) first = performance.now()
    // Asked again, it stops at once.
    else if (performance.now() - first > ECHO) process.exit(EXIT_CODE.cancelled)
    interrupted.abort()
  })

try {
  if (args[0] === 'serve') await (await import('./web/index.ts')).serveStudio(args.slice(1), interrupted.signal)
  else await (await import('./cli/index.ts')).runShell(args, interrupted.signal)
} catch (thrown) {
  const failed = toFault(thrown)
  // What fails while everything is being stopped fails because of it.
  const told = interrupted.signal.aborted && !saysStopped(failed) ? stopped('Nothing was written.').fault : failed
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ fault: told })}\n`)
  else process.stderr.write(`${told.what} ${told.why} ${told.todo}\n`)
  process.exitCode = EXIT_CODE[told.kind]
}
