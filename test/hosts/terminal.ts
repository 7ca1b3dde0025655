import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const PROGRAM = join(import.meta.dirname, '../../main/hosts/palimpsest.ts')

/** Runs the real program as a terminal would. `onError` sees its standard error as it comes. */
export function palimpsest(
  args: readonly string[],
  { env = {}, onError }: { env?: Record<string, string>; onError?: (text: string, child: ChildProcess) => void } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => {
    stderr += data
    onError?.(stderr, child)
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}

/** The program's standard output, as a stream that ends early would see it: left to the caller. */
export const program = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
