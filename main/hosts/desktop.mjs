// Is Electron's binary here, and if not, can it be had? Its package fetches it on first use.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, cacheFile, root, runScript } from './prepare.mjs'

/** Longest that fetching it may take, in milliseconds: about 120 MB over a slow line. */
const PATIENCE = 5 * 60_000
/** How long a failure is remembered, in milliseconds, so that the next start is quick. */
const MEMORY = 24 * 60 * 60_000

const folder = join(root, 'node_modules', 'electron')

/** Path of Electron's executable, or null where it is not installed. */
export function electronBinary() {
  const named = join(folder, 'path.txt')
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist')
  if (!existsSync(named)) return null
  const binary = join(dist, readFileSync(named, 'utf8'))
  return existsSync(binary) ? binary : null
}

/** Path of Electron's executable, fetched if need be; null where that fails. */
export function fetchElectron() {
  const present = electronBinary()
  if (present) return present
  const failed = cacheFile('electron-unavailable')
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < MEMORY) return null
  process.stderr.write('Fetching Electron (once).\n')
  runScript([bin('electron', 'install-electron')], { silent: true, timeout: PATIENCE })
  const fetched = electronBinary()
  if (fetched) rmSync(failed, { force: true })
  else writeFileSync(failed, '')
  return fetched
}
