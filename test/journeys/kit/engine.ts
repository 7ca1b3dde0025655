import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Can processes be looked at here? */
export const canSeeProcesses = existsSync('/proc/self/stat')

/** The engine process of a host: its child that runs the engine's program. */
export function enginePid(host: number): number | null {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name in parentheses may hold blanks; the parent follows the state after it.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      if (parent === host && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine')) return Number(pid)
    } catch {
      // It ended while we looked.
    }
  return null
}
